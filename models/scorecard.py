"""The figures by which answers are judged: the same for our corpora and for a user's music.

Conventions
-----------
Truth and guesses are quadrants 1..4, a guess may be 0 (unknown), which is never right; arrays have
one row a clip. Everything has its 95 % interval over groups (`models.intervals`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import metrics

if TYPE_CHECKING:
    import numpy as np

    from models.intervals import Estimate, Resampling

LABEL_FIGURES = {
    **metrics.LABEL_FIGURES,
    "valence accuracy within arousal halves": metrics.valence_within_arousal,
}
"""Figures that need only a quadrant."""
PROBABILITY_FIGURES = {
    "calibration error": metrics.calibration_error,
    "quadrant AUC": metrics.quadrant_auc,
    "arousal AUC": metrics.arousal_auc,
    "valence AUC": metrics.valence_auc,
}
CORRELATIONS = {"Pearson r": metrics.pearson, "Spearman rho": metrics.spearman}
"""Figures of values that may be on another scale."""
VALUE_FIGURES = {
    **CORRELATIONS,
    "concordance": metrics.concordance,
    "R squared": metrics.r_squared,
}
"""Figures of values on our scale, -1..1."""


def judge_labels(truth: np.ndarray, said: np.ndarray, draws: Resampling) -> dict[str, Estimate]:
    """Figures of guessed quadrants, shape=(n,), as models and baselines both say them."""
    return {name: draws.estimate(figure, truth, said) for name, figure in LABEL_FIGURES.items()}


def judge_probabilities(
    truth: np.ndarray, probabilities: np.ndarray, draws: Resampling
) -> dict[str, Estimate]:
    """Figures of the probabilities of quadrants 1..4, shape=(n, 4)."""
    return {
        name: draws.estimate(figure, truth, probabilities)
        for name, figure in PROBABILITY_FIGURES.items()
    }


def judge_values(
    truth: np.ndarray, said: np.ndarray, draws: Resampling, *, same_scale: bool
) -> dict[str, Estimate]:
    """Figures of values of one axis against ratings, shape=(n,)."""
    figures = VALUE_FIGURES if same_scale else CORRELATIONS
    return {name: draws.estimate(figure, truth, said) for name, figure in figures.items()}


def gains(
    truth: np.ndarray, said: np.ndarray, other: np.ndarray, draws: Resampling
) -> dict[str, Estimate]:
    """How much better guessed quadrants are than those of somebody else, on the same draws."""
    return {
        name: draws.difference(figure, truth, said, other) for name, figure in LABEL_FIGURES.items()
    }
