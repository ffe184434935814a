"""One heart: readings in, what they say of the player out.

Conventions
-----------
Rates are beats a minute, RMSSD milliseconds, times seconds of the clock that is given. A `Heart` is
told by one thread at a time. All ways to a player's heart (a strap, a web service, OSC) speak under
the name `SOURCE`: it is one heart, and the newest word about it counts, so that two ways to it are
not two witnesses.

What comes out is a `Pulse` for every reading that is a heart's, and a `Felt` with arousal alone as
soon as rest is known (`oscbridge.body.rest`). Where RMSSD and what it is at rest are known too, it
has `SHARE` of the say; where nobody tells the rate, all of it, and `ALONE` of the confidence. That
is how sure rest is, times the share of readings that were no artefacts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oscbridge.body.arousal import FULL_LOG, FULL_RATE, arousal_of
from oscbridge.body.rate_filter import RateFilter
from oscbridge.body.rest import Rest
from oscbridge.body.variability import Variability
from oscbridge.orders import Felt, Pulse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Step

SOURCE = "heart_rate"
REST_S = 180.0
"""How long one must have rested."""
SMOOTH_S = 5.0
"""The rate is the mean over this time."""
SHARE = 0.25
"""Of RMSSD in the arousal: it follows the heart rate, and adds little to it."""
ALONE = 0.5
SHORTEST_S = 0.2
"""Between two words: what is heard more often is taken in silently."""
GAP_S = 5.0
"""After a longer silence beats are no neighbours any more."""
TOLD_S = 60.0
"""An RMSSD that somebody else has measured holds so long."""


class Heart:
    """A player's heart.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.
    resting_bpm : float, optional
        The rate at rest, where the player knows it.
    """

    def __init__(self, clock: Callable[[], float], resting_bpm: float | None = None) -> None:
        self._clock = clock
        self._filter = RateFilter()
        self._rest = Rest(REST_S, resting_bpm)
        self._variability = Variability()
        self._unrest = Rest(REST_S)  # of 1 / RMSSD, which is lowest at rest
        self._told_ms, self._told_s = 0.0, -math.inf  # RMSSD as somebody else measured it
        self._heard_s = -math.inf
        self._said_s = -math.inf

    def take(
        self, bpm: float, rr_s: Sequence[float] = (), contact: bool | None = None
    ) -> list[Command]:
        """Take a reading; say what follows from it.

        Parameters
        ----------
        bpm : float
            Heart rate.
        rr_s : sequence of float
            Times between the beats since the last reading, seconds.
        contact : bool, optional
            Whether the sensor touches the skin; None where it does not tell.
        """
        now_s = self._clock()
        if contact is False:
            return []
        self._take_intervals(rr_s, now_s)
        if not self._filter.take(bpm, now_s):
            return []
        self._rest.push(bpm, now_s)
        return self._say(now_s)

    def take_interval(self, interval_s: float) -> list[Command]:
        """Take a time between two beats that is told by itself; it is a reading of the rate too."""
        return self.take(60.0 / interval_s, (interval_s,))

    def take_rmssd(self, rmssd_ms: float) -> list[Command]:
        """Take an RMSSD that somebody else has measured; say what follows from it."""
        if rmssd_ms <= 0.0:
            return []
        self._heard_s = now_s = self._clock()
        self._told_ms, self._told_s = rmssd_ms, now_s
        self._unrest.push(1.0 / rmssd_ms, now_s)
        return self._say(now_s)

    @property
    def detail(self) -> str:
        """What is missing before arousal can be told; empty where nothing is."""
        if self._rest.level is not None or self._heard_s == -math.inf:
            return ""
        missing_s = self._rest.missing_s()
        return f"what rest is for this heart is not known yet: {missing_s:.0f} s more, or calibrate"

    @property
    def rmssd_ms(self) -> float | None:
        """RMSSD of the last minute, None where nobody knows it."""
        if self._clock() - self._told_s <= TOLD_S:
            return self._told_ms
        return self._variability.rmssd_ms

    def calibrate(self, step: Step) -> bool:
        """Take a step of a calibration; whether there is a heart that could be calibrated."""
        now_s = self._clock()
        if now_s - self._heard_s > GAP_S and step != "reset":
            return False
        done = [rest.calibrate(step, now_s) for rest in (self._rest, self._unrest)]
        return any(done)

    def _take_intervals(self, rr_s: Sequence[float], now_s: float) -> None:
        if now_s - self._heard_s > GAP_S:
            self._variability.reset()
        self._heard_s = now_s
        for interval_s in rr_s:
            self._variability.push(interval_s)
        rmssd_ms = self._variability.rmssd_ms if rr_s else None
        if rmssd_ms and now_s - self._told_s > TOLD_S:
            self._unrest.push(1.0 / rmssd_ms, now_s)

    def _say(self, now_s: float) -> list[Command]:
        if now_s - self._said_s < SHORTEST_S:
            return []
        self._said_s = now_s
        bpm = self._filter.mean(SMOOTH_S, now_s)
        said: list[Command] = [] if bpm is None else [Pulse(SOURCE, bpm, self._rest.level)]
        by_rate = self._by_rate(bpm)
        by_rmssd = self._by_rmssd()
        if by_rate is not None:
            confidence = self._rest.certainty * self._filter.quality(now_s)
            if by_rmssd is not None:
                by_rate += SHARE * (by_rmssd - by_rate)
            said.append(Felt(SOURCE, None, by_rate, confidence))
        elif by_rmssd is not None:
            confidence = ALONE * self._unrest.certainty
            said.append(Felt(SOURCE, None, by_rmssd, confidence))
        return said

    def _by_rate(self, bpm: float | None) -> float | None:
        """Arousal as the rate tells it; None where that is not known, or not what it is at rest."""
        if bpm is None or self._rest.level is None:
            return None
        rise = bpm / self._rest.level - 1.0
        return arousal_of(rise, self._rest.arousal_at_level, FULL_RATE)

    def _by_rmssd(self) -> float | None:
        """Arousal as RMSSD tells it; None as in `_by_rate`."""
        rmssd_ms = self.rmssd_ms
        if not rmssd_ms or not self._unrest.level:
            return None
        rise = -math.log(rmssd_ms * self._unrest.level)
        return arousal_of(rise, self._unrest.arousal_at_level, FULL_LOG)
