"""What a preset may say, and how its file is read.

Conventions
-----------
A preset is a TOML file, its name is the file's name. It says where a host listens (``[target]``)
and, if the host does not want our own addresses, which of its addresses get what::

    title = "KaleidoscopeEnhanced, MoodWave"
    tested_with = "protocol only; host not run"

    [target]
    port = 9000

    [[map]]                             # a signal that is heard continuously
    source = "norm/valence"             # the signal of ours that triggers the message
    address = "/mood/valence"
    args = ["f:{norm/valence}"]         # optional; default: the source's own arguments
    scale = {from = [0, 1], to = [0, 127]}   # optional; for the numbers of the source
    rate_hz = 5                         # optional; at most so often

    [[map]]
    source = "quadrant"
    address = "/mood/quadrant"
    words = ["", "bright", "aggressive", "dark", "calm"]   # for 0, 1, 2 ...; "" says nothing

    [[on]]                              # an event
    event = "quadrant/enter"
    address = "/scene/fire"
    args = ["i:{quadrant}", "s:{label}", "f:0.5"]

An argument is an OSC type (``i f s``), a colon, and a text in which ``{name}`` stands for a value:
an argument of the triggering signal, a one-argument signal by its name, or ``{word}``. Without
``[[map]]`` and ``[[on]]`` all signals go out under our own addresses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from presets.reading import convert, read_toml
from presets.scaling import Scale  # noqa: TC001 - msgspec reads the annotations

# Printable ASCII without the characters that OSC 1.0 reserves for patterns.
Address = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^/[^\s#*,?\[\]{}\x00-\x1f\x7f-\U0010ffff]+\Z",
        max_length=255,
        description="an OSC address, like /mood/valence",
    ),
]
Argument = Annotated[
    str, msgspec.Meta(pattern=r"^[ifs]:", description="type and value, like f:{valence} or i:1")
]
Host = Annotated[str, msgspec.Meta(min_length=1)]
RateHz = Annotated[float, msgspec.Meta(gt=0.0, le=60.0)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the host listens; ``plain`` is one message a datagram."""

    port: Port
    host: Host = "127.0.0.1"
    profile: Literal["plain"] = "plain"
    ascii: bool = False
    """Replace what is not ASCII in strings, for hosts that cannot read UTF-8."""
    host_latency_ms: Annotated[float, msgspec.Meta(ge=0.0)] = 0.0
    """What the host itself adds, milliseconds: a frame of its picture, say; 0 where not known."""


class Map(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A continuous signal or state of ours, said in the host's way."""

    source: Text
    address: Address
    args: tuple[Argument, ...] = ()
    scale: Scale | None = None
    rate_hz: RateHz | None = None
    words: tuple[str, ...] = ()


class On(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the host is told when an event happens."""

    event: Text
    address: Address
    args: tuple[Argument, ...] = ()


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A host: how to reach it and what it wants to hear."""

    target: Target
    tested_with: Text
    """Version and date of the host that it was tried with, or honestly that it was not."""
    title: str = ""
    notes: str = ""
    """What to set in the host."""
    map: tuple[Map, ...] = ()
    on: tuple[On, ...] = ()
    name: str = ""
    """The file's name without ``.toml``; set by `read`."""

    @property
    def plain(self) -> bool:
        """Whether all our signals go out as they are."""
        return not self.map and not self.on


def names() -> list[str]:
    """Names of the presets that ship."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))


def path_of(name: str) -> Path:
    """File of the shipped preset ``name``."""
    return Path(__file__).parent / f"{name}.toml"


def read(path: Path) -> Preset:
    """Read a preset file.

    Raises
    ------
    ReadingError
        When it cannot be read, is no TOML, or a key or value is not allowed.
    """
    preset = convert(read_toml(path), Preset, str(path))
    return msgspec.structs.replace(preset, name=path.stem)
