"""The contract of a sensor: it says what the player feels, as far as it can tell.

Conventions
-----------
A sensor is opened before anything runs, and there a wrong setting or a missing device is an error
for the user. From then on the world may misbehave as it likes: a camera that was pulled out is
taken up again, and meanwhile ``detail`` says what is wrong; who says nothing is forgotten by the
fusion after a while, so a sensor never repeats what it does not see.

What it says are commands, `oscbridge.orders.Felt` first of all, under the name of a *source*: the
sensor's own (``"camera"``), or that name and a part after a colon where there are several of a kind
(``"text:anna"``). They reach the streams in two ways: a sensor with a device of its own calls
``put`` from its thread; one that waits for what others say by OSC returns them from `hear`, which
gets what comes to the inlets that it names. `hear` and `calibrate` are called by one thread at a
time and return within two milliseconds; what holds the GIL for longer is a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import msgspec

if TYPE_CHECKING:
    from oscbridge.orders import Command
    from oscbridge.wire.arguments import Value

Put = Callable[[Iterable["Command"]], None]
"""Takes commands for all streams; may be called from any thread."""

Step = Literal["neutral", "start", "stop", "reset"]
"""Of a calibration: what is felt now is neutral; begin to learn the person, end it, forget it."""


class SensorConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every sensor can be told."""

    enabled: bool = True


class Told(NamedTuple):
    """Something that was said to an inlet of a sensor.

    Attributes
    ----------
    inlet : str
        Its name in `oscbridge.inlets`, ``"in/affect/hr"``.
    values : tuple of int, float or str
        Checked; for an inlet whose address is open-ended, the arguments alone.
    name : str
        What an open-ended address ended with, else empty.
    source : str
        Who says it: ``"osc"``, ``"manual"`` or the name that a sender gives itself.
    """

    inlet: str
    values: tuple[Value, ...]
    name: str
    source: str


class Sensor(Protocol):
    """Something that can tell how the player feels."""

    name: str
    """What people see."""
    inlets: tuple[str, ...]
    """Names of `oscbridge.inlets` that are for it."""
    detail: str
    """The present trouble in words, empty where there is none."""

    def hear(self, told: Told) -> Sequence[Command]:
        """What follows from something that was said. Raises ``ValueError`` where it means nothing;
        the text goes to the sender.
        """
        ...

    def calibrate(self, step: Step) -> bool:
        """Take a step of a calibration; whether there is anything to calibrate."""
        ...

    def close(self) -> None:
        """Release what was opened; a second call does nothing."""
        ...


class SensorModule(Protocol):
    """What a module in `oscbridge.sensors` has to contain."""

    Config: type[SensorConfig]

    def open(self, config: Any, put: Put) -> Sensor:
        """Open the sensor. Raises `OscbridgeError` where the settings cannot work."""
        ...
