"""What a whole stream expressed: the mean of its states, in one line at the end.

Conventions
-----------
Quadrant probabilities are weighted by how surely there was music; states in which nothing is known
do not count. A stream without any has quadrant 0. `oscbridge.hearing.segments` does the same by
segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.types import UNKNOWN, quadrant_of
from oscbridge.hearing.segments import point_of
from oscbridge.snapshot import EVEN

if TYPE_CHECKING:
    from models.types import AffectState


@dataclass(frozen=True, slots=True)
class Summary:
    """What a whole stream expressed, silence left out (quadrant 0 if there was nothing else)."""

    duration_s: float
    valence: float
    arousal: float
    quadrant: int
    quadrant_probabilities: tuple[float, float, float, float]


class Whole:
    """Sums up the states of a stream."""

    def __init__(self) -> None:
        self.reset()

    def update(self, state: AffectState) -> None:
        """Count the next state."""
        if state.quadrant:
            self._probabilities += np.multiply(state.music, state.quadrant_probabilities)
            self._heard += state.music

    def summary(self, duration_s: float) -> Summary:
        """What was expressed so far, in ``duration_s`` seconds."""
        if not self._heard:
            return Summary(duration_s, 0.0, 0.0, UNKNOWN, EVEN)
        q = (self._probabilities / self._heard).tolist()
        valence, arousal = point_of(q)
        return Summary(
            duration_s, valence, arousal, quadrant_of(valence, arousal), (q[0], q[1], q[2], q[3])
        )

    def reset(self) -> None:
        """Start a new stream."""
        self._heard = 0.0
        self._probabilities = np.zeros(4)
