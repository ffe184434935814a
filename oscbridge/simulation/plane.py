"""Points of the plane of emotions: valence and arousal, -1..1 each."""

from __future__ import annotations

import math
from typing import NamedTuple


class Point(NamedTuple):
    """A point of the plane of emotions."""

    valence: float
    arousal: float

    def distance(self, other: Point) -> float:
        """Euclidean distance to another point."""
        return math.hypot(self.valence - other.valence, self.arousal - other.arousal)

    def towards(self, other: Point, share: float) -> Point:
        """The point at ``share`` (0..1) of the way to another."""
        return Point(
            self.valence + share * (other.valence - self.valence),
            self.arousal + share * (other.arousal - self.arousal),
        )

    def moved(self, valence: float, arousal: float) -> Point:
        """The point so far away, or where the plane ends."""
        return Point(bounded(self.valence + valence), bounded(self.arousal + arousal))


NEUTRAL = Point(0.0, 0.0)


def bounded(value: float) -> float:
    """A value of -1..1."""
    return min(max(value, -1.0), 1.0)
