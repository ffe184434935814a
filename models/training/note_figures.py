"""How right the model of played notes is: calibrated answers, classical models beside, intervals.

Conventions
-----------
All figures are of pieces that were held out: ten folds, no song in two. A piece in which too few
notes were heard is answered with 0 (unknown), which is never right. Intervals resample songs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from models import metrics
from models.intervals import Resampling
from models.training.calibration import quadrant_probabilities
from models.training.note_corpora import HEARD, LEVELS, WHOLE
from models.training.splits import split_digest

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

    from models.training.note_corpora import Corpus

TEN = 10
"""Folds of the examination."""


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Temperatures that make the truth most likely, shape=(2,)."""
    grid = np.geomspace(0.3, 3.0, 100)
    best = []
    for axis in range(2):
        z, t = logits[:, axis], targets[:, axis]
        losses = [np.mean(np.logaddexp(0.0, z / g) - t * z / g) for g in grid]
        best.append(grid[int(np.argmin(losses))])
    return np.asarray(best, dtype=np.float32)


def calibrated(held: dict[str, np.ndarray], corpus: Corpus) -> dict[str, np.ndarray]:
    """Probabilities of every view, with temperatures of the other folds' answers."""
    folds = corpus.folds(TEN)
    heard = [view for view in HEARD if view in held]
    result = {view: np.zeros((len(folds), 4)) for view in held}
    for fold in range(TEN):
        others = folds != fold
        logits = np.concatenate([held[view][others] for view in heard])
        temperature = fit_temperature(logits, np.tile(corpus.targets[others], (len(heard), 1)))
        for view, said in held.items():
            result[view][~others] = quadrant_probabilities(said[~others], temperature)
    return result


def _classical() -> dict[str, ClassifierMixin]:
    return {
        "logistic regression": make_pipeline(
            StandardScaler(), LogisticRegression(C=0.01, max_iter=500)
        ),
        "support vectors": make_pipeline(StandardScaler(), SVC(C=2.0, gamma=0.001)),
        "random forest": RandomForestClassifier(100, min_samples_leaf=2, random_state=0),
    }


def baselines(corpus: Corpus) -> dict[str, np.ndarray]:
    """Quadrants that classical models guess of whole pieces, same features, same folds."""
    rows, folds = np.nan_to_num(corpus.views[WHOLE]), corpus.folds(TEN)
    guesses: dict[str, np.ndarray] = {}
    for name, classifier in _classical().items():
        said = np.zeros(len(rows), dtype=int)
        for fold in range(TEN):
            train = folds != fold
            said[~train] = classifier.fit(rows[train], corpus.quadrants[train]).predict(
                rows[~train]
            )
        guesses[name] = said
    most = np.zeros(len(rows), dtype=int)
    for fold in range(TEN):
        train = folds != fold
        most[~train] = np.bincount(corpus.quadrants[train]).argmax()
    return guesses | {"majority": most}


def examine(corpora: list[Corpus], held: dict[str, dict[str, np.ndarray]]) -> dict[str, object]:
    """Figures with intervals, printed and returned for the card."""
    main = corpora[0]
    said = calibrated(held[main.name], main)
    groups = main.groups
    draws = Resampling(groups)

    def told(figure: metrics.Figure, *arrays: np.ndarray) -> str:
        """A figure of the main corpus with its interval."""
        return str(draws.estimate(figure, *arrays))

    figures: dict[str, object] = {
        "n": len(groups),
        "split": f"emopia, ten folds, no song in two, {split_digest(main.folds(TEN), groups)}",
        "interval": "95 %, 2,000 bootstrap draws of songs",
    }
    guesses = {"model": metrics.guess(said[WHOLE])} | baselines(main)
    for name, figure in metrics.LABEL_FIGURES.items():
        figures[name] = {who: told(figure, main.quadrants, q) for who, q in guesses.items()}
    figures["calibration error"] = told(metrics.calibration_error, main.quadrants, said[WHOLE])
    for view in (*HEARD, *LEVELS):
        known = held[main.name][view].any(axis=1)
        guess = np.where(known, metrics.guess(said[view]), 0)
        figures[view] = {
            name: told(figure, main.quadrants, guess)
            for name, figure in metrics.LABEL_FIGURES.items()
        } | {"calibration error": told(metrics.calibration_error, main.quadrants, said[view])}
    for other in corpora[1:]:
        guess = metrics.guess(calibrated(held[other.name], other)[WHOLE])
        figures[other.name] = {"n": len(other.groups)} | {
            name: str(metrics.bootstrap(figure, other.groups, other.quadrants, guess))
            for name, figure in metrics.LABEL_FIGURES.items()
        }
    figures["confusion"] = metrics.confusion(main.quadrants, guesses["model"]).tolist()
    for name, value in figures.items():
        print(f"{name}: {value}", flush=True)
    return figures
