r"""The lines of a record: what came in and what was said, as JSON and back.

Conventions
-----------
A record (``run --record``) is a text file with one JSON object a line. A session begins with its
*head*; what follows is in the order in which it happened::

    {"record": 2, "version": "0.2.0", "started": "2026-05-04T10:11:12.345Z"}
    {"time_s": 0.0003, "begin": {"session": "9f2c01aa", "start_s": 812.25, …, "settings": {…}}}
    {"time_s": 0.0531, "turn": {"now_s": 812.303, "in": [["AffectState", {"valence": 0.2, …}]]}}
    {"time_s": 0.0532, "signal": "valence", "address": "/oscbridge/valence", "args": [0.21]}
    {"time_s": 7.2104, "mark": "chorus"}

A *turn* is one call of `oscbridge.composer.Composer.compose`: when, and all states, events and
commands that had come in by then, each as its type and its fields; the ``signal`` lines after it
are what it led to. Numbers are written so that they are read back bit for bit; what is not finite
is a string. Sound is counted in samples: ``stop`` and ``sample_rate`` of a state or an event say to
the sample what it is about. ``time_s`` counts from the head by a clock that never jumps, ``now_s``
and ``start_s`` are readings of that same clock.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, cast, get_args

import msgspec

from oscbridge import events, orders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oscbridge.events import Event, State

FORMAT = 2
"""Number of this format; records of `oscbridge` 0.1 have 1, and say nothing of what came in."""

_TYPES: Mapping[str, type] = {
    kind.__name__: kind
    for kind in (*get_args(events.State), *get_args(events.Event), *get_args(orders.Command))
    if isinstance(kind, type)
}


def as_plain(result: State | Event) -> list[Any]:
    """A state, an event or a command as its type and its fields."""
    fields = {
        field.name: _written(getattr(result, field.name)) for field in dataclasses.fields(result)
    }
    return [type(result).__name__, fields]


def as_result(plain: Sequence[Any]) -> State | Event:
    """What `as_plain` has written.

    Raises
    ------
    ValueError
        It is none of our types, or not complete.
    """
    name, fields = plain
    kind = _TYPES.get(name)
    if kind is None:
        raise ValueError(f"nothing is called {name!r}")
    if kind is orders.HostSaid:  # a host may have said anything, bytes too: JSON has them as text
        return orders.HostSaid(fields["address"], tuple(fields["arguments"]))
    # "inf" becomes a number again where a number belongs.
    return cast("State | Event", msgspec.convert(fields, kind, strict=False))


def _written(value: object) -> object:
    """A value as JSON can hold it: numbers that are not finite as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
