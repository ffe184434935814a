"""Which expert counts how much: a line through the summaries between two kinds of music.

Conventions
-----------
``route`` has a weight for each value of a summary and an offset at the end (`models.route`). It is
fitted by logistic regression on summaries of clips heard alone in some colour, in units of their
deviation, with an L2 penalty, and folded back to summaries as they are. (A line through single rows
sent six times as many recordings to the expert for scores.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.training.medleys import colour

if TYPE_CHECKING:
    from models.training.medleys import Mixture
    from models.training.recurrent import Lessons
    from models.training.rows import RowMaker

EVERY = 16
"""Summaries between two that are taken."""
FIRST = 6
"""Pools heard at the first that is taken."""
PENALTY = 1e-2
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
    mixture : Mixture
        Says how many clips are coloured, and how much.

    Returns
    -------
    np.ndarray, shape=(width + 1,), float32
    """
    parts, truth = [], []
    for versions, is_played in zip(lessons.pools, played, strict=True):
        pools = versions[rng.integers(len(versions))]
        if rng.random() < mixture.coloured:
            pools = colour(pools, mixture.colour_db, rng)
        parts.append(maker.summaries(maker.rows(pools))[FIRST::EVERY])
        truth.append(np.full(len(parts[-1]), is_played))
    x, y = np.concatenate(parts), np.concatenate(truth)
    mean, deviation = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    line = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=300)
    line.fit(np.clip((x - mean) / deviation, -4.0, 4.0), y)
    weights = line.coef_[0] / deviation
    return np.append(weights, line.intercept_[0] - weights @ mean).astype(np.float32)
