"""What others may say to us, as one table: every inbound address, its arguments and their ranges.

Conventions
-----------
The counterpart of `oscbridge.protocol`, and like it the only place where such an address stands:
what receives, what announces (OSCQuery), the README's table and the tests are derived from it. An
`Inlet` is known inside the process by its ``name`` (``"in/affect/va"``); its address is
``PREFIX + "/" + name``. It has one form or several, each a tuple of arguments; number and types of
the arguments decide which is meant.

`Inlet.read` is the gate through which every argument passes. Numbers are taken as int, float or
bool whatever the form says, since senders differ; a text is not a number. What lies outside its
range by no more than `TOLERANCE` of it is moved to its edge (a fader that ends at 1.0000001), what
lies further out is refused: it was meant in another unit. Whole numbers are rounded, not moved.

``python -m oscbridge.inlets`` prints the table as Markdown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from oscbridge.protocol import ACKS, QUANTISE, argument_text
from oscbridge.wire.arguments import (
    Arg,
    Value,
    bipolar,
    choice,
    count,
    seconds,
    text,
    unit,
)
from oscbridge.wire.signal import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oscbridge.wire.packet import Argument

TOLERANCE = 0.01
"""Share of a range by which a number may miss it."""
PROFILES = ("plain", "bundle", "wek", "mood", "vrchat", "midi-only")
"""In which words a subscriber is told."""
LEASE_S = 60.0
"""How long a subscription holds without a word of its subscriber."""

Form = tuple[Arg, ...]

_IMPULSES = ((None,), ("impulse",))
"""How ``,N`` and ``,I`` are read, which buttons of OSCQuery clients send where nothing is taken."""


class InletError(ValueError):
    """Arguments that cannot be taken; the text is for whoever sent them."""


@dataclass(frozen=True, slots=True, eq=False)
class Inlet:
    """One row of the table; compared by identity.

    Attributes
    ----------
    name : str
        How the process calls it; also the end of the address.
    forms : tuple of tuple of Arg
        The arguments that it may come with.
    description : str
        One line for people.
    open_ended : bool
        The address goes on with a name of the sender's choice, which is the first value read:
        ``in/affect/face/jawOpen``.
    address : str
        The full address, ``/oscbridge/...``.
    """

    name: str
    forms: tuple[Form, ...]
    description: str
    open_ended: bool = False
    address: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the address."""
        object.__setattr__(self, "address", f"{PREFIX}/{self.name}")

    def __repr__(self) -> str:
        return f"<inlet {self.name}>"

    def read(self, arguments: Sequence[Argument]) -> tuple[Value, ...]:
        """Check and convert the arguments of a message.

        Raises
        ------
        InletError
            Their number, a type or a value is wrong.
        """
        forms = [form for form in self.forms if len(form) == len(arguments)]
        if not forms and () in self.forms and tuple(arguments) in _IMPULSES:
            return ()
        if not forms:
            raise InletError(f"takes {self.usage()}, not {len(arguments)} arguments")
        form = next((form for form in forms if _suits(form, arguments)), forms[0])
        return tuple(_read(arg, value) for arg, value in zip(form, arguments, strict=True))

    def usage(self) -> str:
        """The forms in words, what may be left out in brackets: ``f valence -1..1 [f weight]``."""
        said: list[str] = []
        for index, form in enumerate(self.forms):
            shorter = self.forms[index - 1] if index else None
            if shorter and form[:-1] == shorter:
                said[-1] += f" [{_argument(form[-1])}]"
            else:
                said.append(", ".join(map(_argument, form)) or "nothing")
        return ", or ".join(said)


def _suits(form: Form, arguments: Sequence[Argument]) -> bool:
    """Whether texts are where texts belong."""
    pairs = zip(form, arguments, strict=True)
    return all((arg.type == "s") == isinstance(value, str) for arg, value in pairs)


def _argument(arg: Arg) -> str:
    return f"{arg.type} {'/'.join(arg.choices) or argument_text(arg)}"


