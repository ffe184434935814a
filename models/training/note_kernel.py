"""The kernel machine of the model of played notes: least squares in the span of known pieces.

Conventions
-----------
Subset of regressors (A. Smola and B. Schölkopf, ICML 2000): the score is a sum over *landmarks*,
the whole pieces of the training part as they are, fitted by weighted ridge regression to ±1 (or the
mean of the listeners) on these pieces, on varied copies and on stretches of them. It is solved at
once, without chance, and is strong on whole pieces, where the networks are strong on short
stretches.
"""

from __future__ import annotations

import numpy as np

LIMIT = 4.0
GAMMA = 0.001
RIDGE = 1.0
CLEAN_WEIGHT = 10.0
"""Weight of a piece as it is; of a stretch of a varied copy it is 1 on average."""
_SMALLEST = 1e-3
"""Directions of the span with less variance than this are left out."""


def standardise(rows: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Rows as both voters see them, float32."""
    return np.clip((rows - mean) / scale, -LIMIT, LIMIT).astype(np.float32)


def kernel_matrix(one: np.ndarray, other: np.ndarray, gamma: float) -> np.ndarray:
    """``exp(-gamma ‖a - b‖²)`` of all pairs of rows, shape=(n_one, n_other)."""
    squares = (one * one).sum(axis=1)[:, None] + (other * other).sum(axis=1)[None]
    return np.exp(-gamma * np.maximum(squares - 2.0 * one @ other.T, 0.0))


def fit_kernel(
    whole: np.ndarray,
    truth: np.ndarray,
    rows: np.ndarray,
    targets: np.ndarray,
    weight: np.ndarray,
    networks: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Fit the machine; return its share of the arrays that `models.symbolic` runs.

    Parameters
    ----------
    whole : np.ndarray, shape=(n_landmarks, width)
        Pieces as they are.
    truth : np.ndarray, shape=(n_landmarks, 2)
        Their probabilities of positive (arousal, valence).
    rows, targets : np.ndarray, shape=(n, width), (n, 2)
        More rows to fit, and theirs.
    weight : np.ndarray, shape=(n,)
        How much each of ``rows`` counts, relatively.
    networks : dict
        ``mean`` and ``scale`` of the rows.
    """
    mean, scale = networks["mean"], networks["scale"]
    landmarks = standardise(whole, mean, scale)
    x = np.concatenate([landmarks, standardise(rows, mean, scale)])
    t = 2.0 * np.concatenate([truth, targets]) - 1.0
    w = np.full(len(x), CLEAN_WEIGHT)
    w[len(whole) :] = weight / max(float(weight.sum()) / max(len(weight), 1), 1e-12)
    values, vectors = np.linalg.eigh(kernel_matrix(landmarks, landmarks, GAMMA).astype(np.float64))
    kept = values > _SMALLEST
    span = vectors[:, kept] / np.sqrt(values[kept])
    features = kernel_matrix(x, landmarks, GAMMA) @ span.astype(np.float32)
    features = np.column_stack([features, np.ones(len(x), np.float32)])
    weighted = features * w[:, None].astype(np.float32)
    gram = (weighted.T @ features).astype(np.float64) + RIDGE * np.eye(features.shape[1])
    solved = np.linalg.solve(gram, weighted.T.astype(np.float64) @ t)
    return {
        "landmarks": landmarks,
        "alpha": (span @ solved[:-1]).astype(np.float32),
        "beta": solved[-1].astype(np.float32),
        "gamma": np.array(GAMMA, dtype=np.float32),
    }
