"""Heart rate variability: the root mean square of successive differences (RMSSD), as a stream.

Conventions
-----------
Times between beats (RR) come in seconds, RMSSD is said in milliseconds. An interval is an artefact
when it is outside `SHORTEST_S` to `LONGEST_S`, or further than a share `JUMP` from the median of
the last `NEIGHBOURS` good ones: a beat that was missed or counted twice. Differences are taken
between neighbours of which both are good. Nothing is said before `WINDOW_S` of good intervals have
come, nor while more than a share `MOST_ARTEFACTS` of the window's are artefacts.

References
----------
Task Force of the European Society of Cardiology, "Heart rate variability: standards of measurement,
physiological interpretation, and clinical use", Circulation 93(5), 1996, for RMSSD and the
cleaning; the shortest window that RMSSD is taken from here is 60 s.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

SHORTEST_S = 0.25
LONGEST_S = 2.0
JUMP = 0.2
NEIGHBOURS = 5
WINDOW_S = 60.0
MOST_ARTEFACTS = 0.2
MOST = 1024
"""Intervals that are remembered, artefacts among them."""


class Variability:
    """Takes the intervals of one heart."""

    def __init__(self) -> None:
        self._intervals: deque[tuple[float, bool]] = deque()  # seconds, and whether it is good
        self._good: deque[float] = deque(maxlen=NEIGHBOURS)
        self._total_s = 0.0
        self._strange = 0  # artefacts in a row

    def push(self, interval_s: float) -> None:
        """Take the time between two beats."""
        good = self._is_good(interval_s)
        if good:
            self._good.append(interval_s)
        self._intervals.append((interval_s, good))
        self._total_s += interval_s if good else 0.0
        while self._total_s - self._head_s() >= WINDOW_S or len(self._intervals) > MOST:
            self._total_s -= self._head_s()
            self._intervals.popleft()

    @property
    def rmssd_ms(self) -> float | None:
        """RMSSD of the window, milliseconds; None while that would say nothing."""
        if self._total_s < WINDOW_S:
            return None
        artefacts = sum(not good for _, good in self._intervals)
        if artefacts > MOST_ARTEFACTS * len(self._intervals):
            return None
        squares = [
            (after - before) ** 2
            for (before, first), (after, second) in zip(
                self._intervals, list(self._intervals)[1:], strict=False
            )
            if first and second
        ]
        return 1000.0 * math.sqrt(sum(squares) / len(squares)) if squares else None

    def reset(self) -> None:
        """Forget all beats: after a gap the next one is nobody's neighbour."""
        self._intervals.clear()
        self._good.clear()
        self._total_s = 0.0
        self._strange = 0

    def _head_s(self) -> float:
        """How much of the window ends when its oldest interval goes."""
        interval_s, good = self._intervals[0]
        return interval_s if good else 0.0

    def _is_good(self, interval_s: float) -> bool:
        if not SHORTEST_S <= interval_s <= LONGEST_S:
            return False
        if len(self._good) < NEIGHBOURS:
            return True
        middle = median(self._good)
        if abs(interval_s - middle) <= JUMP * middle:
            self._strange = 0
            return True
        self._strange += 1
        if self._strange > NEIGHBOURS:  # it is the past that was wrong
            self._good.clear()
            self._strange = 0
        return False
