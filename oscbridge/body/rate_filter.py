"""Which readings of a heart rate are a heart's, and which are an artefact.

Conventions
-----------
Beats a minute; times are seconds that the caller reads off a clock. A reading is refused when it is
outside `LOWEST_BPM` to `HIGHEST_BPM`, or when it is further from the median of the last `MEMORY_S`
than a share `JUMP` of that: hearts speed up by a few beats in a second, while a strap that slips or
a camera that counts the wrong thing doubles or halves the rate at once. Readings that disagree with
the past but agree with one another for `PERSISTS_S` are right, and the past was wrong.

``quality`` is the share of readings that were taken in the last `MEMORY_S`.
"""

from __future__ import annotations

from collections import deque
from statistics import median

LOWEST_BPM = 30.0
HIGHEST_BPM = 240.0
MEMORY_S = 15.0
JUMP = 0.25
PERSISTS_S = 5.0
ENOUGH = 3
"""With fewer readings than these nothing is known that a new one could contradict."""
MOST = 256
"""Readings that are remembered."""


class RateFilter:
    """Takes readings one after the other."""

    def __init__(self) -> None:
        self._taken: deque[tuple[float, float]] = deque(maxlen=MOST)
        self._refused: deque[tuple[float, float]] = deque(maxlen=MOST)
        self._agreed: deque[tuple[float, float]] = deque(maxlen=MOST)  # refused, with one another

    def take(self, bpm: float, now_s: float) -> bool:
        """Whether a reading is a heart's."""
        if not LOWEST_BPM <= bpm <= HIGHEST_BPM:
            return False
        self._forget(now_s)
        if len(self._taken) < ENOUGH or _near(bpm, median(taken for _, taken in self._taken)):
            self._taken.append((now_s, bpm))
            self._agreed.clear()
            return True
        self._refused.append((now_s, bpm))
        if self._agreed and not _near(bpm, self._agreed[-1][1]):
            self._agreed.clear()
        self._agreed.append((now_s, bpm))
        if len(self._agreed) < ENOUGH or now_s - self._agreed[0][0] < PERSISTS_S:
            return False
        self._taken, self._agreed = self._agreed, self._taken
        self._agreed.clear()
        self._refused.clear()
        return True

    def quality(self, now_s: float) -> float:
        """Share of readings that were taken lately; 0 where there was none."""
        self._forget(now_s)
        taken, refused = len(self._taken), len(self._refused)
        return taken / (taken + refused) if taken else 0.0

    def mean(self, last_s: float, now_s: float) -> float | None:
        """Mean of what was taken in the last so many seconds, up to `MEMORY_S`; None of nothing."""
        self._forget(now_s)
        found = [bpm for at_s, bpm in self._taken if now_s - at_s <= last_s]
        return sum(found) / len(found) if found else None

    def _forget(self, now_s: float) -> None:
        for readings in (self._taken, self._refused, self._agreed):
            while readings and now_s - readings[0][0] > MEMORY_S:
                readings.popleft()


def _near(bpm: float, other: float) -> bool:
    """Whether a heart can have gone from one of the rates to the other."""
    return abs(bpm - other) <= JUMP * other
