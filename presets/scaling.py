"""How a value of ours becomes a value of the host: a line between two ranges, bent if wanted.

Conventions
-----------
``Scale`` maps the input range onto the output range and never leaves the latter. With
x = (value - low) / (high - low) clamped to 0..1, the curves are ``linear`` x, ``square`` x² (fine
at the bottom, for levels), ``root`` √x (fine at the top) and ``smooth`` 3x² - 2x³ (soft at both
ends). An output range may run downwards.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

Span = tuple[float, float]
Curve = Literal["linear", "square", "root", "smooth"]


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    """A map from one range to another; ``from`` and ``to`` in TOML."""

    source: Span = (0.0, 1.0)
    to: Span = (0.0, 1.0)
    curve: Curve = "linear"

    def __post_init__(self) -> None:
        """Refuse ranges that give no finite number. Raises ``ValueError``."""
        if not all(math.isfinite(number) for number in (*self.source, *self.to)):
            raise ValueError("`from` and `to` need finite numbers")
        if self.source[0] == self.source[1]:
            raise ValueError("`from` needs two different numbers")

    def apply(self, value: float) -> float:
        """Scaled ``value``, within ``to``."""
        low, high = self.source
        x = min(max((value - low) / (high - low), 0.0), 1.0)
        if self.curve == "square":
            x *= x
        elif self.curve == "root":
            x **= 0.5
        elif self.curve == "smooth":
            x *= x * (3.0 - 2.0 * x)
        return self.to[0] + x * (self.to[1] - self.to[0])
