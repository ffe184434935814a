"""Classical baselines on clip statistics: what a model has to beat to be worth its streaming.

Conventions
-----------
A baseline sees the whole clip at once (`models.training.statistics`), is fitted on four folds of
one corpus and guesses the fifth, on the folds of `models.training.splits`. Its settings were fixed
beforehand. On played scores baselines are favoured: they are fitted on the very soundfont on which
they are examined, which our models never hear in training. What becomes of them where they learn
from one soundfont and are examined on another is what ``heard`` of `cross_fit` is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from models import metrics

if TYPE_CHECKING:
    from models.training.takes import Corpus

MAJORITY = "majority"
_TREES = {"n_estimators": 500, "min_samples_leaf": 2, "random_state": 0}
_TREE = {"min_samples_leaf": 10, "random_state": 0}
CLASSIFIERS = {
    MAJORITY: DummyClassifier(strategy="most_frequent"),
    "SVM": make_pipeline(StandardScaler(), SVC(C=3.0)),
    "decision tree": DecisionTreeClassifier(**_TREE),
    "random forest": RandomForestClassifier(**_TREES),
    "extra trees": ExtraTreesClassifier(**_TREES),
}
REGRESSORS = {
    MAJORITY: DummyRegressor(),
    "SVM": make_pipeline(StandardScaler(), SVR(C=1.0)),
    "decision tree": DecisionTreeRegressor(**_TREE),
    "random forest": RandomForestRegressor(**_TREES),
    "extra trees": ExtraTreesRegressor(**_TREES),
}


@dataclass(frozen=True, slots=True)
class Guesses:
    """What a baseline says of every clip of a corpus when it is held out.

    Attributes
    ----------
    quadrants : np.ndarray, shape=(n,), int
        0 where the corpus has no quadrants.
    arousal, valence : np.ndarray, shape=(n,)
        Values on the corpus's own scale, zeros where nobody rated.
    """

    quadrants: np.ndarray
    arousal: np.ndarray
    valence: np.ndarray


def _held_out(
    estimator: Any, heard: np.ndarray, statistics: np.ndarray, truth: np.ndarray, folds: np.ndarray
) -> np.ndarray:
    """Guesses for each fold of an estimator fitted on ``heard`` of the others, shape=(n,)."""
    result = np.zeros(len(truth), dtype=truth.dtype)
    for fold in np.unique(folds):
        test = folds == fold
        fitted = clone(estimator).fit(heard[~test], truth[~test])
        result[test] = fitted.predict(statistics[test])
    return result


def cross_fit(
    corpus: Corpus, statistics: np.ndarray, name: str, heard: np.ndarray | None = None
) -> Guesses:
    """Guesses of one baseline, every clip held out once.

    Parameters
    ----------
    corpus : Corpus
    statistics : np.ndarray, shape=(n, width)
        A row a clip.
    name : str
        A key of `CLASSIFIERS`.
    heard : np.ndarray, optional, shape=(n, width)
        From what it learns, where that is not what it is examined on: the same clips played
        otherwise.
    """
    heard = statistics if heard is None else heard
    zeros = np.zeros(len(corpus.clips))
    ratings = corpus.ratings()
    axes = (zeros, zeros) if ratings is None else ratings
    arousal, valence = (
        _held_out(REGRESSORS[name], heard, statistics, truth, corpus.folds) if ratings else truth
        for truth in axes
    )
    quadrants = corpus.quadrants
    if quadrants.all():
        quadrants = _held_out(CLASSIFIERS[name], heard, statistics, quadrants, corpus.folds)
    return Guesses(quadrants, arousal, valence)


def strongest(corpus: Corpus, guesses: dict[str, Guesses]) -> str:
    """Name of the baseline with the best macro F1."""
    truth = corpus.quadrants
    return max(guesses, key=lambda name: metrics.macro_f1(truth, guesses[name].quadrants))