def _read(arg: Arg, value: Argument) -> Value:
    if arg.type == "s":
        if not isinstance(value, str):
            raise InletError(f"{arg.name} is a text, not {value!r}")
        if arg.choices and value not in arg.choices:
            raise InletError(f"{arg.name} is one of {', '.join(arg.choices)}, not {value!r}")
        return value
    if not isinstance(value, bool | int | float):
        raise InletError(f"{arg.name} is a number, not {value!r}")
    if not math.isfinite(value):
        raise InletError(f"{arg.name} is {value}, which is no finite number")
    slack = TOLERANCE * (arg.high - arg.low) if arg.bounded else 0.0
    if arg.type == "i":
        slack = 0.49  # what is rounded to a number within
    if not arg.low - slack <= value <= arg.high + slack:
        raise InletError(f"{arg.name} is {arg.low:g} to {arg.high:g}, not {value:g}")
    return arg.clean(value)


def _one(*args: Arg) -> tuple[Form, ...]:
    return (args,)


def _growing(required: Form, *more: Arg) -> tuple[Form, ...]:
    """Forms of an argument list whose end may be left out."""
    return tuple(required + more[:end] for end in range(len(more) + 1))


_NOTHING: tuple[Form, ...] = ((),)
_HOST = text("host")
_PORT = Arg("port", "i", 1, 65535)
_PROFILE = choice("profile", PROFILES)
_LEASE = Arg("lease", "i", 0, 0)
_VA = (bipolar("valence"), bipolar("arousal"))

