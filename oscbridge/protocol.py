"""The OSC namespace of oscbridge as one table: every address, its types, ranges and occasions.

Conventions
-----------
This table is the only place where an address of ours appears; the encoder, the record file, the
README's table and the tests are derived from it (presets name the addresses of *other* programs).
Types on the wire are OSC ``i`` (int32), ``f`` (float32) and ``s`` (string) only, always finite. At
most four arguments, since many receivers take no more; only the whole request for other music,
which has a scalar form beside it, has more.

``python -m oscbridge.protocol`` prints the table as Markdown.

See Also
--------
oscbridge.inlets : what others may say to us.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from oscbridge.asking.signals import (
    ACKS,
    ASKING,
    QUANTISE,
    REASONS,
    REQUEST_STATES,
    TRANSITIONS,
)
from oscbridge.labels.signals import LABEL, TEACHING
from oscbridge.labels.slugs import PATTERN
from oscbridge.library.signals import SUGGESTING
from oscbridge.wire.arguments import (
    INT_MAX,
    Arg,
    Value,
    argument_text,
    bipolar,
    choice,
    count,
    seconds,
    text,
    unit,
)
from oscbridge.wire.signal import PREFIX, Family, Message, Signal, When

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ACKS",
    "FAMILIES",
    "PREFIX",
    "QUANTISE",
    "REASONS",
    "REQUEST_STATES",
    "SIGNALS",
    "TRANSITIONS",
    "Message",
    "Signal",
    "Value",
    "When",
    "argument_text",
    "markdown",
    "signal_at",
    "signal_of",
]

PROTOCOL = 1
HOST = "127.0.0.1"
PORT_IN = 7770
PORT_OUT = 7771
PORT_QUERY = 7772

STATUS = ("starting", "listening", "silent", "speech", "calibrating", "frozen", "error")
OCCASIONS: Mapping[When, str] = MappingProxyType(
    {
        "start": "at the start",
        "heartbeat": "1 Hz",
        "continuous": "continuous",
        "state": "on change + 1 Hz",
        "event": "event",
        "reply": "reply to who asked",
    }
)


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
        (choice("state", STATUS), text("detail")),
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
    *(
        Signal(
            f"uncertainty/{axis}",
            "continuous",
            (unit("deviation"),),
            f"standard deviation of {axis} as far as it is known: near 1 nothing is, at 0 all",
            optional=True,
        )
        for axis in ("valence", "arousal")
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
        "intensity",
        "continuous",
        (unit("intensity"),),
        "one knob for game audio: norm/arousal, and the bias that was set",
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
    *ASKING,
    *SUGGESTING,
    *TEACHING,
    Signal("pong", "reply", (count("nonce"), text("session")), "answers a ping"),
    Signal(
        "error",
        "reply",
        (text("address"), text("reason")),
        "what was wrong with a message; at most once a second and address",
    ),
)

SIGNALS: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in _TABLE})

FAMILIES: Mapping[str, Family] = MappingProxyType({LABEL.name: LABEL})
"""Signals of which there are as many as the user makes."""

_MEMBER = re.compile(PATTERN)
_BY_ADDRESS = {signal.address: signal for signal in _TABLE}


def signal_at(address: str) -> Signal | None:
    """Return the signal that our default prefix gives ``address``, None where it is not ours."""
    return _BY_ADDRESS.get(address) or signal_of(address.removeprefix(f"{PREFIX}/"))


def signal_of(name: str) -> Signal | None:
    """Return the signal of this name, also one of a family; None where there can be none."""
    family, _, rest = name.partition("/")
    if name in SIGNALS:
        return SIGNALS[name]
    return FAMILIES[family].member(rest) if family in FAMILIES and _MEMBER.match(rest) else None


def markdown() -> str:
    """Table of all signals as Markdown, one row a signal."""
    lines = ["| address | types | arguments | when | meaning |", "|---|---|---|---|---|"]
    for signal in (*SIGNALS.values(), *FAMILIES.values()):
        when = OCCASIONS[signal.when] + (", opt-in" if signal.optional else "")
        arguments = ", ".join(argument_text(arg) for arg in signal.args)
        types = " ".join(signal.types)
        address = signal.address + ("/…" if isinstance(signal, Family) else "")
        lines.append(f"| `{address}` | {types} | {arguments} | {when} | {signal.description} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
