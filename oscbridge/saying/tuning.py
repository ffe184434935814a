"""What users turn while it runs: which point is neutral, how far things go, how smoothly.

Conventions
-----------
The point of a state moves by ``origin``, is stretched by the sensitivities, kept within -1..1, and
smoothed with the time constant ``smoothing_s`` (on top of what the model does itself), in this
order; time is that of the states. Memberships of quadrants follow the point. As long as nothing is
turned, states pass as they are. Where nothing is known there is nothing to turn.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from models.types import UNKNOWN, memberships_of
from oscbridge.sight import Sight

if TYPE_CHECKING:
    from models.types import AffectState


class Tuning:
    """Changes states as users wish.

    Attributes
    ----------
    smoothing_s : float
        Time constant, seconds; 0 for none.
    sensitivity_v, sensitivity_a : float
        Factors of valence and arousal.
    intensity_bias : float
        Added to the intensity, -1..1; points of the plane do not move by it.
    origin : tuple of (valence, arousal)
        What is neutral.
    """

    def __init__(self) -> None:
        self.smoothing_s = 0.0
        self.sensitivity_v = 1.0
        self.sensitivity_a = 1.0
        self.intensity_bias = 0.0
        self.origin = (0.0, 0.0)
        self._heard: tuple[float, float] | None = None
        self._smooth: tuple[float, float, float] | None = None  # valence, arousal, seconds

    @property
    def sight(self) -> Sight:
        """How the plane is seen."""
        return Sight(self.origin, (self.sensitivity_v, self.sensitivity_a))

    def update(self, state: AffectState) -> AffectState:
        """Return the state as it shall be told."""
        if state.quadrant == UNKNOWN:
            self._smooth = None
            return state
        self._heard = state.valence, state.arousal
        if self._neutral():
            return state
        valence, arousal = map(_within, self.sight.seen(state.valence, state.arousal))
        valence, arousal = self._smoothed(valence, arousal, state.time_s)
        return replace(
            state,
            valence=valence,
            arousal=arousal,
            quadrant_probabilities=memberships_of(valence, arousal),
        )

    def set_origin(self, point: tuple[float, float] | None) -> None:
        """Make a point neutral; None: what was heard last, if anything was."""
        self.origin = point or self._heard or self.origin

    def _neutral(self) -> bool:
        turned = (
            self.smoothing_s,
            *self.origin,
            self.sensitivity_v - 1.0,
            self.sensitivity_a - 1.0,
        )
        return not any(turned)

    def _smoothed(self, valence: float, arousal: float, time_s: float) -> tuple[float, float]:
        if self._smooth is not None and self.smoothing_s > 0.0:
            was_v, was_a, was_s = self._smooth
            share = -math.expm1(-max(time_s - was_s, 0.0) / self.smoothing_s)
            valence = was_v + share * (valence - was_v)
            arousal = was_a + share * (arousal - was_a)
        self._smooth = valence, arousal, time_s
        return valence, arousal


def _within(value: float) -> float:
    return min(max(value, -1.0), 1.0)
