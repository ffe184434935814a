"""Which expert counts how much: a line through the row space between two kinds of music.

Conventions
-----------
``route`` has a weight for each row value and an offset at the end; ``σ(route · [row, 1])`` is the
share of expert 1, for played scores. It is fitted by logistic regression on rows of training
examples, in units of their deviation, with an L2 penalty, and folded back to rows as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.training.medleys import draw_examples

if TYPE_CHECKING:
    from models.training.medleys import Mixture
    from models.training.recurrent import Lessons
    from models.training.rows import RowMaker

EVERY = 16
"""Rows between two that are taken."""
PENALTY = 1e-3
"""Inverse strength of the penalty, scikit-learn's C."""


def fit_route(
    lessons: Lessons,
    played: np.ndarray,
    mixture: Mixture,
    maker: RowMaker,
    rng: np.random.Generator,
) -> np.ndarray:
    """Fit the share of expert 1.

    Parameters
    ----------
    lessons : Lessons
    played : np.ndarray, shape=(n_clips,), bool
        Which clips are played scores.

    Returns
    -------
    np.ndarray, shape=(width + 1,), float32
    """
    rows, truth = [], []
    for example in draw_examples(lessons.pools, lessons.targets, mixture, maker, rng):
        if example.clip >= 0:
            rows.append(example.rows[4::EVERY])
            truth.append(np.full(len(rows[-1]), played[example.clip]))
    x, y = np.concatenate(rows), np.concatenate(truth)
    mean, deviation = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    line = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=200)
    line.fit(np.clip((x - mean) / deviation, -4.0, 4.0), y)
    weights = line.coef_[0] / deviation
    return np.append(weights, line.intercept_[0] - weights @ mean).astype(np.float32)
