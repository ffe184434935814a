"""How far ``oscbridge analyze`` is: a bar on standard error, and only where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.readable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

REFRESH_HZ = 8


@contextmanager
def progress_bar(path: str, *, shown: bool) -> Generator[Callable[[float, float], None]]:
    """Show a bar while a file is analysed; gone when the file is done.

    Parameters
    ----------
    path : str
        The file, shown by its name.
    shown : bool
        False: no bar. There is none either where standard error is no terminal.

    Yields
    ------
    callable
        To be called with the seconds done and the seconds that there are.
    """
    if not shown or not sys.stderr.isatty():
        yield lambda _done_s, _total_s: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=REFRESH_HZ,
        redirect_stdout=False,  # results go where the user sent them, not into the bar's terminal
    ) as bar:
        task = bar.add_task(printable(Path(path).name), total=None)
        yield lambda done_s, total_s: bar.update(task, completed=done_s, total=total_s)
