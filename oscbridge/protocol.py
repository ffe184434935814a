"""The OSC namespace of oscbridge as one table: every address, its types, ranges and occasions.

Conventions
-----------
This table is the only place where an address of ours appears; the encoder, the record file, the
README's table and the tests are derived from it (presets name the addresses of *other* programs).
A `Signal` is known inside the process by its ``name`` (``"norm/valence"``); its address is
``PREFIX + "/" + name``. Types on the wire are OSC ``i`` (int32), ``f`` (float32) and ``s`` (string)
only, at most four arguments, always finite. `Signal.message` is the gate through which every value
passes: it coerces to plain Python numbers, replaces what is not finite, and clamps to the range.

``python -m oscbridge.protocol`` prints the table as Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from oscbridge.wire.arguments import INT_MAX, Arg, Value, bipolar, count, seconds, text, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL = 1
PREFIX = "/oscbridge"
HOST = "127.0.0.1"
PORT_OUT = 7771

When = Literal["start", "heartbeat", "continuous", "state", "event"]

OCCASIONS: Mapping[When, str] = MappingProxyType(
    {
        "start": "at the start",
        "heartbeat": "1 Hz",
        "continuous": "continuous",
        "state": "on change + 1 Hz",
        "event": "event",
    }
)


class Message(NamedTuple):
    """Something to say: a signal and its arguments, clean."""

    signal: Signal
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """One row of the table; compared by identity, so that it is a fast key.

    Attributes
    ----------
    name : str
        How the process calls it; also the end of the address.
    when : When
        ``continuous`` signals obey rate and dead band, ``state`` signals go out on change and are
        refreshed, ``event`` signals go out at once and once.
    args : tuple of Arg
        Names, types and ranges.
    description : str
        One line for people.
    optional : bool
        Sent over OSC only when asked for (``[outputs.osc] optional``).
    address : str
        The full address, ``/oscbridge/...``.
    types : str
        OSC type tags without the comma.
    """

    name: str
    when: When
    args: tuple[Arg, ...]
    description: str
    optional: bool = False
    address: str = ""
    types: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive address and type tags."""
        if not self.address:
            object.__setattr__(self, "address", f"{PREFIX}/{self.name}")
        object.__setattr__(self, "types", "".join(arg.type for arg in self.args))

    def __repr__(self) -> str:
        return f"<signal {self.name} {self.types}>"

    @property
    def range(self) -> tuple[float, float] | None:
        """Range of the first numeric argument, None where it has no bounds."""
        for arg in self.args:
            if arg.type != "s" and arg.bounded:
                return arg.low, arg.high
        return None

    @property
    def unit(self) -> str:
        """Unit of the first argument that has one."""
        return next((arg.unit for arg in self.args if arg.unit), "")

    def message(self, *values: object) -> Message:
        """Build the message with ``values``, coerced, finite and in range.

        Raises
        ------
        ValueError
            When the number of values is wrong.
        """
        if len(values) != len(self.args):
            raise ValueError(f"{self.name} takes {len(self.args)} arguments, not {len(values)}")
        return Message(self, tuple(a.clean(v) for a, v in zip(self.args, values, strict=True)))


_QUADRANT = Arg("quadrant", "i", 0, 4)
_MEMBERSHIP = {1: "+V+A", 2: "-V+A", 3: "-V-A", 4: "+V-A"}

