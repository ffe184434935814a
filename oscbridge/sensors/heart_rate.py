"""Heart, its variability and skin as others tell them by OSC: arousal, never valence.

Conventions
-----------
Beats a minute, milliseconds, microsiemens; programs with other words and units have presets
(``--hear hr-pulsoid``). Costs nothing until somebody says something, and is open without a setting.
Straps are read by `oscbridge.sensors.heart_strap`, web services by `oscbridge.sensors.heart_web`.

What rest is for this player is learned (`oscbridge.body.rest`): by itself from the calmest three
minutes, at once after ``calibrate neutral``, best from three minutes of rest between ``calibrate
start`` and ``stop``, or from ``resting_bpm``. Until then only the pulse is known, and no arousal.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from oscbridge.body.heart import Heart
from oscbridge.body.own_heart import HeartConfig
from oscbridge.body.skin import Skin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told


class Config(HeartConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the heart that is told of."""


class HeartRate:
    """Hears of a heart.

    Parameters
    ----------
    config : Config
        Its settings.
    clock : callable
        Seconds, monotonic.
    """

    name = "heart rate"
    inlets: tuple[str, ...] = ("in/affect/hr", "in/affect/rr", "in/affect/hrv", "in/affect/eda")

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self.detail = ""
        self._heart = Heart(clock, config.resting_bpm)
        self._skin = Skin(clock)

    def hear(self, told: Told) -> Sequence[Command]:
        """Take a reading. Raises ``ValueError`` at an inlet that is another's."""
        found = self._take(told.inlet, float(told.values[0]))
        self.detail = self._heart.detail
        return found

    def _take(self, inlet: str, value: float) -> Sequence[Command]:
        match inlet:
            case "in/affect/hr":
                return self._heart.take(value)
            case "in/affect/rr":
                return self._heart.take_interval(value / 1000.0)
            case "in/affect/hrv":
                return self._heart.take_rmssd(value)
            case "in/affect/eda":
                return self._skin.take(value)
            case _:
                raise ValueError(f"{inlet} says nothing of a heart")

    def calibrate(self, step: Step) -> bool:
        """Learn what rest is; whether there is anybody who could be calibrated."""
        done = [self._heart.calibrate(step), self._skin.calibrate(step)]
        return any(done)

    def close(self) -> None:
        """There is nothing to release."""


def open(config: Config, put: Put) -> HeartRate:
    """Open the sensor; it says all that it has to say when it hears something."""
    return HeartRate(config)
