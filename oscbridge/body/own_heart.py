"""A heart that is read by a thread of our own, and calibrated by another; a sensor of such a heart.

Conventions
-----------
`HeartSensor` is what sensors of a heart have in common that bring it themselves: nothing is said to
them by OSC, and what rest is for this player is learned or set.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.body.heart import Heart
from oscbridge.sensors.base import SensorConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told


class HeartConfig(SensorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of every heart."""

    resting_bpm: Annotated[
        Annotated[float, msgspec.Meta(ge=30.0, le=120.0)] | None,
        msgspec.Meta(description="beats a minute at rest; not set: learned"),
    ] = None


class OwnHeart:
    """A `Heart` behind a lock, whose words go to the streams as soon as they are known.

    Parameters
    ----------
    put : Put
        Takes them.
    resting_bpm : float, optional
        The rate at rest, where the player knows it.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(
        self,
        put: Put,
        resting_bpm: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._put = put
        self._heart = Heart(clock, resting_bpm)
        self._turn = threading.Lock()

    def take(self, bpm: float, rr_s: Sequence[float] = (), contact: bool | None = None) -> None:
        """Take a reading, as `Heart.take` does, and say what follows from it."""
        with self._turn:
            found = self._heart.take(bpm, rr_s, contact)
        if found:
            self._put(found)

    def calibrate(self, step: Step) -> bool:
        """Take a step of a calibration; whether there is a heart that could be calibrated."""
        with self._turn:
            return self._heart.calibrate(step)

    @property
    def detail(self) -> str:
        """What is missing before arousal can be told; empty where nothing is."""
        with self._turn:
            return self._heart.detail


class HeartSensor:
    """A sensor that brings a heart.

    Parameters
    ----------
    put : Put
        Takes what it says.
    resting_bpm : float, optional
        The rate at rest, where the player knows it.
    """

    inlets: tuple[str, ...] = ()

    def __init__(self, put: Put, resting_bpm: float | None) -> None:
        self._heart = OwnHeart(put, resting_bpm)

    def hear(self, told: Told) -> Sequence[Command]:
        """Nothing is said to it by OSC."""
        return ()

    def calibrate(self, step: Step) -> bool:
        """Learn what rest is; whether there is a heart that could be calibrated."""
        return self._heart.calibrate(step)