_TABLE = (
    Signal(
        "hello",
        "start",
        (text("version"), text("session"), Arg("protocol", "i", PROTOCOL, INT_MAX)),
        "who speaks: version, session id, protocol number",
    ),
    Signal(
        "heartbeat",
        "heartbeat",
        (count("seq"), count("t_ms", "ms")),
        "alive: running number, time since the session started",
    ),
    Signal(
        "status",
        "state",
        (text("state"), text("detail")),
        "starting, listening, silent, speech, calibrating, frozen or error, and a sentence",
    ),
    Signal(
        "latency",
        "state",
        (seconds("analysis"), seconds("smoothing")),
        "from sound to value, and the smoothing time constant",
    ),
    Signal("valence", "continuous", (bipolar("valence"),), "unpleasant to pleasant, 0 neutral"),
    Signal("arousal", "continuous", (bipolar("arousal"),), "calm to excited, 0 neutral"),
    Signal("norm/valence", "continuous", (unit("valence"),), "valence with 0.5 as neutral"),
    Signal("norm/arousal", "continuous", (unit("arousal"),), "arousal with 0.5 as neutral"),
    Signal(
        "va",
        "continuous",
        (bipolar("valence"), bipolar("arousal")),
        "both in one message, for XY pads and Vector2",
    ),
    Signal(
        "confidence", "continuous", (unit("confidence"),), "probability that the quadrant is right"
    ),
    Signal("quadrant", "state", (_QUADRANT,), "0 unknown, 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A; steady"),
    Signal("quadrant/label", "state", (text("label"),), "the user's word for the quadrant"),
    *(
        Signal(f"quadrant/{n}", "continuous", (unit("membership"),), f"membership of {which}")
        for n, which in _MEMBERSHIP.items()
    ),
    Signal(
        "quadrant/enter",
        "event",
        (_QUADRANT, text("label"), unit("confidence")),
        "the quadrant has changed; never flickers",
    ),
    Signal("quadrant/dwell", "heartbeat", (seconds("dwell"),), "time since it was entered"),
    Signal(
        "intensity", "continuous", (unit("intensity"),), "one knob for game audio: norm/arousal"
    ),
    Signal("energy", "state", (Arg("energy", "i", 1, 10),), "DJ energy level"),
    Signal(
        "segment/boundary",
        "event",
        (count("id"), count("age_ms", "ms"), unit("strength")),
        "the music changed age_ms ago; id of the segment that began there",
    ),
    Signal(
        "segment/start",
        "event",
        (count("id"), text("label"), unit("confidence")),
        "a segment has begun",
    ),
    Signal("segment/end", "event", (count("id"), seconds("duration")), "a segment is over"),
    Signal(
        "segment/summary",
        "event",
        (count("id"), bipolar("valence"), bipolar("arousal"), seconds("duration")),
        "mean of a finished segment",
    ),
    Signal(
        "segment/maybe",
        "event",
        (count("id"), count("age_ms", "ms"), unit("probability")),
        "early: segment id has perhaps begun; its boundary follows, or segment/withdrawn",
        optional=True,
    ),
    Signal(
        "segment/withdrawn",
        "event",
        (count("id"),),
        "segment id has not begun after all; the id may come again",
        optional=True,
    ),
    Signal(
        "segment/novelty",
        "continuous",
        (unit("probability"),),
        "how probably a boundary is in the air",
        optional=True,
    ),
    Signal(
        "beat",
        "event",
        (count("index"), unit("confidence")),
        "a beat, as it falls",
    ),
    Signal(
        "bar",
        "event",
        (count("index"), unit("confidence")),
        "the first beat of a bar, just after its beat",
    ),
    Signal("tempo", "state", (Arg("bpm", "f", 0.0, 400.0, "BPM"),), "0 where no beat is steady"),
    Signal("audio/level", "continuous", (unit("level"),), "-60 to 0 dBFS", optional=True),
    Signal("audio/onset", "continuous", (unit("onset"),), "onset strength", optional=True),
    Signal("music", "continuous", (unit("music"),), "how surely there is music at all"),
)

SIGNALS: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in _TABLE})

_BY_ADDRESS = {signal.address: signal for signal in _TABLE}


def signal_at(address: str) -> Signal | None:
    """Return the signal that our default prefix gives ``address``, None where it is not ours."""
    return _BY_ADDRESS.get(address)


def _argument_text(arg: Arg) -> str:
    bounds = f"{arg.low:g}..{arg.high:g}" if arg.bounded else ""
    return " ".join(filter(None, (arg.name, bounds, arg.unit)))


def markdown() -> str:
    """Table of all signals as Markdown, one row a signal."""
    lines = ["| address | types | arguments | when | meaning |", "|---|---|---|---|---|"]
    for signal in SIGNALS.values():
        when = OCCASIONS[signal.when] + (", opt-in" if signal.optional else "")
        arguments = ", ".join(_argument_text(arg) for arg in signal.args)
        types = " ".join(signal.types)
        lines.append(
            f"| `{signal.address}` | {types} | {arguments} | {when} | {signal.description} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
