"""How right a model is: figures of quadrants, signs, probabilities and continuous values.

Conventions
-----------
Quadrants are 1..4 (`models.types`); a guess may be 0 (unknown), which is never right.
Probabilities have shape (n, 4) in the order of the quadrants. A `Figure` is called with arrays of
one row a clip and returns a number; with `Figure.weighted` rows count as often as their weights
say, for thousands of weightings at once: that is what `models.intervals` resamples with.

Sources: expected calibration error, C. Guo et al., On calibration of modern neural networks (ICML
2017), ten bins of equal width; concordance, L. Lin, Biometrics 45 (1989); area under the ROC curve
as the probability of the right order (Mann and Whitney), ties count one half; rank correlation,
C. Spearman, with mid-ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.intervals import Estimate, bootstrap

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Estimate", "Figure", "bootstrap"]

BINS = 10
"""Bins of the calibration error."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that sums up how right answers are.

    Attributes
    ----------
    weighted : callable
        Takes weights of rows, shape=(draws, n), and the arrays; returns one number a draw,
        shape=(draws,), NaN where a draw does not define it.
    """

    weighted: Callable[..., np.ndarray]

    def __call__(self, *arrays: np.ndarray) -> float:
        """The figure with every row counted once."""
        return float(self.weighted(np.ones((1, len(arrays[0]))), *arrays)[0])


def positive_arousal(quadrants: np.ndarray) -> np.ndarray:
    """Whether arousal is positive in each quadrant, shape=(n,), bool."""
    return np.isin(quadrants, (1, 2))


def positive_valence(quadrants: np.ndarray) -> np.ndarray:
    """Whether valence is positive in each quadrant, shape=(n,), bool."""
    return np.isin(quadrants, (1, 4))


def quadrants_of(arousal: np.ndarray, valence: np.ndarray) -> np.ndarray:
    """Quadrants 1..4 from whether arousal and valence are positive, bool of any shape, int."""
    return np.where(arousal, np.where(valence, 1, 2), np.where(valence, 4, 3))


def joint(positive: np.ndarray) -> np.ndarray:
    """Probabilities of quadrants 1..4 as if arousal and valence were independent, shape=(…, 4).

    Parameters
    ----------
    positive : np.ndarray, shape=(…, 2)
        Probabilities that arousal and valence are positive.
    """
    a, v = positive[..., 0], positive[..., 1]
    return np.stack([v * a, (1 - v) * a, (1 - v) * (1 - a), v * (1 - a)], axis=-1)


def axes(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of positive arousal and of positive valence, shape=(n,) each."""
    q = probabilities
    return q[:, 0] + q[:, 1], q[:, 0] + q[:, 3]


def guess(probabilities: np.ndarray) -> np.ndarray:
    """Quadrant by the signs of valence and arousal, as the product says it, shape=(n,), int.

    Not the most probable quadrant: a mean over time may have its signs elsewhere.
    """
    q = probabilities
    arousal = q[:, 0] + q[:, 1] >= q[:, 2] + q[:, 3]
    return quadrants_of(arousal, q[:, 0] + q[:, 3] >= q[:, 1] + q[:, 2])


