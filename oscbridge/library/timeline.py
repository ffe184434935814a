"""What a file expressed, second by second: means of any stretch of it, in bounded memory.

Conventions
-----------
One row a second holds sums over what was said in it; ten hours are some 10 MB. States count by how
surely there was music (``AffectState.music``) and not at all where nothing is known, as in
`oscbridge.hearing.whole`. A stretch is made of whole seconds: those that begin in it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.personal_features import FEATURES

if TYPE_CHECKING:
    from models.types import AffectState

_WEIGHT, _VALENCE, _AROUSAL, _VALENCE_2, _AROUSAL_2, _CONFIDENCE = range(6)
_DOMINANT, _DOMINANCE, _DESCRIBED = 6, 7, 8
_FEATURES = slice(9, 9 + len(FEATURES))
_CHROMA = slice(_FEATURES.stop, _FEATURES.stop + 12)
_WIDTH = _CHROMA.stop
_FIRST_ROWS = 512


class Stretch(NamedTuple):
    """Means over a stretch.

    Attributes
    ----------
    valence_spread, arousal_spread : float
        Standard deviation of what was said.
    confidence : float
        0 where nothing is known.
    dominance : float or None
        Where the model says it.
    embedding : tuple of float
        Empty where the model does not describe the sound.
    chroma : np.ndarray, shape=(12,)
        Sum of pitch-class profiles, C first.
    """

    valence_spread: float
    arousal_spread: float
    confidence: float
    dominance: float | None
    embedding: tuple[float, ...]
    chroma: np.ndarray


class Timeline:
    """Sums of each second of a file."""

    def __init__(self) -> None:
        self._rows = np.zeros((_FIRST_ROWS, _WIDTH))

    def update(self, state: AffectState) -> None:
        """Count a state."""
        if not state.quadrant:
            return
        row = self._row(state.time_s)
        music = state.music
        row[_WEIGHT] += music
        row[_VALENCE] += music * state.valence
        row[_AROUSAL] += music * state.arousal
        row[_VALENCE_2] += music * state.valence**2
        row[_AROUSAL_2] += music * state.arousal**2
        row[_CONFIDENCE] += music * state.confidence
        if state.dominance is not None:
            row[_DOMINANT] += music
            row[_DOMINANCE] += music * state.dominance
        if len(state.features) == len(FEATURES):
            row[_DESCRIBED] += music
            row[_FEATURES] += np.multiply(music, state.features)

    def count(self, chroma: np.ndarray, time_s: float) -> None:
        """Count pitch-class profiles, shape=(n, 12), that were heard at a time."""
        self._row(time_s)[_CHROMA] += chroma.sum(axis=0, dtype=np.float64)

    def stretch(self, start_s: float = 0.0, end_s: float = math.inf) -> Stretch:
        """Means from one time to another, seconds."""
        first = math.ceil(max(start_s, 0.0))
        last = len(self._rows) if math.isinf(end_s) else max(math.ceil(end_s), first + 1)
        sums = self._rows[first:last].sum(axis=0)
        weight = max(sums[_WEIGHT], 1e-9)
        described = float(sums[_DESCRIBED])
        embedding = (sums[_FEATURES] / described).tolist() if described else ()
        return Stretch(
            valence_spread=_spread(sums[_VALENCE], sums[_VALENCE_2], weight),
            arousal_spread=_spread(sums[_AROUSAL], sums[_AROUSAL_2], weight),
            confidence=float(sums[_CONFIDENCE] / weight),
            dominance=float(sums[_DOMINANCE] / sums[_DOMINANT]) if sums[_DOMINANT] else None,
            embedding=tuple(embedding),
            chroma=sums[_CHROMA],
        )

    def _row(self, time_s: float) -> np.ndarray:
        """The row of a time."""
        at = int(time_s)
        if at >= len(self._rows):
            more = np.zeros((max(at + 1, 2 * len(self._rows)), _WIDTH))
            more[: len(self._rows)] = self._rows
            self._rows = more
        return self._rows[at]


def _spread(total: float, squares: float, weight: float) -> float:
    """Standard deviation of a weighted sum."""
    return math.sqrt(max(squares / weight - (total / weight) ** 2, 0.0))
