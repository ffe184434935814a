"""Who is examined on what: one division of every corpus into folds, for all models.

Conventions
-----------
A fold is a number 0..`FOLDS` - 1. Clips of one *group* (artist, song, series, game, track) share a
fold, so that no model is examined on a voice that it was trained on. The division depends on the
order of the clips as the loaders give it, on nothing else. Fold ``k`` of a model was fitted on all
clips of all its corpora that are not in fold ``k``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDS = 5


def assign_folds(quadrants: Sequence[int], groups: Sequence[str]) -> np.ndarray:
    """Fold of every clip of one corpus, shape=(n,), int: grouped, stratified by quadrant, seed 0.

    Parameters
    ----------
    quadrants : sequence of int
        1..4; 0 where a corpus has none.
    groups : sequence of str
        What must not stand on both sides.
    """
    folds = np.zeros(len(quadrants), dtype=int)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    labels = np.asarray(quadrants)
    for k, (_, test) in enumerate(splitter.split(labels, labels, list(groups))):
        folds[test] = k
    return folds


def split_digest(folds: np.ndarray, groups: Sequence[str]) -> str:
    """First 12 hex digits of the SHA-256 of a division, for cards and tables."""
    text = "\n".join(f"{group}\t{fold}" for group, fold in zip(groups, folds, strict=True))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
