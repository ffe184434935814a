"""Boundaries on the beat, for hosts that change on one.

Conventions
-----------
Samples count from the start of the stream. A boundary moves to the nearest beat, or first beat of a
bar, that is known when it is decided; nothing is moved into the future, to or before the boundary
before it, or where no beat is near: without a pulse, boundaries stay where they are. The model's
evidence begins where the music really changed; only what is told moves.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oscbridge.detection import Snap
    from oscbridge.events import Beat

MEMORY_S = 60.0
"""How long beats are remembered."""
REACH_S = {"beat": 1.0, "bar": 2.5}
"""A beat or bar that is farther away is none: half the longest that music has."""


class Snapper:
    """Moves boundaries to beats.

    Parameters
    ----------
    snap : {"off", "beat", "bar"}
        What to move them to.
    sample_rate : int
        Of all sample indices, Hz.
    """

    def __init__(self, snap: Snap, sample_rate: int) -> None:
        self._snap = snap
        self._memory = round(MEMORY_S * sample_rate)
        self._reach = round(REACH_S.get(snap, 0.0) * sample_rate)
        self._places: deque[int] = deque()

    def hear(self, beat: Beat) -> None:
        """Remember a beat, if boundaries may move there."""
        if self._snap == "off" or (self._snap == "bar" and beat.bar < 0):
            return
        self._places.append(beat.stop)
        while self._places[0] < beat.stop - self._memory:
            self._places.popleft()

    def moved(self, stop: int, after: int, decided: int) -> int:
        """Where to tell the boundary at ``stop``: later than ``after``, by ``decided``."""
        near = [
            place
            for place in self._places
            if after < place <= decided and abs(place - stop) <= self._reach
        ]
        return min(near, key=lambda place: abs(place - stop), default=stop)

    def reset(self) -> None:
        """Start a new stream."""
        self._places.clear()
