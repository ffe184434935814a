"""What a preset may say.

Conventions
-----------
A preset is a TOML file, its name is the file's name. One with ``[target]`` is *told* what the music
expresses (a `Preset`, ``--preset``); one with ``[listen]`` is *heard* (an `InboundPreset`,
``--hear``). What a host is told::

    title = "Ableton Live with AbletonOSC"
    tested_with = "protocol only; host not run"
    install = ["…", "…"]                 # what to do in the host, step by step
    not_possible = ["…"]

    [target]
    port = 11000
    reply_port = 11001

    [pick]                               # what users choose; "" turns off what needs it
    track = 0
    scene = {1 = 0, 2 = 1, 3 = 2, 4 = 3}

    [words.launch]                       # what the host calls things
    now = 0
    bar = 4

    [connect]
    send = [{address = "/live/test"}]
    redo = ["/live/startup"]             # said by the host: send it all again

    [[map]]                              # a signal that is heard continuously
    source = "intensity"
    address = "/live/track/set/volume"
    args = ["i:{track}", "f:{intensity}"]    # default: the source's own arguments
    scale = {from = [0, 1], to = [0, 0.85]}  # for the numbers of the source
    rate_hz = 10

    [[on]]                               # an event
    event = "request/go"
    address = "/live/scene/fire"
    args = ["i:{scene[quadrant]}"]

    [[readback]]                         # what the host says, in our words
    address = "/live/song/get/tempo"
    to = "in/transport/tempo"

An argument is an OSC type (``i f s``, and ``b`` for hosts that insist on true and false), a colon,
and a text in which ``{name}`` stands for a value: an argument of the triggering signal, a
one-argument signal by its name, or something picked; ``{table[name]}`` looks the value up in a
table of ``[words]`` or ``[pick]``. Addresses may hold what is picked or looked up. What has no
entry, no value yet, or an empty one, is not said. Without ``[[map]]`` and ``[[on]]`` all signals go
out under our own addresses.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from presets.scaling import Scale, Span  # noqa: TC001 - msgspec reads the annotations

# Printable ASCII without what OSC 1.0 reserves; a place in braces is filled in later.
Address = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^/([^\s#*,?\[\]{}\x00-\x1f\x7f-\U0010ffff]|\{[^{}/]+\})+\Z",
        max_length=255,
        description="an OSC address, like /mood/valence",
    ),
]
Argument = Annotated[
    str, msgspec.Meta(pattern=r"^[ifsb]:", description="type and value, like f:{valence} or i:1")
]
Host = Annotated[str, msgspec.Meta(min_length=1)]
RateHz = Annotated[float, msgspec.Meta(gt=0.0, le=60.0)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Scalar = int | float | str
Table = dict[str, Scalar]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=60.0)]
Milliseconds = Annotated[float, msgspec.Meta(ge=0.0, le=10_000.0)]

Transport = Literal["udp", "tcp-slip", "waapi"]


class Say(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as it is."""

    address: Address
    args: tuple[Argument, ...] = ()


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the host listens, and what it can read."""

    port: Port
    host: Host = "127.0.0.1"
    transport: Transport = "udp"
    profile: Literal["plain", "bundle", "vrchat"] = "plain"
    """One message a datagram; one bundle a moment; plain, and arguments may be true or false."""
    reply_port: Port | None = None
    """Where the host sends its answers, if not back to where we send from."""
    max_args: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Leave out signals with more arguments, for hosts that read no more."""
    cut_events: bool = False
    """Say events with more arguments all the same, without the others: the first is the id."""
    ascii: bool = False
    """Replace what is not ASCII in strings, for hosts that cannot read UTF-8."""
    host_latency_ms: Milliseconds = 0.0
    """What the host itself adds in the mean, milliseconds: a frame of its picture, say; 0 where
    not known."""
    host_latency_max_ms: Milliseconds = 0.0
    """The most that it adds; 0 where not known."""
    host_latency_source: str = ""
    """Where that is known from."""


