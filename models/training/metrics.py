"""How right a classifier of quadrants is, with intervals.

Conventions
-----------
Quadrants are 1..4 (`models.types`); probabilities have shape (n, 4) in that order. Intervals are 95
% percentile bootstraps that draw whole *groups* (artists, songs), because clips of one artist are
no independent evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def accuracy(truth: np.ndarray, guess: np.ndarray) -> float:
    """Share of equal labels."""
    return float(np.mean(truth == guess))


def macro_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """Mean over the four quadrants of the F1 score (0 where a quadrant is never met)."""
    scores = []
    for quadrant in (1, 2, 3, 4):
        hits = np.sum((truth == quadrant) & (guess == quadrant))
        total = np.sum(truth == quadrant) + np.sum(guess == quadrant)
        scores.append(2.0 * hits / total if total else 0.0)
    return float(np.mean(scores))


def arousal_accuracy(truth: np.ndarray, guess: np.ndarray) -> float:
    """Share of equal arousal signs (quadrants 1, 2 against 3, 4)."""
    return float(np.mean((truth <= 2) == (guess <= 2)))


def valence_accuracy(truth: np.ndarray, guess: np.ndarray) -> float:
    """Share of equal valence signs (quadrants 1, 4 against 2, 3)."""
    return float(np.mean(np.isin(truth, (1, 4)) == np.isin(guess, (1, 4))))


def calibration_error(truth: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error of the best quadrant (Guo et al. 2017), equal-width bins."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) + 1 == truth
    edges = np.clip((confidence * bins).astype(int), 0, bins - 1)
    error = 0.0
    for i in range(bins):
        inside = edges == i
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(error)


def confusion(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Counts, shape=(4, 4): rows are the truth, columns the guess."""
    table = np.zeros((4, 4), dtype=int)
    np.add.at(table, (truth - 1, guess - 1), 1)
    return table


def bootstrap(
    figure: Callable[..., float],
    groups: Sequence[str],
    *arrays: np.ndarray,
    draws: int = 2000,
    seed: int = 0,
) -> Estimate:
    """A figure of ``arrays`` and its 95 % interval over resampled groups.

    Parameters
    ----------
    figure : callable
        Takes the arrays, returns a number.
    groups : sequence of str
        Group of each row.
    arrays : np.ndarray, shape=(n, …)
    draws, seed : int
        Bootstrap samples and their seed.
    """
    _, codes = np.unique(np.asarray(groups), return_inverse=True)
    members = [np.flatnonzero(codes == g) for g in range(codes.max() + 1)]
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        picked = rng.integers(0, len(members), len(members))
        rows = np.concatenate([members[g] for g in picked])
        values.append(figure(*(array[rows] for array in arrays)))
    low, high = np.percentile(values, (2.5, 97.5))
    return Estimate(figure(*arrays), float(low), float(high))
