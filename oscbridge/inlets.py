"""What others may say to us, as one table: every inbound address, its arguments and their ranges.

Conventions
-----------
The counterpart of `oscbridge.protocol`, and like it the only place where such an address stands:
what receives, what announces (OSCQuery), the README's table and the tests are derived from it. An
`Inlet` is known inside the process by its ``name`` (``"in/affect/va"``); its address is
``PREFIX + "/" + name``. It has one form or several, each a tuple of arguments; number and types of
the arguments decide which is meant (`oscbridge.wire.inlet`).

``python -m oscbridge.inlets`` prints the table as Markdown.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from oscbridge.asking.settings import ADJUSTABLE, STRATEGIES
from oscbridge.labels.place import NARROWEST, WIDEST
from oscbridge.protocol import ACKS, QUANTISE
from oscbridge.wire.arguments import (
    Arg,
    bipolar,
    choice,
    count,
    seconds,
    text,
    unit,
)
from oscbridge.wire.inlet import Form, Inlet, InletError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INLETS", "LEASE_S", "PROFILES", "Form", "Inlet", "InletError", "markdown"]

PROFILES = ("plain", "bundle", "wek", "mood", "vrchat", "midi-only")
"""In which words a subscriber is told."""
LEASE_S = 60.0
"""How long a subscription holds without a word of its subscriber."""


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
_RADIUS = Arg("radius", "f", NARROWEST, WIDEST)
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
    Inlet(
        "in/policy/strategy",
        _one(choice("strategy", STRATEGIES)),
        "by which other music is asked for because of what the player feels",
    ),
    Inlet(
        "in/policy/goal",
        _growing(_VA, unit("urgency")),
        "where iso and compensate lead; what director asks for",
    ),
    Inlet("in/policy/context", _growing((), text("context")), "what goes on: combat, menu …"),
    Inlet("in/policy/opt_out", _one(Arg("out", "i", 0, 1)), "the player wants none of this"),
    Inlet("in/policy/ask", _NOTHING, "act on what the player feels without waiting for it to last"),
    Inlet(
        "in/policy/skip",
        _NOTHING,
        "the player has left the music that was asked for; the next best is suggested, if any was",
    ),
    Inlet(
        "in/played",
        _growing((text("track"),), text("artist")),
        "the listener has put this on: its title or its path; kept with --sense plays",
    ),
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
        _growing((text("name"), *_VA, _RADIUS), Arg("radius_of_arousal", "f", NARROWEST, WIDEST)),
        "a label for a region of the plane, new or moved",
    ),
    Inlet("in/label/delete", _one(text("name")), "a label of yours is no more"),
    Inlet("in/label/list", _NOTHING, "which labels of yours there are: answered by labels"),
    Inlet(
        "in/label/train",
        _one(text("label")),
        "what plays now is this: a quadrant by number or word, a label of yours, or a new one",
    ),
    Inlet("in/label/train/undo", _NOTHING, "take back what was taught last, whatever it was"),
    Inlet("in/label/wrong", _NOTHING, "what is said of what plays now is wrong"),
    Inlet("in/personal/va", _one(*_VA), "what plays now is at this point"),
    Inlet("in/personal/freeze", _one(Arg("hold", "i", 0, 1)), "learn no more from corrections"),
    Inlet("in/personal/reset", _NOTHING, "forget all corrections; labels stay"),
    Inlet(
        "in/profile", _one(text("name")), "whose labels and corrections; an empty text: nobody's"
    ),
    Inlet("in/calibrate/origin", ((), _VA), "what plays now is neutral, or this point is"),
    Inlet("in/set/smoothing_s", _one(Arg("smoothing", "f", 0.0, 60.0, "s")), "time constant"),
    Inlet("in/set/dwell_s", _one(Arg("dwell", "f", 0.0, 60.0, "s")), "shortest stay in a quadrant"),
    Inlet("in/set/hysteresis", _one(Arg("hysteresis", "f", 0.0, 0.5)), "how far to pass zero"),
    Inlet("in/set/rate_hz", _one(Arg("rate", "f", 1.0, 60.0, "Hz")), "of continuous signals"),
    Inlet("in/set/sensitivity_v", _one(Arg("factor", "f", 0.0, 4.0)), "stretches valence"),
    Inlet("in/set/sensitivity_a", _one(Arg("factor", "f", 0.0, 4.0)), "stretches arousal"),
    Inlet("in/set/intensity_bias", _one(bipolar("bias")), "lifts or lowers the intensity alone"),
    *(
        Inlet(f"in/set/policy/{name}", _one(Arg(name, "f", low, high)), f"of the policy: {meaning}")
        for name, (low, high, meaning) in ADJUSTABLE.items()
    ),
    Inlet("in/freeze", _one(Arg("hold", "i", 0, 1)), "hold all values as they are"),
    Inlet(
        "in/override",
        _growing(_VA, Arg("for", "f", 0.0, 3600.0, "s")),
        "say these values instead, to try a patch without music; 0 s ends it",
    ),
    Inlet("in/segment/mark", _growing((), text("label")), "a new section begins now"),
    Inlet("in/segment/wrong", _NOTHING, "the section that was told last is none"),
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
