"""How far an index is: a bar with the time left on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from oscbridge.standard_streams import can_be_drawn_on

if TYPE_CHECKING:
    from types import TracebackType

REFRESH_HZ = 4


class Bar:
    """A bar for one round after the other; a context manager that takes it away."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._what = ""

    def __enter__(self) -> Self:
        if can_be_drawn_on(sys.stderr):
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}", markup=False),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TimeElapsedColumn(),
                progress.TextColumn("left"),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
                refresh_per_second=REFRESH_HZ,
                redirect_stdout=False,
            )
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, what: str, done: int, total: int | None) -> None:
        """Show how many files are done in a round; of how many, where that is known."""
        if self._bar is None:
            return
        if what != self._what:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task, self._what = self._bar.add_task(what, total=total), what
        self._bar.update(self._task, completed=done, total=total)
