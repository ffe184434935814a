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

from oscbridge import orders
from oscbridge.asking import settings
from oscbridge.inbound.call import Call
from oscbridge.orders import Command

Action = Callable[[Call], Sequence[Command]]

LONGEST_NAME = 64
"""Characters of the name of a source."""
ADJUSTABLE = (
    *("smoothing_s", "dwell_s", "hysteresis", "rate_hz"),
    *("sensitivity_v", "sensitivity_a", "intensity_bias"),
    *(f"policy/{name}" for name in settings.ADJUSTABLE),
)


def _plainly(command: Callable[..., Command]) -> Action:
    """The action of an inlet whose values are those of the command."""
    return lambda call: [command(*call.values)]


def _adjust(call: Call) -> Sequence[Command]:
    return [orders.Adjust(call.inlet.name.removeprefix("in/set/"), _number(call, 0))]


def _override(call: Call) -> Sequence[Command]:
    return [orders.Override(_number(call, 0), _number(call, 1), _number(call, 2, math.inf))]


def _origin(call: Call) -> Sequence[Command]:
    return [orders.Origin((_number(call, 0), _number(call, 1)) if call.values else None)]


def source_of(call: Call, word: str = "") -> str:
    """What the source of a felt affect is called."""
    sender = call.sender
    name = "manual" if sender.address is None and sender.reply is None else "osc"
    return f"{name}:{word}" if word else name


def _feel(call: Call) -> Sequence[Command]:
    point = _number(call, 0), _number(call, 1)
    return [orders.Felt(_named_source(call, 3), *point, _number(call, 2, 1.0))]


def _feel_valence(call: Call) -> Sequence[Command]:
    return [orders.Felt(_named_source(call, 2), _number(call, 0), None, _number(call, 1, 1.0))]


def _feel_arousal(call: Call) -> Sequence[Command]:
    return [orders.Felt(_named_source(call, 2), None, _number(call, 0), _number(call, 1, 1.0))]


def _named_source(call: Call, place: int) -> str:
    """The name that a sender gives itself as value number ``place``, or else the usual one."""
    return str(call.values[place])[:LONGEST_NAME] if len(call.values) > place else source_of(call)


def _forget(call: Call) -> Sequence[Command]:
    return [orders.Forget(str(call.values[0]) if call.values else None)]


def _cancel(call: Call) -> Sequence[Command]:
    return [orders.CancelRequest(int(_number(call, 0)) if call.values else None)]


def _number(call: Call, place: int, otherwise: float = 0.0) -> float:
    """Value number ``place``, which may have been left out."""
    return float(call.values[place]) if place < len(call.values) else otherwise


ACTIONS: dict[str, Action] = {
    "refresh": _plainly(orders.Refresh),
    "in/affect/valence": _feel_valence,
    "in/affect/arousal": _feel_arousal,
    "in/affect/va": _feel,
    "in/affect/clear": _forget,
    "in/policy/strategy": _plainly(orders.UseStrategy),
    "in/policy/goal": _plainly(orders.Goal),
    "in/policy/context": lambda call: [
        orders.InContext(str(call.values[0]) if call.values else "")
    ],
    "in/policy/opt_out": lambda call: [orders.OptOut(bool(call.values[0]))],
    "in/policy/ask": _plainly(orders.AskNow),
    "in/policy/skip": _plainly(orders.Skip),
    "in/transport/tempo": _plainly(orders.HostTempo),
    "in/transport/beat": _plainly(orders.HostBeat),
    "in/transport/bar": _plainly(orders.HostBar),
    "in/transport/playing": lambda call: [orders.HostPlaying(bool(call.values[0]))],
    "in/transport/place": _plainly(orders.HostPlace),
    "in/request/make": _plainly(orders.MakeRequest),
    "in/request/ack": _plainly(orders.AckRequest),
    "in/request/cancel": _cancel,
    "in/calibrate/origin": _origin,
    **{f"in/set/{name}": _adjust for name in ADJUSTABLE},
    "in/freeze": lambda call: [orders.Freeze(bool(call.values[0]))],
    "in/override": _override,
    "in/test": _plainly(orders.TestPattern),
}
