"""How far listening to a collection is: a bar with the time that is left, on standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Self

from oscbridge.readable import printable
from oscbridge.standard_streams import can_be_drawn_on

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

REFRESH_HZ = 8
PERIOD_S = 120.0
"""Over how long the speed is measured."""
_NAME = 40


class IndexingView:
    """Shows a bar where standard error is a terminal, else nothing; a context manager."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._files = self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, files: int, size: int) -> None:
        """So many files of so many bytes are to be looked at."""
        if not files or not can_be_drawn_on(sys.stderr):
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._files = files
        self._bar = Progress(
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[count]}"),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
            refresh_per_second=REFRESH_HZ,
            speed_estimate_period=PERIOD_S,
            redirect_stdout=False,
        )
        self._task = self._bar.add_task("", total=max(size, 1), count=self._count())
        self._bar.start()

    def advance(self, path: str, size: float, *, done: bool) -> None:
        """So many bytes of a file more are done, perhaps all of it."""
        self._done += done
        if self._bar is not None and self._task is not None:
            name = printable(os.path.basename(path))[:_NAME]
            self._bar.update(self._task, advance=size, description=name, count=self._count())

    def _count(self) -> str:
        return f"{self._done:,}/{self._files:,}"
