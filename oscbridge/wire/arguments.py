"""Arguments of our messages: type, range and unit of each, and the gate that keeps them clean.

Conventions
-----------
Types on the wire are OSC ``i`` (int32), ``f`` (float32) and ``s`` (string). Ranges are inclusive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Value = int | float | str

INT_MAX = 2**31 - 1
DURATION_MAX_S = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Arg:
    """One argument: OSC type ``i``, ``f`` or ``s``, inclusive range, unit in words.

    Types ``T`` and ``F`` (true, false) are for hosts that insist; they have no value.

    ``choices`` are the texts that are allowed; empty where any text is.
    """

    name: str
    type: Literal["i", "f", "s", "T", "F"]
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether the range says something: counters and durations only have limits of safety."""
        return math.isfinite(self.low) and self.high < DURATION_MAX_S

    def clean(self, value: object) -> Value:
        """Coerce ``value`` to the type, finite and within the range."""
        if type(value) is float and self.type == "f" and self.low <= value <= self.high:
            if value - value == 0.0:
                return value  # as it nearly always is
        elif self.type == "s":
            return str(value).replace("\0", "")
        number = float(value)  # type: ignore[arg-type]  # numpy scalars and bool included
        if not math.isfinite(number):
            number = 0.0
        number = min(max(number, self.low), self.high)
        return round(number) if self.type == "i" else number


def text(name: str) -> Arg:
    """Any text."""
    return Arg(name, "s")


def choice(name: str, choices: tuple[str, ...]) -> Arg:
    """One of several words."""
    return Arg(name, "s", choices=choices)


def unit(name: str) -> Arg:
    """A number of 0..1."""
    return Arg(name, "f", 0.0, 1.0)


def bipolar(name: str) -> Arg:
    """A number of -1..1."""
    return Arg(name, "f", -1.0, 1.0)


def seconds(name: str) -> Arg:
    """A time that has passed."""
    return Arg(name, "f", 0.0, DURATION_MAX_S, "s")


def count(name: str, of: str = "") -> Arg:
    """A whole number of 0 or more, of a unit perhaps."""
    return Arg(name, "i", 0, INT_MAX, of)


def argument_text(arg: Arg) -> str:
    """An argument in words: name, range, unit."""
    bounds = f"{arg.low:g}..{arg.high:g}" if arg.bounded else ""
    return " ".join(filter(None, (arg.name, bounds, arg.unit)))