def confusion(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Counts, shape=(4, 4): rows are the truth, columns the guess; unknown is left out."""
    table = np.zeros((4, 4), dtype=int)
    known = guess > 0
    np.add.at(table, (truth[known] - 1, guess[known] - 1), 1)
    return table


def _share(weights: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weighted share of true rows, shape=(draws,); NaN where nothing weighs."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (weights @ right.astype(float)) / weights.sum(axis=1)


@Figure
def mean(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean of a value a row."""
    return weights @ values / weights.sum(axis=1)


@Figure
def accuracy(weights: np.ndarray, truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Share of equal labels."""
    return _share(weights, truth == guess)


@Figure
def macro_f1(weights: np.ndarray, truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Mean over the four quadrants of the F1 score (0 where a quadrant is never met)."""
    scores = []
    for quadrant in (1, 2, 3, 4):
        true, said = truth == quadrant, guess == quadrant
        hits = weights @ (true & said).astype(float)
        total = weights @ (true.astype(float) + said)
        scores.append(np.divide(2.0 * hits, total, out=np.zeros_like(total), where=total > 0))
    return np.mean(scores, axis=0)


@Figure
def arousal_accuracy(weights: np.ndarray, truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Share of equal arousal signs (quadrants 1, 2 against 3, 4)."""
    right = positive_arousal(truth) == positive_arousal(guess)
    return _share(weights, right & (guess > 0))


@Figure
def valence_accuracy(weights: np.ndarray, truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Share of equal valence signs (quadrants 1, 4 against 2, 3)."""
    right = positive_valence(truth) == positive_valence(guess)
    return _share(weights, right & (guess > 0))


LABEL_FIGURES: dict[str, Figure] = {
    "quadrant accuracy": accuracy,
    "macro F1": macro_f1,
    "arousal accuracy": arousal_accuracy,
    "valence accuracy": valence_accuracy,
}
"""What every study says of quadrants that were guessed; each takes truth and guess."""


@Figure
def valence_within_arousal(weights: np.ndarray, truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Valence accuracy in each half of *true* arousal, averaged over the two halves.

    Copying arousal scores 0.5 here wherever each half holds as many quadrants of either sign.
    """
    right = (positive_valence(truth) == positive_valence(guess)) & (guess > 0)
    halves = (positive_arousal(truth), ~positive_arousal(truth))
    return np.mean([_share(weights * half, right) for half in halves], axis=0)


@Figure
def confidence_error(weights: np.ndarray, right: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Expected calibration error of stated confidences against what came true."""
    at = np.clip((confidence * BINS).astype(int), 0, BINS - 1)
    excess = right.astype(float) - confidence
    inside = np.zeros((len(at), BINS))
    inside[np.arange(len(at)), at] = excess
    return np.abs(weights @ inside).sum(axis=1) / weights.sum(axis=1)


@Figure
def calibration_error(
    weights: np.ndarray, truth: np.ndarray, probabilities: np.ndarray
) -> np.ndarray:
    """Expected calibration error of the quadrant that is guessed."""
    said = guess(probabilities)
    confidence = probabilities[np.arange(len(said)), said - 1]
    return confidence_error.weighted(weights, said == truth, confidence)


@Figure
def roc_auc(weights: np.ndarray, positive: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of a score; NaN where a draw has only one class."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf) > 0)
    ups = np.add.reduceat(weights[:, order] * positive[order], starts, axis=1)
    downs = np.add.reduceat(weights[:, order] * ~positive[order], starts, axis=1)
    below = np.cumsum(downs, axis=1) - 0.5 * downs
    with np.errstate(invalid="ignore", divide="ignore"):
        return (ups * below).sum(axis=1) / (ups.sum(axis=1) * downs.sum(axis=1))


@Figure
def arousal_auc(weights: np.ndarray, truth: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of the probability of positive arousal."""
    return roc_auc.weighted(weights, positive_arousal(truth), axes(probabilities)[0])


@Figure
def valence_auc(weights: np.ndarray, truth: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of the probability of positive valence."""
    return roc_auc.weighted(weights, positive_valence(truth), axes(probabilities)[1])


@Figure
def quadrant_auc(weights: np.ndarray, truth: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of each quadrant against the others, averaged."""
    areas = [
        roc_auc.weighted(weights, truth == quadrant, probabilities[:, quadrant - 1])
        for quadrant in (1, 2, 3, 4)
    ]
    return np.mean(areas, axis=0)


def _row_means(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted mean of each draw, shape=(draws,), of values (n,) or (draws, n)."""
    total = np.einsum("dn,dn->d", weights, np.broadcast_to(values, weights.shape))
    return total / weights.sum(axis=1)


def _moments(
    weights: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weighted means, variances and covariance of rows, shape=(draws,) each.

    ``x`` and ``y`` have shape (n,), or (draws, n) where they differ from draw to draw.
    """
    mean_x, mean_y = _row_means(weights, x), _row_means(weights, y)
    off_x, off_y = x - mean_x[:, None], y - mean_y[:, None]
    var_x, var_y = _row_means(weights, off_x**2), _row_means(weights, off_y**2)
    return mean_x, mean_y, var_x, var_y, _row_means(weights, off_x * off_y)


@Figure
def pearson(weights: np.ndarray, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Correlation of two continuous values; NaN where one is constant."""
    _, _, var_x, var_y, both = _moments(weights, truth, said)
    with np.errstate(invalid="ignore", divide="ignore"):
        return both / np.sqrt(var_x * var_y)


@Figure
def concordance(weights: np.ndarray, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Concordance correlation coefficient: 1 only where values are equal, not just in step."""
    mean_x, mean_y, var_x, var_y, both = _moments(weights, truth, said)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 2.0 * both / (var_x + var_y + (mean_x - mean_y) ** 2)


@Figure
def r_squared(weights: np.ndarray, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Share of the variance explained by values taken as they are; may be negative."""
    _, _, var_x, _, _ = _moments(weights, truth, said)
    error = weights @ (truth - said) ** 2 / weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1.0 - error / var_x


def _ranks(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mid-ranks of values of which row i exists ``weights[:, i]`` times, shape=(draws, n)."""
    order = np.argsort(values, kind="stable")
    first = np.diff(values[order], prepend=-np.inf) > 0
    heights = np.add.reduceat(weights[:, order], np.flatnonzero(first), axis=1)
    middle = np.cumsum(heights, axis=1) - 0.5 * heights
    ranks = np.empty_like(weights, dtype=float)
    ranks[:, order] = middle[:, np.cumsum(first) - 1]
    return ranks


@Figure
def spearman(weights: np.ndarray, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Correlation of ranks; NaN where one side is constant."""
    return pearson.weighted(weights, _ranks(weights, truth), _ranks(weights, said))
