"""What is said instead of the music: values that somebody forces, and patterns to test a patch.

Conventions
-----------
Times are seconds that the caller reads off a clock. A state that stands in is certain (confidence
1), belongs to music (1), and its memberships agree with its point; its time is that of the clock,
in whole milliseconds. What has a first and a last moment ends by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.types import AffectState, memberships_of

SWEEP_S = 4.0
"""An axis from the middle to one end, the other end and back."""
STAY_S = 2.0
"""In each quadrant."""
STEP_S = 0.05
"""Between states that stand in."""

_ORDER = ((0.7, 0.7), (-0.7, 0.7), (-0.7, -0.7), (0.7, -0.7))
PATTERNS = {"sweep": 2 * SWEEP_S, "quadrants": STAY_S * len(_ORDER)}
"""Their lengths, seconds."""


@dataclass(frozen=True, slots=True)
class _Part:
    name: str  # of a pattern, or none: a point
    point: tuple[float, float]
    from_s: float
    until_s: float


class StandIn:
    """Whatever stands in for the music, if anything does."""

    def __init__(self) -> None:
        self._part: _Part | None = None

    @property
    def words(self) -> str:
        """What it is, in words; empty where nothing stands in."""
        if self._part is None:
            return ""
        return f"test pattern: {self._part.name}" if self._part.name else "values set by hand"

    def override(self, valence: float, arousal: float, for_s: float, now_s: float) -> None:
        """Say this point for a while; 0 s ends whatever stands in."""
        until_s = now_s + for_s
        self._part = _Part("", (valence, arousal), now_s, until_s) if for_s > 0.0 else None

    def play(self, pattern: str, now_s: float) -> None:
        """Play one of `PATTERNS`. Raises ``KeyError`` where there is none of this name."""
        self._part = _Part(pattern, (0.0, 0.0), now_s, now_s + PATTERNS[pattern])

    def state(self, now_s: float) -> AffectState | None:
        """What to say now; None from the moment at which nothing stands in."""
        if self._part is not None and now_s >= self._part.until_s:
            self._part = None
        if self._part is None:
            return None
        valence, arousal = _point(self._part, now_s - self._part.from_s)
        return AffectState(
            valence=valence,
            arousal=arousal,
            confidence=1.0,
            source="stand-in",
            stop=round(now_s * 1000.0),
            sample_rate=1000,
            quadrant_probabilities=memberships_of(valence, arousal),
        )

    def due_s(self, now_s: float) -> float:
        """When there is another state to say."""
        return math.inf if self._part is None else min(self._part.until_s, now_s + STEP_S)


def _point(part: _Part, past_s: float) -> tuple[float, float]:
    """Where a part is, so long after its beginning."""
    if part.name == "sweep":
        axis, along_s = divmod(past_s, SWEEP_S)
        swept = math.sin(2.0 * math.pi * along_s / SWEEP_S)
        return (swept, 0.0) if axis < 1.0 else (0.0, swept)
    if part.name == "quadrants":
        return _ORDER[min(int(past_s // STAY_S), len(_ORDER) - 1)]
    return part.point
