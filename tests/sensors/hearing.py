"""What the tests of sensors share: a clock that stands still, and an ear for commands."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from oscbridge.orders import Command, Felt, Pulse
from oscbridge.sensors.base import Sensor, Told

DEADLINE_S = 20.0


@dataclass
class Clock:
    """Seconds, as the test says."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Ear:
    """Takes what sensors put, from any thread."""

    commands: list[Command] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def put(self, commands: Iterable[Command]) -> None:
        with self._turn:
            self.commands += commands

    def pulses(self) -> list[Pulse]:
        """All pulses so far."""
        with self._turn:
            return [command for command in self.commands if isinstance(command, Pulse)]

    def felt(self) -> list[Felt]:
        """All feelings so far."""
        with self._turn:
            return [command for command in self.commands if isinstance(command, Felt)]


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.002)


def say(sensor: Sensor, inlet: str, *values: float, name: str = "") -> Sequence[Command]:
    """Say something to a sensor, as the receiver would."""
    return sensor.hear(Told(f"in/affect/{inlet}", values, name, "osc"))


def one_felt(commands: Sequence[Command]) -> Felt:
    """The only feeling among commands, finite and within its ranges."""
    (felt,) = (command for command in commands if isinstance(command, Felt))
    for axis in (felt.valence, felt.arousal):
        assert axis is None or (math.isfinite(axis) and -1.0 <= axis <= 1.0)
    assert 0.0 <= felt.confidence <= 1.0
    return felt
