"""Where a label lies in the plane of valence and arousal, and how well it fits a point.

Conventions
-----------
A place is an ellipse whose axes are those of the plane. The weight of a label is 1 in the middle,
1/2 on the ellipse and falls as a Gaussian does::

    weight = 2 ** -d²      d² = ((v - v_m) / r_v)² + ((a - a_m) / r_a)²

Labels do not share anything: several may fit at once, and none has to. A radius from `WIDE` on
means that this axis does not matter.

The place of examples is their mean; its radii are their spread, held to `FIRST_RADIUS` as if
`PRIOR` examples had been seen before (1.177 standard deviations of a Gaussian lie on its ellipse).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NARROWEST, WIDEST = 0.05, 100.0
"""Radii that a place may have."""
WIDE = 2.0
FIRST_RADIUS = 0.35
PRIOR = 3.0
_SPREAD = 2.0 * math.log(2.0)
"""Of a Gaussian, the squared radius at which it has fallen to a half, in variances."""
_TIGHTEST = 0.15


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """A label and where it lies.

    Attributes
    ----------
    number : int
        Counted from 1; the first eight have controls and notes in MIDI.
    slug, name : str
        What stands in addresses; what people read.
    valence, arousal : float
        The middle.
    valence_radius, arousal_radius : float
    examples : int
        From how many it was learned; 0 where it was put there.
    """

    number: int
    slug: str
    name: str
    valence: float
    arousal: float
    valence_radius: float
    arousal_radius: float
    examples: int = 0

    def weight(self, valence: float, arousal: float) -> float:
        """How well the label fits a point, 0..1."""
        across = (valence - self.valence) / self.valence_radius
        along = (arousal - self.arousal) / self.arousal_radius
        return 2.0 ** -(across * across + along * along)


def place_of_examples(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Middle and radii of examples: valence, arousal, and the radius of each.

    Raises
    ------
    ValueError
        There are none.
    """
    if not points:
        raise ValueError("a place needs an example")
    valences, arousals = zip(*points, strict=True)
    (valence, across), (arousal, along) = _axis(valences), _axis(arousals)
    return valence, arousal, across, along


def _axis(values: Sequence[float]) -> tuple[float, float]:
    """Mean and radius."""
    count = len(values)
    mean = sum(values) / count
    squares = sum((value - mean) ** 2 for value in values)
    square = (PRIOR * FIRST_RADIUS**2 + _SPREAD * squares) / (PRIOR + count)
    return mean, max(math.sqrt(square), _TIGHTEST)
