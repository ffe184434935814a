"""What a MIDI process is asked for and what it tells: lines of JSON, both ways.

Conventions
-----------
The first line that it reads is a `MidiRequest`; one that says (`Say`) reads `MidiOrder` s after
that. The end of its input means "stop". What it tells are `MidiRecord` s.
"""

from __future__ import annotations

import msgspec

from oscbridge.midi.backend import PortChoice  # noqa: TC001 - msgspec reads the annotations
from oscbridge.midi.table import CHANNEL

WATCH_S = 1.0
"""How often to look which ports there are, seconds."""


class Watch(msgspec.Struct, frozen=True, tag=True):
    """List the ports, every ``watch_s`` seconds."""

    watch_s: float = WATCH_S


class Hear(msgspec.Struct, frozen=True, tag=True):
    """Open an input and tell what comes."""

    port: PortChoice


class Say(msgspec.Struct, frozen=True, tag=True):
    """Open an output and say there what is ordered; as of `oscbridge.midi.encoder`."""

    port: PortChoice
    channel: int = CHANNEL
    fourteen_bit: bool = False
    program_change: bool = False
    leave: bool = False


MidiRequest = Watch | Hear | Say


class Values(msgspec.Struct, frozen=True, tag=True):
    """Signals by name, each with its arguments."""

    said: tuple[tuple[str, tuple[int | float | str, ...]], ...]


class LearnOrder(msgspec.Struct, frozen=True, tag=True):
    """Let the control or note ``name`` leave alone; any other name ends that."""

    name: str
    sweep: bool = True


MidiOrder = Values | LearnOrder


class Ports(msgspec.Struct, frozen=True, tag=True):
    """The MIDI ports that there are: those that can be heard, those that can be sent to."""

    inputs: list[str]
    outputs: list[str]


class Silent(msgspec.Struct, frozen=True, tag=True):
    """No MIDI system answers just now; ``detail`` is a sentence."""

    detail: str


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The port is open; said again and again."""

    name: str


class Heard(msgspec.Struct, frozen=True, tag=True):
    """A message, and its age when it was told, seconds."""

    message: bytes
    age_s: float


class Refused(msgspec.Struct, frozen=True, tag=True):
    """It cannot be done: a sentence for people.

    ``package`` is not installed, or, where ``unknown``, there is no port of such a name.
    """

    detail: str
    package: str = ""
    unknown: bool = False


MidiRecord = Ports | Silent | Opened | Heard | Refused
