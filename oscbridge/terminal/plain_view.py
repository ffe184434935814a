"""The view for logs and pipes: one line a change, nothing that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from oscbridge.fusion import NOBODY
from oscbridge.readable import minutes, printable, signed
from oscbridge.terminal.trouble import output_trouble, sensor_trouble, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscbridge.snapshot import Snapshot

EVERY_S = 2.0


class PlainView:
    """One line for every change of status or quadrant and every boundary, and one each 2 s.

    Parameters
    ----------
    title : str
        What is listened to.
    stream : TextIO
        Where to print.
    name : str
        Stands in front of each line, where there are several streams.
    """

    def __init__(self, title: str, stream: TextIO, name: str = "") -> None:
        self._stream = stream
        self._name = f"{name}  " if name else ""
        self._title = title
        self._status = ""
        self._quadrant = 0
        self._last_boundary = 0
        self._player = NOBODY
        self._next_line_s = 0.0
        self._say(0.0, f"source {printable(title)}")

    def update(self, now: Snapshot) -> None:
        """Print what is new."""
        words = status_words(now, self._title)
        if words != self._status:
            self._status = words
            self._say(now.elapsed_s, f"status {words}")
        if now.player.source != self._player:
            self._player = now.player.source
            self._say(now.elapsed_s, f"player {_player_words(now)}")
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
            self._next_line_s = now.elapsed_s + EVERY_S
        elif now.known and now.elapsed_s >= self._next_line_s:
            self._next_line_s = now.elapsed_s + EVERY_S
            felt = f"  player {_player_words(now)}" if self._player != NOBODY else ""
            self._say(
                now.elapsed_s, f"{_numbers(now)}{felt}  sent {_sent(now)}{_trouble_words(now)}"
            )

    def close(self) -> None:
        """Nothing to restore."""

    def _say(self, elapsed_s: float, words: str) -> None:
        self._stream.write(f"{minutes(elapsed_s):>8}  {self._name}{words.rstrip()}\n")
        self._stream.flush()


class PlainViews:
    """A `PlainView` for each of several streams.

    Parameters
    ----------
    titles : mapping of str to str
        What each stream listens to, by its name.
    stream : TextIO
        Where to print.
    """

    def __init__(self, titles: Mapping[str, str], stream: TextIO) -> None:
        self._views = {name: PlainView(title, stream, name) for name, title in titles.items()}

    def update(self, now: Snapshot) -> None:
        """Print what is new of a stream."""
        self._views[now.stream].update(now)

    def close(self) -> None:
        """Nothing to restore."""


def _numbers(now: Snapshot) -> str:
    tempo = f"  tempo {now.tempo_bpm:.0f}" if now.tempo_bpm else ""
    return (
        f"valence {signed(now.valence)}  arousal {signed(now.arousal)}"
        f"  confidence {now.confidence:.2f}{tempo}"
    )


def _player_words(now: Snapshot) -> str:
    felt = now.player
    if felt.source == NOBODY:
        return "nobody tells"
    return f"{signed(felt.valence)} {signed(felt.arousal)} ({printable(felt.source)})"


def _sent(now: Snapshot) -> int:
    return sum(output.sent for output in now.outputs)


def status_words(now: Snapshot, title: str) -> str:
    """Status and its detail, unless the detail only repeats the title."""
    detail = now.status.detail if now.status.detail != title else ""
    return f"{now.status.state}  {printable(detail)}".rstrip()


def _trouble_words(now: Snapshot) -> str:
    details = "".join(f"  {detail}" for detail in (*output_trouble(now), *sensor_trouble(now)))
    return details + "".join(f"  {words} {count}" for words, count in trouble(now))
