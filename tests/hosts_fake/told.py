"""One message as a host reads it, decoded by two parsers that know nothing of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from pythonosc.osc_message import OscMessage as PythonOscMessage

from oscbridge.wire.packet import OscMessage, read_packet

Value = int | float | str | bool
MAX_DATAGRAM = 1024


class Told(NamedTuple):
    """A message: address, type tags without the comma, arguments."""

    address: str
    types: str
    args: tuple[Value, ...]

    def expect(self, types: str) -> tuple[Value, ...]:
        """Return the arguments, which have to be of these types exactly."""
        assert self.types == types, (
            f"{self.address} takes {types!r}, not {self.types!r} {self.args}"
        )
        return self.args

    def number(self, place: int, low: float, high: float) -> float:
        """Return a numeric argument, which has to lie within."""
        value = self.args[place]
        assert not isinstance(value, str), self
        assert low <= value <= high, f"{self.address}: {value} is not within {low} to {high}"
        return value


def decode(datagram: bytes, *, booleans: bool = False) -> Told:
    """Decode a datagram with our parser and with python-osc, which have to agree."""
    assert len(datagram) <= MAX_DATAGRAM
    assert len(datagram) % 4 == 0
    ours = read_packet(datagram)
    assert isinstance(ours, OscMessage), "one message a datagram"
    theirs = PythonOscMessage(datagram)
    assert ours.address == theirs.address
    assert not set(ours.address) & set(" #*,?[]{}"), f"a pattern in {ours.address}"
    assert set(ours.types) <= set("ifsTF" if booleans else "ifs"), ours
    args: list[Value] = []
    for kind, value, other in zip(ours.types, ours.arguments, theirs.params, strict=True):
        assert isinstance(value, bool | int | float | str)
        assert type(value) is type(other), f"{ours.address}: {value!r} or {other!r}"
        assert type(value) is {"i": int, "f": float, "s": str}.get(kind, bool)
        if isinstance(value, float):
            assert math.isfinite(value)
            assert value == pytest.approx(other)
        else:
            assert value == other
        args.append(value)
    return Told(ours.address, ours.types, tuple(args))


Said = tuple[str, Sequence[Value]]
"""What a host answers: an address and arguments."""
