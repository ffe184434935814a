"""The quiet terminal view: where the music is in the V-A plane, and whether all is well.

Conventions
-----------
A view is opened, given a `Snapshot` a few times a second (`update`, at most `REFRESH_HZ`), and
closed; it reads, and never stands in the way of, what runs. `open_view` chooses: `LiveView`
redraws one picture where standard output is a terminal that is large enough, `PlainView` prints
one line for each change elsewhere (and with ``--plain``), so that a log file reads well.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, TextIO

from oscbridge.readable import minutes, printable, signed

if TYPE_CHECKING:
    from oscbridge.labels import Labels
    from oscbridge.snapshot import Snapshot

REFRESH_HZ = 8
PLAIN_EVERY_S = 2.0
LEAST_COLUMNS, LEAST_ROWS = 84, 21
TROUBLE = {
    "overflows": "samples lost here",
    "device_overflows": "lost by the device",
    "reconnects": "reconnects",
    "nonfinite": "broken samples",
    "dropped_events": "events dropped",
    "send_errors": "packets refused",
}


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
    if not plain and sys.stdout.isatty():
        import shutil

        size = shutil.get_terminal_size()
        if size.columns >= LEAST_COLUMNS and size.lines >= LEAST_ROWS:
            from oscbridge.live_view import LiveView

            return LiveView(title, labels)
    return PlainView(title, sys.stdout)


class PlainView:
    """One line for every change of status or quadrant and every boundary, and one each 2 s.

    Parameters
    ----------
    title : str
        What is listened to.
    stream : TextIO
        Where to print.
    """

    def __init__(self, title: str, stream: TextIO) -> None:
        self._stream = stream
        self._title = title
        self._status = ""
        self._quadrant = 0
        self._last_boundary = 0
        self._next_line_s = 0.0
        self._say(0.0, f"source {printable(title)}")

    def update(self, now: Snapshot) -> None:
        """Print what is new."""
        words = status_words(now, self._title)
        if words != self._status:
            self._status = words
            self._say(now.elapsed_s, f"status {words}")
        for boundary in now.boundaries:
            if boundary.id > self._last_boundary:
                self._last_boundary = boundary.id
                self._say(
                    now.elapsed_s,
                    f"boundary {boundary.id} at {minutes(boundary.time_s)}"
                    f"  strength {boundary.strength:.2f}",
                )
        if now.quadrant != self._quadrant:
            self._quadrant = now.quadrant
            self._say(
                now.elapsed_s, f"quadrant {now.quadrant} {printable(now.label)}  {_numbers(now)}"
            )
            self._next_line_s = now.elapsed_s + PLAIN_EVERY_S
        elif now.known and now.elapsed_s >= self._next_line_s:
            self._next_line_s = now.elapsed_s + PLAIN_EVERY_S
            self._say(now.elapsed_s, f"{_numbers(now)}  sent {_sent(now)}{_trouble_words(now)}")

    def close(self) -> None:
        """Nothing to restore."""

    def _say(self, elapsed_s: float, words: str) -> None:
        self._stream.write(f"{minutes(elapsed_s):>8}  {words.rstrip()}\n")
        self._stream.flush()


def _numbers(now: Snapshot) -> str:
    return (
        f"valence {signed(now.valence)}  arousal {signed(now.arousal)}"
        f"  confidence {now.confidence:.2f}"
    )


def _sent(now: Snapshot) -> int:
    return sum(output.sent for output in now.outputs)


def status_words(now: Snapshot, title: str) -> str:
    """Status and its detail, unless the detail only repeats the title."""
    detail = now.status.detail if now.status.detail != title else ""
    return f"{now.status.state}  {printable(detail)}".rstrip()


def trouble(now: Snapshot) -> list[tuple[str, int]]:
    """Counters of trouble that are not zero, in words.

    Refused packets are left out while an output says itself what is wrong.
    """
    explained = {"send_errors"} if output_trouble(now) else set[str]()
    return [
        (words, now.stats[key])
        for key, words in TROUBLE.items()
        if now.stats.get(key) and key not in explained
    ]


def output_trouble(now: Snapshot) -> list[str]:
    """What is wrong with outputs, in their own words."""
    return [printable(output.detail) for output in now.outputs if output.detail]


def _trouble_words(now: Snapshot) -> str:
    details = "".join(f"  {detail}" for detail in output_trouble(now))
    return details + "".join(f"  {words} {count}" for words, count in trouble(now))
