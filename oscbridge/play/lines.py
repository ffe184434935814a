"""The game where there is no picture: a JSON object a line for machines, sentences for logs.

Conventions
-----------
Every line is written at once. A reader that goes away ends the game as a closed pipe ends any
program.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from oscbridge.play.records import (
    Change,
    Entered,
    HeardBoundary,
    HeardQuadrant,
    Requested,
    Summary,
    Turned,
)
from oscbridge.readable import minutes, printable

if TYPE_CHECKING:
    from oscbridge.play.game import Scene
    from oscbridge.play.records import Record


class JsonLines:
    """Every record as a JSON object."""

    def tell(self, record: Record) -> None:
        """Print the record."""
        _print(msgspec.json.encode(record).decode())

    def draw(self, scene: Scene) -> None:
        """Nothing: what matters is in the records."""

    def close(self) -> None:
        """Nothing is open."""


class Sentences:
    """What happens, in words."""

    def tell(self, record: Record) -> None:
        """Print the record, if people care."""
        words = _words(record)
        if words:
            _print(f"{minutes(record.at_s):>7}  {words}")

    def draw(self, scene: Scene) -> None:
        """Nothing: there is no picture."""

    def close(self) -> None:
        """Nothing is open."""


def summary_lines(summary: Summary) -> list[str]:
    """The end of a game in words, one line a change of place."""
    lines = [_change_words(change) for change in summary.changes]
    lines.append(
        f"music and player were in the same quadrant {summary.agreement:.0%} of the time; "
        f"{summary.boundaries} new sections were heard"
    )
    return lines


def _words(record: Record) -> str:
    match record:
        case Entered():
            return (
                f"you come to the {record.place}; asked for music of valence "
                f"{record.valence:+.1f}, arousal {record.arousal:+.1f}"
            )
        case Turned():
            return f"request {record.id}: the band turns on bar {record.bar:g}"
        case Requested():
            return f"request {record.id}: {record.state}"
        case HeardQuadrant():
            return f"the music is heard as {printable(record.label)}"
        case HeardBoundary():
            return f"a new section began {record.age_ms / 1e3:.1f} s ago"
        case _:
            return ""


def _change_words(change: Change) -> str:
    place = f"{change.place:<7}"
    if change.started_s is None:
        return f"{place} was left before its music began"
    began = f"{place} music began after {change.started_s - change.asked_s:.1f} s"
    if change.needed_s is None:
        return f"{began}, and was not heard as such"
    return f"{began}, was heard as such after {change.needed_s:.1f} s"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
