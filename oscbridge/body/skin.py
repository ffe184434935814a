"""Conductance of the skin (electrodermal activity): sweat follows the sympathetic nerve alone.

Conventions
-----------
Microsiemens; times are seconds of the clock that is given. The level is the mean over `SMOOTH_S`,
and arousal its logarithm against that at rest (`oscbridge.body.rest`, `oscbridge.body.arousal`).
A dry electrode conducts nothing: readings below `DRY` are none.

References
----------
W. Boucsein, "Electrodermal Activity", 2nd edition, Springer, 2012, for logarithms of levels.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from oscbridge.body.arousal import FULL_LOG, arousal_of
from oscbridge.body.rest import Rest
from oscbridge.orders import Felt

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Step

SOURCE = "heart_rate:skin"
DRY = 0.05
REST_S = 60.0
SMOOTH_S = 2.0
SHORTEST_S = 0.2
GAP_S = 5.0


class Skin:
    """A player's skin.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rest = Rest(REST_S)
        self._recent: deque[tuple[float, float]] = deque(maxlen=1024)
        self._heard_s = -math.inf
        self._said_s = -math.inf

    def take(self, conductance: float) -> list[Command]:
        """Take a reading; say what follows from it."""
        if conductance < DRY:
            return []
        now_s = self._heard_s = self._clock()
        self._recent.append((now_s, conductance))
        while now_s - self._recent[0][0] > SMOOTH_S:
            self._recent.popleft()
        self._rest.push(conductance, now_s)
        level = self._rest.level
        if level is None or now_s - self._said_s < SHORTEST_S:
            return []
        self._said_s = now_s
        mean = sum(value for _, value in self._recent) / len(self._recent)
        arousal = arousal_of(math.log(mean / level), self._rest.arousal_at_level, FULL_LOG)
        return [Felt(SOURCE, None, arousal, self._rest.certainty)]

    def calibrate(self, step: Step) -> bool:
        """Take a step of a calibration; whether there is a skin that could be calibrated."""
        if self._clock() - self._heard_s > GAP_S and step != "reset":
            return False
        return self._rest.calibrate(step, self._clock())
