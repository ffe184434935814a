"""What the detector of boundaries made of the changes that a user speaks about.

Conventions
-----------
A detector knows of a change before it tells it, and how ready it would have to be to tell it
(``needed``, `models.personal_sections`). For each stream the changes of the last `KEPT_S` seconds
are kept, with the instant that they are dated to. Times are those of the stream, seconds.

People mark a section when they have heard that it is another one, so a mark speaks of a change in
the `BEFORE_S` seconds before; and since the detector may know of it later than people do, a mark is
weighed when `SETTLE_S` of music have followed. One thread of a stream notes, any may mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_S = 30.0
BEFORE_S, AFTER_S = 3.0, 0.5
SETTLE_S = 5.0


class Change(NamedTuple):
    """A change, dated; told where the detector was ready enough to tell it."""

    start_s: float
    needed: float
    told: bool = False


class Sections:
    """Changes of the streams of a run, and the marks that are not weighed yet."""

    def __init__(self) -> None:
        self._now_s: dict[str, float] = {}
        self._changes: dict[str, tuple[Change, ...]] = {}  # replaced, never changed: any may look
        self._marks: tuple[tuple[str, float], ...] = ()
        self._fresh: set[str] = set()

    def note(self, stream: str, now_s: float, changes: Iterable[Change]) -> bool:
        """Keep what the detector knows now; whether a mark can be weighed."""
        self._now_s[stream] = now_s
        kept = self._changes.get(stream, ())
        if kept and kept[0].start_s < now_s - KEPT_S:
            kept = tuple(one for one in kept if one.start_s >= now_s - KEPT_S)
        self._changes[stream] = (*kept, *changes)
        return any(name == stream and at_s + SETTLE_S <= now_s for name, at_s in self._marks)

    def mark(self, stream: str) -> None:
        """A new section begins now."""
        self._fresh.add(stream)
        if stream in self._now_s:
            self._marks = (*self._marks, (stream, self._now_s[stream]))

    def take_mark(self, stream: str) -> bool:
        """Whether a section of a stream was said to begin since the last call."""
        if stream not in self._fresh:
            return False
        self._fresh.discard(stream)
        return True

    def weigh(self, *, everything: bool = False) -> list[float]:
        """What was needed for the changes that marks spoke of, of those that can be weighed now.

        Where the detector knew of no change at all there is nothing that could be learned.
        """
        settled = [
            (stream, at_s)
            for stream, at_s in self._marks
            if everything or at_s + SETTLE_S <= self._now_s[stream]
        ]
        self._marks = tuple(mark for mark in self._marks if mark not in settled)
        found = (self._needed(stream, at_s) for stream, at_s in settled)
        return [needed for needed in found if needed is not None]

    def forget_marks(self) -> None:
        """Weigh nothing that was marked so far."""
        self._marks = ()

    def last_told(self, stream: str) -> float | None:
        """What was needed for the change that was told last; None where there is none."""
        told = [one for one in self._changes.get(stream, ()) if one.told]
        return told[-1].needed if told else None

    def _needed(self, stream: str, at_s: float) -> float | None:
        near = [
            one.needed
            for one in self._changes.get(stream, ())
            if at_s - BEFORE_S <= one.start_s <= at_s + AFTER_S
        ]
        return min(near, default=None)
