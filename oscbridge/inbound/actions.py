"""What is done about a call: most become commands for the streams, as they are.

Conventions
-----------
An action takes a `Call` and returns commands; where it cannot be done it raises `Refused`, whose
text goes to the sender.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from oscbridge import events
from oscbridge.events import Command
from oscbridge.inbound.call import Call, Refused

Action = Callable[[Call], Sequence[Command]]

ADJUSTABLE = ("smoothing_s", "dwell_s", "hysteresis", "rate_hz", "sensitivity_v", "sensitivity_a")


def commands_of(call: Call) -> Sequence[Command]:
    """Commands that a call leads to. Raises `Refused` where it cannot be done."""
    action = ACTIONS.get(call.inlet.name)
    if action is None:
        raise Refused(f"not yet: {call.inlet.description}")
    return action(call)


def _plainly(command: Callable[..., Command]) -> Action:
    """The action of an inlet whose values are those of the command."""
    return lambda call: [command(*call.values)]


def _adjust(call: Call) -> Sequence[Command]:
    return [events.Adjust(call.inlet.name.removeprefix("in/set/"), _number(call, 0))]


def _override(call: Call) -> Sequence[Command]:
    return [events.Override(_number(call, 0), _number(call, 1), _number(call, 2, math.inf))]


def _origin(call: Call) -> Sequence[Command]:
    return [events.Origin((_number(call, 0), _number(call, 1)) if call.values else None)]


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
    "in/transport/tempo": _plainly(events.HostTempo),
    "in/transport/beat": _plainly(events.HostBeat),
    "in/transport/bar": _plainly(events.HostBar),
    "in/transport/playing": lambda call: [events.HostPlaying(bool(call.values[0]))],
    "in/request/make": _plainly(events.MakeRequest),
    "in/request/ack": _plainly(events.AckRequest),
    "in/request/cancel": _cancel,
    "in/label/set": _plainly(events.Rename),
    "in/calibrate/origin": _origin,
    **{f"in/set/{name}": _adjust for name in ADJUSTABLE},
    "in/freeze": lambda call: [events.Freeze(bool(call.values[0]))],
    "in/override": _override,
    "in/segment/mark": _mark,
    "in/preset": _plainly(events.UsePreset),
    "in/learn": _learn,
    "in/test": _plainly(events.TestPattern),
}
