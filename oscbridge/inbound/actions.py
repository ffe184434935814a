"""What is done about a call: most become commands for the streams, as they are.

Conventions
-----------
An action takes a `Call` and returns commands. An inlet without one is not carried out yet.

What a player feels comes from a source with a name. Who sends by OSC and gives none is ``osc``, who
turns knobs here is ``manual``; words for emotions are sources beside one another, ``osc:happy``, so
that several of them weigh as much as is said of each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from oscbridge import events
from oscbridge.events import Command
from oscbridge.inbound.call import Call

Action = Callable[[Call], Sequence[Command]]

LONGEST_NAME = 64
"""Characters of the name of a source."""
ADJUSTABLE = ("smoothing_s", "dwell_s", "hysteresis", "rate_hz", "sensitivity_v", "sensitivity_a")


def _plainly(command: Callable[..., Command]) -> Action:
    """The action of an inlet whose values are those of the command."""
    return lambda call: [command(*call.values)]


def _adjust(call: Call) -> Sequence[Command]:
    return [events.Adjust(call.inlet.name.removeprefix("in/set/"), _number(call, 0))]


def _override(call: Call) -> Sequence[Command]:
    return [events.Override(_number(call, 0), _number(call, 1), _number(call, 2, math.inf))]


def _origin(call: Call) -> Sequence[Command]:
    return [events.Origin((_number(call, 0), _number(call, 1)) if call.values else None)]


def source_of(call: Call, word: str = "") -> str:
    """What the source of a felt affect is called."""
    name = "manual" if call.sender.address is None else "osc"
    return f"{name}:{word}" if word else name


def _feel(call: Call) -> Sequence[Command]:
    source = str(call.values[3])[:LONGEST_NAME] if len(call.values) > 3 else source_of(call)
    return [events.Felt(source, _number(call, 0), _number(call, 1), _number(call, 2, 1.0))]


def _feel_valence(call: Call) -> Sequence[Command]:
    return [events.Felt(source_of(call), _number(call, 0), None, 1.0)]


def _feel_arousal(call: Call) -> Sequence[Command]:
    return [events.Felt(source_of(call), None, _number(call, 0), 1.0)]


def _forget(call: Call) -> Sequence[Command]:
    return [events.Forget(str(call.values[0]) if call.values else None)]


def _learn(call: Call) -> Sequence[Command]:
    output, sweep = str(call.values[0]), bool(_number(call, 1, 1.0))
    return [events.Learn(None if output == "stop" else output, sweep)]


def _mark(call: Call) -> Sequence[Command]:
    return [events.Mark(str(call.values[0]) if call.values else "")]


def _cancel(call: Call) -> Sequence[Command]:
    return [events.CancelRequest(int(_number(call, 0)) if call.values else None)]


def _number(call: Call, place: int, otherwise: float = 0.0) -> float:
    """Value number ``place``, which may have been left out."""
    return float(call.values[place]) if place < len(call.values) else otherwise


ACTIONS: dict[str, Action] = {
    "refresh": _plainly(events.Refresh),
    "in/affect/valence": _feel_valence,
    "in/affect/arousal": _feel_arousal,
    "in/affect/va": _feel,
    "in/affect/clear": _forget,
    "in/transport/tempo": _plainly(events.HostTempo),
    "in/transport/beat": _plainly(events.HostBeat),
    "in/transport/bar": _plainly(events.HostBar),
    "in/transport/playing": lambda call: [events.HostPlaying(bool(call.values[0]))],
    "in/transport/place": _plainly(events.HostPlace),
    "in/request/make": _plainly(events.MakeRequest),
    "in/request/ack": _plainly(events.AckRequest),
    "in/request/cancel": _cancel,
    "in/calibrate/origin": _origin,
    **{f"in/set/{name}": _adjust for name in ADJUSTABLE},
    "in/freeze": lambda call: [events.Freeze(bool(call.values[0]))],
    "in/override": _override,
    "in/segment/mark": _mark,
    "in/learn": _learn,
    "in/test": _plainly(events.TestPattern),
}
