"""What several lines in a row say about their writer: the last ones count, the surest most.

Conventions
-----------
Of what a model says of a line (`models.text`), confidence is the probability of the right side of
zero; here it is `skill`, what is left of it above a guess: 0 for a guess, 1 for certainty. A line
with next to none (``ok``, another language) changes nothing. The others are averaged with weights
skill · exp(-age / ``memory_s``); with a memory of 0 the newest line is all there is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.text import TextAffect

LEAST = 0.1
"""Skill below which a line says nothing."""


class Impression(NamedTuple):
    """What is felt, -1..1, and how surely, 0..1."""

    valence: float
    arousal: float
    confidence: float


def skill(confidence: float) -> float:
    """How much better than a guess a probability is, 0..1."""
    return min(max(2.0 * confidence - 1.0, 0.0), 1.0)


class Mood:
    """The mood of one writer.

    Parameters
    ----------
    memory_s : float
        After so long a line counts a third of what it did; 0: only the newest counts.
    """

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self.reset()

    def update(self, line: TextAffect, now_s: float) -> Impression | None:
        """Take a line; return the mood, None where the line says nothing."""
        sure = skill(line.confidence)
        if sure < LEAST:
            return None
        age_s = max(now_s - self._last_s, 0.0)
        kept = math.exp(-age_s / self._memory_s) if self._memory_s > 0.0 else 0.0
        before, total = self._weight * kept, self._weight * kept + sure
        new = (line.valence, line.arousal, sure)
        self._mean = [
            (before * old + sure * said) / total for old, said in zip(self._mean, new, strict=True)
        ]
        self._weight, self._last_s = total, now_s
        return Impression(*self._mean)

    def reset(self) -> None:
        """Forget all lines."""
        self._mean = [0.0, 0.0, 0.0]
        self._weight = 0.0
        self._last_s = -math.inf