_TABLE = (
    Inlet("ping", _one(count("nonce")), "is answered by pong; renews the sender's subscriptions"),
    Inlet(
        "subscribe",
        (
            (),
            (_PORT,),
            (_PORT, _LEASE),
            (_HOST, _PORT),
            (_HOST, _PORT, _LEASE),
            (_HOST, _PORT, _PROFILE),
            (_HOST, _PORT, _PROFILE, _LEASE),
        ),
        "tell me everything, at the port that I send from or at the one named; for "
        f"{LEASE_S:g} s after the last ping, or for good where a last 0 is given",
    ),
    Inlet("unsubscribe", ((), (_HOST, _PORT)), "tell me no more"),
    Inlet("refresh", _NOTHING, "say everything once more"),
    Inlet(
        "in/affect/valence",
        _growing((_VA[0],), unit("confidence"), text("source")),
        "how pleasant the player feels, how surely, and who says so",
    ),
    Inlet(
        "in/affect/arousal",
        _growing((_VA[1],), unit("confidence"), text("source")),
        "how excited the player is, in the same way",
    ),
    Inlet(
        "in/affect/va",
        _growing(_VA, unit("confidence"), text("source")),
        "both at once, how surely, and who says so",
    ),
    Inlet(
        "in/affect/emotion",
        _growing((text("label"),), unit("weight")),
        "the player's emotion by its name: yours, or happy, sad, angry, calm …",
    ),
    Inlet("in/affect/text", _one(text("line")), "what the player writes"),
    Inlet("in/affect/hr", _one(Arg("rate", "f", 30.0, 240.0, "beats a minute")), "heart rate"),
    Inlet(
        "in/affect/rr",
        _one(Arg("interval", "f", 250.0, 2000.0, "ms")),
        "time from one heartbeat to the next, for each beat",
    ),
    Inlet("in/affect/hrv", _one(Arg("rmssd", "f", 0.0, 500.0, "ms")), "its variability"),
    Inlet("in/affect/eda", _one(Arg("conductance", "f", 0.0, 100.0, "µS")), "of the skin"),
    Inlet(
        "in/affect/face",
        _one(unit("weight")),
        "a blend shape of the player's face by its ARKit name, as in …/face/jawOpen",
        open_ended=True,
    ),
    Inlet(
        "in/affect/game",
        _growing((), Arg("value", "f")),
        "what happens or holds in the game, by its name in [sensors.game], as in …/game/health",
        open_ended=True,
    ),
    Inlet(
        "in/affect/calibrate",
        _one(choice("step", ("neutral", "start", "stop", "reset"))),
        "what the player feels now is neutral, or a calibration begins or ends",
    ),
    Inlet("in/affect/clear", _growing((), text("source")), "forget the player, or one source"),
    Inlet("in/transport/tempo", _one(Arg("bpm", "f", 0.0, 400.0, "BPM")), "the host's tempo"),
    Inlet("in/transport/beat", _one(Arg("beat", "f", 0.0, 1e7)), "the host's beat, from 0"),
    Inlet("in/transport/bar", _one(count("bar")), "the host's bar, from 0"),
    Inlet("in/transport/playing", _one(Arg("playing", "i", 0, 1)), "whether the host plays"),
    Inlet("in/transport/place", _one(text("name")), "which scene or region plays at the host"),
    Inlet(
        "in/request/ack",
        _growing((count("id"), choice("state", ACKS)), seconds("until_start")),
        "what the host does about a request",
    ),
    Inlet(
        "in/request/make",
        _growing(_VA, unit("urgency"), choice("quantise", QUANTISE)),
        "ask the host for such music now",
    ),
    Inlet(
        "in/request/cancel",
        _growing((), count("id")),
        "take the outstanding request back",
    ),
    Inlet("in/label/set", _one(Arg("quadrant", "i", 1, 4), text("label")), "another word for it"),
    Inlet(
        "in/label/define",
        _one(text("name"), *_VA, Arg("radius", "f", 0.0, 2.0)),
        "a word for a region of the plane",
    ),
    Inlet("in/label/delete", _one(text("name")), "forget a word"),
    Inlet("in/label/list", _NOTHING, "which words there are"),
    Inlet("in/label/train", _one(text("label")), "what plays now is this"),
    Inlet("in/label/train/undo", _NOTHING, "take the last example back"),
    Inlet("in/calibrate/origin", ((), _VA), "what plays now is neutral, or this point is"),
    Inlet("in/set/smoothing_s", _one(Arg("smoothing", "f", 0.0, 60.0, "s")), "time constant"),
    Inlet("in/set/dwell_s", _one(Arg("dwell", "f", 0.0, 60.0, "s")), "shortest stay in a quadrant"),
    Inlet("in/set/hysteresis", _one(Arg("hysteresis", "f", 0.0, 0.5)), "how far to pass zero"),
    Inlet("in/set/rate_hz", _one(Arg("rate", "f", 1.0, 60.0, "Hz")), "of continuous signals"),
    Inlet("in/set/sensitivity_v", _one(Arg("factor", "f", 0.0, 4.0)), "stretches valence"),
    Inlet("in/set/sensitivity_a", _one(Arg("factor", "f", 0.0, 4.0)), "stretches arousal"),
    Inlet("in/set/intensity_bias", _one(bipolar("bias")), "lifts or lowers the intensity alone"),
    Inlet("in/freeze", _one(Arg("hold", "i", 0, 1)), "hold all values as they are"),
    Inlet(
        "in/override",
        _growing(_VA, Arg("for", "f", 0.0, 3600.0, "s")),
        "say these values instead, to try a patch without music; 0 s ends it",
    ),
    Inlet("in/segment/mark", _growing((), text("label")), "a new section begins now"),
    Inlet("in/preset", _one(text("preset")), "speak the words of another host"),
    Inlet(
        "in/learn",
        _growing((text("output"),), Arg("sweep", "i", 0, 1)),
        "sweep this output alone, for MIDI or OSC learn; stop ends it",
    ),
    Inlet(
        "in/test",
        _one(choice("pattern", ("sweep", "quadrants", "request"))),
        "play a test pattern",
    ),
)

INLETS: Mapping[str, Inlet] = MappingProxyType({inlet.name: inlet for inlet in _TABLE})


def markdown() -> str:
    """Table of all inlets as Markdown, one row an inlet."""
    lines = ["| address | takes | meaning |", "|---|---|---|"]
    for inlet in INLETS.values():
        address = inlet.address + ("/…" if inlet.open_ended else "")
        lines.append(f"| `{address}` | {inlet.usage()} | {inlet.description} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
