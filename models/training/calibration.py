"""From logits of arousal and valence to honest quadrant probabilities.

Conventions
-----------
Logits have shape (…, 2): arousal, valence. A temperature divides a logit; it is fitted on clips
that the networks have not learned from, over every instant of them, so that confidence is right
while little has been heard as well as at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence


def quadrant_probabilities(logits: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Probabilities of quadrants 1..4, shape=(…, 4), of logits, shape=(…, 2)."""
    return metrics.joint(1.0 / (1.0 + np.exp(-logits / temperatures)))


def clip_probabilities(logits: Sequence[np.ndarray], temperatures: np.ndarray) -> np.ndarray:
    """Mean over each clip, as `oscbridge.analyzer.Analyzer.summary` does, shape=(n, 4)."""
    return np.asarray([quadrant_probabilities(l_, temperatures).mean(axis=0) for l_ in logits])


def fit_temperatures(
    logits: Sequence[np.ndarray], targets: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """Temperatures that make every instant's probabilities most likely, shape=(2,).

    Parameters
    ----------
    logits : sequence of np.ndarray, shape=(n_rows, 2)
        Of each clip.
    targets : np.ndarray, shape=(n_clips, 2)
        Probabilities that arousal and valence are positive.
    weights : np.ndarray, shape=(n_clips,), optional
        How much each clip counts, however long it is.
    """
    lengths = np.asarray([len(l_) for l_ in logits])
    counts = np.ones(len(logits)) if weights is None else weights
    share = np.repeat(counts / np.maximum(lengths, 1), lengths)
    every, truth = np.concatenate(logits), np.repeat(targets, lengths, axis=0)
    grid = np.geomspace(0.3, 6.0, 80)
    best = []
    for axis in range(2):
        x, p = every[:, axis], truth[:, axis]
        losses = [np.sum(share * (np.logaddexp(0.0, x / t) - p * x / t)) for t in grid]
        best.append(grid[int(np.argmin(losses))])
    return np.asarray(best)