class Connect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the host is told before anything else."""

    send: tuple[Say, ...] = ()
    redo: tuple[Address, ...] = ()
    """When the host says this, it has started anew: send it again."""
    announce: bool = False
    """The host looks for programs by OSCQuery: tell this machine where ours is."""


class Map(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A continuous signal or state of ours, said in the host's way."""

    source: Text
    address: Address
    args: tuple[Argument, ...] | None = None
    scale: Scale | None = None
    scale_to: tuple[str, str] | None = None
    """Picks, or numbers as text, that take the place of ``scale.to``."""
    scales: dict[str, Scale] = {}
    """Scales of other values, by their names."""
    accept: Span | None = None
    """Say only numbers of the source within."""
    otherwise: float | None = None
    """Stands for numbers that nobody has said yet."""
    rate_hz: RateHz | None = None
    words: tuple[str, ...] = ()
    """``{word}`` for 0, 1, 2 …; an empty one says nothing."""
    when: dict[str, tuple[Scalar, ...]] = {}
    """Say it only while each of these values is one of those."""


class On(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the host is told when an event happens."""

    event: Text
    address: Address
    args: tuple[Argument, ...] | None = None
    release: tuple[Argument, ...] | None = None
    """Arguments of a second message, which ends what the first began: a button let go."""
    release_s: Seconds = 0.0
    """How long after the first."""
    when: dict[str, tuple[Scalar, ...]] = {}


class Heard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message of somebody else's.

    ``{1}``, ``{2}`` … are its arguments, ``{name}`` is what stands in that place of the address. A
    place that is called like a table stands for the entries of that table, and means their keys:
    with ``scene = {1 = 4}``, ``/scene/{scene}`` is heard as ``/scene/4`` and means 1.
    """

    address: Address
    aliases: tuple[Address, ...] = ()
    split: str = ""
    """Cut the first argument, a text, here; ``{1}``, ``{2}`` … are then its parts."""
    json: tuple[Text, ...] = ()
    """Of the first argument, a JSON object, ``{1}``, ``{2}`` … are these entries."""
    when: dict[str, tuple[Scalar, ...]] = {}
    """Take it only while each of these values is one of those."""


class Hear(Heard, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a message means in our words."""

    to: Text
    """The inlet, without our prefix: ``in/affect/hr``."""
    args: tuple[Argument, ...] | None = None
    """Default: all arguments as they came."""
    accept: Span | None = None
    """Take no other numbers: 0 beats a minute is a sensor that is off."""
    offset: float = 0.0
    """Is added to each number."""
    scale: Scale | None = None
    neutral: bool = False
    """Numbers are meant against the neutral one, which ``[listen] calibrate_s`` finds."""


class Trouble(Heard, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message in which the host says that something is wrong."""

    says: Text
    """What people are told."""


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of names that the host tells, so that users may pick by name."""

    of: Text
    """The pick."""
    address: Address
    what: Text
    """What such a thing is called: scene."""
    skip: Annotated[int, msgspec.Meta(ge=0)] = 0
    """So many arguments come before the names."""
    first: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Number of the first one."""


class Listen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody else's messages arrive, and how they are to be understood."""

    port: Port
    calibration: Text
    """What the numbers are measured against, in words."""
    calibrate_s: Seconds = 0.0
    """How long the first numbers are taken for neutral."""
    announce: bool = False
    """They look for programs by OSCQuery: tell this machine where ours is."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every preset tells people."""

    tested_with: Text
    """Version and date of the host that it was tried with, or honestly that it was not."""
    title: str = ""
    notes: str = ""
    """What to know."""
    install: tuple[Text, ...] = ()
    """What to do in the host, step by step."""
    not_possible: tuple[Text, ...] = ()
    """What cannot be done there."""
    pick: dict[str, Scalar | Table] = {}
    ask: dict[str, Text] = {}
    """What each pick means."""
    words: dict[str, Table] = {}
    name: str = ""
    """The file's name without ``.toml``; set when it is read, as `files` is."""
    files: tuple[str, ...] = ()
    """Where it was read from: its own file, and that of the preset that it is like."""


class Preset(Sheet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A host: how to reach it and what it wants to hear."""

    target: Target
    connect: Connect = Connect()
    map: tuple[Map, ...] = ()
    on: tuple[On, ...] = ()
    readback: tuple[Hear, ...] = ()
    names: tuple[Names, ...] = ()
    trouble: tuple[Trouble, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether all our signals go out as they are."""
        return not self.map and not self.on


class InboundPreset(Sheet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who tells us something, in words of their own."""

    listen: Listen
    hear: tuple[Hear, ...]
