"""What is rest for a person: the level against which heart rate and skin are read.

Conventions
-----------
A `Rest` takes readings of one number (beats a minute, microsiemens) with the time at which they
came, seconds of the caller's clock, and knows `level` as soon as it can. It is found in one of four
ways, of which the newest one holds:

==============  ================================================  =========  ==============
how             what is taken                                     certainty  what it stands for
==============  ================================================  =========  ==============
given           a number from the settings                        1          rest
start … stop    the mean of all between, of the window or longer  up to 1    rest
neutral         the mean of the last `RECENT_S`                   0.7        neutral
by itself       the lowest mean of any whole window so far        0.6        rest
==============  ================================================  =========  ==============

Rest is calm, neutral is what it says: `arousal_at_level` tells them apart. The lowest window is an
upper bound of rest, since nobody is known to have rested; it falls during a session and never
rises. It is looked for only as long as nobody has calibrated.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oscbridge.sensors.base import Step

RECENT_S = 15.0
AT_REST = -0.25
"""Best guess of the arousal of somebody whose heart is at rest. Our choice: half a standard
deviation of what players feel below neutral, since a calm heart is not always a calm mind."""
NEUTRAL_CERTAINTY = 0.7
FOUND_CERTAINTY = 0.6
BINS = 36
"""Parts of a window, each of which is averaged for itself: who reads often weighs no more."""
HEARD = 0.8
"""Share of its parts in which something must have been heard."""
SHORTEST = 1 / 6
"""Share of a window below which a calibration is none: 30 s of 3 minutes."""


class Rest:
    """Finds the level of one number at rest.

    Parameters
    ----------
    window_s : float
        How long one must have rested, seconds.
    given : float, optional
        The level, where it is known beforehand.
    """

    def __init__(self, window_s: float, given: float | None = None) -> None:
        self._window_s = window_s
        self._given = given
        self._bins: deque[tuple[int, float, int]] = deque()  # number, sum, count
        self._recent: deque[tuple[float, float]] = deque(maxlen=1024)
        self._measuring: list[float] | None = None  # sum, count, first and last moment
        self._reset_level()

    def _reset_level(self) -> None:
        self.level: float | None = self._given
        self.certainty = 1.0 if self._given is not None else 0.0
        self.arousal_at_level = AT_REST
        self._found = self._given is None  # whether it may be found by itself

    def push(self, value: float, now_s: float) -> None:
        """Take a reading."""
        self._recent.append((now_s, value))
        if self._measuring is not None:
            self._measuring[0] += value
            self._measuring[1] += 1
            self._measuring[3] = now_s
        if self._found:
            self._look(value, now_s)

    def calibrate(self, step: Step, now_s: float) -> bool:
        """Take a step of a calibration; whether anything came of it."""
        if step == "reset":
            self._bins.clear()
            self._measuring = None
            self._reset_level()
            return True
        if step == "start":
            self._measuring = [0.0, 0.0, now_s, now_s]
            return True
        if step == "stop":
            return self._finish()
        found = [value for at_s, value in self._recent if now_s - at_s <= RECENT_S]
        if found:
            self._set(sum(found) / len(found), NEUTRAL_CERTAINTY, 0.0)
        return bool(found)

    def missing_s(self) -> float:
        """How much longer must be listened before the level is known by itself, at least."""
        return self._window_s * (1.0 - len(self._bins) / BINS) if self.level is None else 0.0

    def _finish(self) -> bool:
        measured, self._measuring = self._measuring, None
        if measured is None or not measured[1]:
            return False
        share = (measured[3] - measured[2]) / self._window_s
        if share < SHORTEST:
            return False
        self._set(measured[0] / measured[1], min(share, 1.0), AT_REST)
        return True

    def _set(self, level: float, certainty: float, arousal: float) -> None:
        self.level, self.certainty, self.arousal_at_level = level, certainty, arousal
        self._found = False

    def _look(self, value: float, now_s: float) -> None:
        """See whether the window that ends now is the lowest so far."""
        number = int(now_s / self._window_s * BINS)
        if self._bins and self._bins[-1][0] == number:
            _, total, count = self._bins.pop()
            self._bins.append((number, total + value, count + 1))
            return
        if len(self._bins) >= HEARD * BINS and self._spans(number):
            mean = sum(total / count for _, total, count in self._bins) / len(self._bins)
            if self.level is None or mean < self.level:
                self.level, self.certainty = mean, FOUND_CERTAINTY
        self._bins.append((number, value, 1))
        while self._bins[0][0] <= number - BINS:
            self._bins.popleft()

    def _spans(self, number: int) -> bool:
        """Whether what was heard before part ``number`` reaches back over a whole window."""
        return number - self._bins[0][0] >= BINS
