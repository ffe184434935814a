"""The host's own clock: tempo, beats and bars that it tells, which it knows better than any ear.

Conventions
-----------
As long as the host tells its tempo (`LEADS_S` after its last word, and unless it says that it does
not play), that is told instead of the one that is heard; and so it is with its beats and bars. Many
tell a tempo only: then beats are heard as ever. A position between two beats is within the first.
Times are seconds that the caller reads off a clock.
"""

from __future__ import annotations

import math

from oscbridge.protocol import INT_MAX, SIGNALS, Message

LEADS_S = 5.0
CERTAIN = 1.0


class HostClock:
    """Follows the host.

    Attributes
    ----------
    bpm : float
        The host's tempo, 0 where it has told none.
    """

    def __init__(self) -> None:
        self.bpm = 0.0
        self._told_s = -math.inf
        self._placed_s = -math.inf
        self._beat = -1
        self._bar = -1

    def leads(self, now_s: float) -> bool:
        """Whether the host's clock counts."""
        if now_s >= self._told_s + LEADS_S:
            self._told_s = -math.inf
        return self._told_s > -math.inf

    def beats(self, now_s: float) -> bool:
        """Whether the host tells beats or bars, so that those that are heard are not told."""
        return self.leads(now_s) and now_s < self._placed_s + LEADS_S

    @property
    def due_s(self) -> float:
        """When it ceases to count, if the host says no more."""
        return self._told_s + LEADS_S if self._told_s > -math.inf else math.inf

    def tempo(self, bpm: float, now_s: float) -> None:
        """Take the tempo."""
        self.bpm = bpm
        self._told_s = now_s

    def beat(self, beat: float, now_s: float) -> list[Message]:
        """Take a position in beats; what to say of it."""
        self._told_s = self._placed_s = now_s
        index = min(math.floor(beat), INT_MAX)
        if index == self._beat:
            return []
        self._beat = index
        return [SIGNALS["beat"].message(index, CERTAIN)]

    def bar(self, bar: int, now_s: float) -> list[Message]:
        """Take a bar; what to say of it."""
        self._told_s = self._placed_s = now_s
        if bar == self._bar:
            return []
        self._bar = bar
        return [SIGNALS["bar"].message(bar, CERTAIN)]

    def playing(self, playing: bool, now_s: float) -> None:
        """Take whether the host plays."""
        self._told_s = now_s if playing else -math.inf
        self._beat = self._bar = -1
