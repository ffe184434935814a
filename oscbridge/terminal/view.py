"""The quiet terminal view: where the music is in the V-A plane, and whether all is well.

Conventions
-----------
A view is opened, given a `Snapshot` at most ten times a second (`update`, see `oscbridge.app`), and
closed; it reads, and never stands in the way of, what runs. `open_view` chooses: `LiveView`
redraws one picture where standard output is a terminal that is large enough, `StreamsView` one
table of several streams, `PlainView` prints one line for each change elsewhere (and with
``--plain``), so that a log file reads well.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from oscbridge.standard_streams import can_be_drawn_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscbridge.labels import Labels
    from oscbridge.snapshot import Snapshot


class View(Protocol):
    """Shows snapshots somehow."""

    def update(self, now: Snapshot) -> None:
        """Show how things stand."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was; a second call does nothing."""
        ...


def open_view(titles: Mapping[str, str], labels: Labels, *, plain: bool = False) -> View:
    """Open the view that fits standard output.

    Parameters
    ----------
    titles : mapping of str to str
        What each stream listens to, by its name; the name of a single one is empty.
    labels : Labels
        Words of the quadrants.
    plain : bool
        Lines, even on a terminal.
    """
    several = len(titles) > 1
    first = next(iter(titles.values()))
    if not plain and can_be_drawn_on(sys.stdout):
        import shutil

        from oscbridge.terminal.live_view import LEAST_COLUMNS, LEAST_ROWS, LiveView

        size = shutil.get_terminal_size()
        if several:
            from oscbridge.terminal.streams_view import StreamsView

            return StreamsView(titles)
        if size.columns >= LEAST_COLUMNS and size.lines >= LEAST_ROWS:
            return LiveView(first, labels)
    from oscbridge.terminal.plain_view import PlainView, PlainViews

    return PlainViews(titles, sys.stdout) if several else PlainView(first, sys.stdout)
