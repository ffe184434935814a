"""The quiet terminal view: where the music is in the V-A plane, and whether all is well.

Conventions
-----------
A view is opened, given a `Snapshot` at most ten times a second (`update`, see `oscbridge.app`), and
closed; it reads, and never stands in the way of, what runs. `open_view` chooses: `LiveView`
redraws one picture where standard output is a terminal that is large enough, `PlainView` prints
one line for each change elsewhere (and with ``--plain``), so that a log file reads well.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from oscbridge.labels import Labels
    from oscbridge.snapshot import Snapshot


STILL_TERMINALS = ("dumb", "unknown")
"""What ``TERM`` says where the cursor cannot be moved."""


class View(Protocol):
    """Shows snapshots somehow."""

    def update(self, now: Snapshot) -> None:
        """Show how things stand."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was; a second call does nothing."""
        ...


def open_view(title: str, labels: Labels, *, plain: bool = False) -> View:
    """Open the view that fits standard output.

    Parameters
    ----------
    title : str
        What is listened to.
    labels : Labels
        Words of the quadrants.
    plain : bool
        Lines, even on a terminal.
    """
    if not plain and sys.stdout.isatty() and os.environ.get("TERM") not in STILL_TERMINALS:
        import shutil

        from oscbridge.terminal.live_view import LEAST_COLUMNS, LEAST_ROWS, LiveView

        size = shutil.get_terminal_size()
        if size.columns >= LEAST_COLUMNS and size.lines >= LEAST_ROWS:
            return LiveView(title, labels)
    from oscbridge.terminal.plain_view import PlainView

    return PlainView(title, sys.stdout)
