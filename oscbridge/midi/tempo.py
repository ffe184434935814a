"""The tempo behind the ticks of a MIDI clock, which come late by whatever delayed them.

Problem
-------
A clock ticks 24 times a beat, every 20.8 ms at 120 BPM, and programs, drivers and cables make
single ticks late by milliseconds: the distance of two ticks tells the tempo within tens of percent.

Method
------
A straight line through the instants of the last `LONG` ticks, whose slope is the time a tick takes:
with a jitter of σ on each of n ticks its error is σ √(12/n³), for 96 ticks and 2 ms it is 0.04 %.
Ticks far from the line (three times the median distance) are left out of a second one, so that a
single stall does not bend it. Where one beat alone says something else by more than `CHANGED`,
nothing is said; where the next one does so too, the tempo has changed and what was before is
forgotten, as it is after a pause.

Notes
-----
The error of a least-squares slope: any textbook of regression, with the variance of n equally
spaced abscissae, (n² - 1) / 12.
"""

from __future__ import annotations

import statistics
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TICKS_A_BEAT = 24
LONG = 96
"""Ticks that are looked at: four beats."""
CHANGED = 0.04
"""Share by which two beats have to differ to be believed."""
PAUSE_S = 0.5
"""Between two ticks, that is no clock: 24 ticks at this distance are 5 beats a minute."""
_FAR = 3.0


class TickTempo:
    """Estimates the tempo from the instants of ticks."""

    def __init__(self) -> None:
        self._ticks_s: deque[float] = deque(maxlen=LONG)
        self._since = 0  # ticks since the last estimate
        self._doubted = False

    def reset(self) -> None:
        """Forget all ticks."""
        self._ticks_s.clear()
        self._since = 0
        self._doubted = False

    def update(self, at_s: float) -> float | None:
        """Take a tick; the tempo in BPM once a beat, else None.

        Parameters
        ----------
        at_s : float
            When it came, seconds.
        """
        if self._ticks_s and not 0.0 <= at_s - self._ticks_s[-1] <= PAUSE_S:
            self.reset()
        self._ticks_s.append(at_s)
        self._since += 1
        if self._since <= TICKS_A_BEAT:
            return None
        self._since = 1  # the tick that ends this beat begins the next
        ticks_s = list(self._ticks_s)
        tick_s, last_s = _slope(ticks_s), _slope(ticks_s[-TICKS_A_BEAT - 1 :])
        doubted, self._doubted = self._doubted, abs(last_s - tick_s) > CHANGED * tick_s
        if self._doubted:
            if not doubted:
                return None
            self._doubted = False
            self._ticks_s = deque(ticks_s[-TICKS_A_BEAT - 1 :], maxlen=LONG)
            tick_s = last_s
        return 60.0 / (TICKS_A_BEAT * tick_s) if tick_s > 0.0 else None


def _slope(ticks_s: Sequence[float]) -> float:
    """Seconds a tick: the slope of a line through all of them, then through those near it."""
    numbers = range(len(ticks_s))
    line = statistics.linear_regression(numbers, ticks_s)
    away_s = [abs(at_s - line.slope * n - line.intercept) for n, at_s in enumerate(ticks_s)]
    limit_s = _FAR * statistics.median(away_s)
    near = [n for n, distance_s in enumerate(away_s) if distance_s <= limit_s]
    if len(near) < len(ticks_s) / 2:
        return line.slope
    return statistics.linear_regression(near, [ticks_s[n] for n in near]).slope
