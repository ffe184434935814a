"""Corpora of MIDI as rows of features, with what they are examined on; kept in a cache.

Conventions
-----------
`Corpus.rows` are for learning (`models.training.notes.rows_to_learn`); `Corpus.views` are the
pieces as they are, heard whole, for some seconds, or played at another level. Corpora are read once
and kept in one ``.npz`` file outside the project, tied to the features by their digest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from models.symbolic import features_digest, row_of
from models.training.corpora import load_corpus
from models.training.notes import Score, head, read_score, rows_to_learn, with_gain
from models.training.splits import FOLDS, assign_folds

if TYPE_CHECKING:
    from pathlib import Path

COPIES = {"emopia": 10, "vgmidi": 16}
"""Corpora, and rows to learn from of each piece."""
EXAMINED = "emopia"
"""The corpus that is also examined by seconds heard and by level."""
SECONDS = (2, 3, 5, 10, 20)
GAINS = (0.6, 0.75, 1.25, 1.5)
WHOLE = "whole"
HEARD = (*(f"{seconds} s" for seconds in SECONDS), WHOLE)
"""Views by how much was heard."""
LEVELS = tuple(f"x{gain:g}" for gain in GAINS)
"""Views by the factor of the velocities, rounded, clipped at 127."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows of one corpus.

    Attributes
    ----------
    name : str
    rows, owners : np.ndarray
        Of `models.training.notes.rows_to_learn`.
    views : dict of str to np.ndarray, shape=(n, width)
        Rows of the pieces to be examined on, by `HEARD` and `LEVELS`; NaN where there are too few
        notes.
    targets : np.ndarray, shape=(n, 2)
    quadrants : np.ndarray, shape=(n,)
    groups : list of str
    """

    name: str
    rows: np.ndarray
    owners: np.ndarray
    views: dict[str, np.ndarray]
    targets: np.ndarray
    quadrants: np.ndarray
    groups: list[str]

    def folds(self, count: int) -> np.ndarray:
        """Fold of every piece, shape=(n,), int."""
        if count == FOLDS:
            return assign_folds(list(self.quadrants), self.groups)
        folds = np.zeros(len(self.quadrants), dtype=int)
        splitter = StratifiedGroupKFold(count, shuffle=True, random_state=0)
        for k, (_, test) in enumerate(splitter.split(folds, self.quadrants, self.groups)):
            folds[test] = k
        return folds


def _describe(scores: list[Score], width: int) -> np.ndarray:
    rows = [row_of(score.notes, score.stop_s) for score in scores]
    return np.asarray([np.full(width, np.nan) if row is None else row for row in rows])


def _views(name: str, scores: list[Score], width: int) -> dict[str, np.ndarray]:
    whole = [head(score, None) for score in scores]
    views = {WHOLE: _describe(whole, width)}
    if name != EXAMINED:
        return views
    for seconds in SECONDS:
        views[f"{seconds} s"] = _describe([head(score, seconds) for score in scores], width)
    for gain in GAINS:
        played = [replace(score, notes=with_gain(score.notes, gain)) for score in whole]
        views[f"x{gain:g}"] = _describe(played, width)
    return views


def read_corpus(name: str, data: Path) -> Corpus:
    """Read a corpus of MIDI files and describe it: minutes."""
    clips = load_corpus(name, data)
    scores = [read_score(clip) for clip in clips]
    rows, owners = rows_to_learn(scores, COPIES[name], seed=0)
    return Corpus(
        name,
        rows,
        owners,
        _views(name, scores, rows.shape[1]),
        np.asarray([clip.targets for clip in clips]),
        np.asarray([clip.quadrant for clip in clips]),
        [clip.group for clip in clips],
    )


def load_corpora(data: Path, cache: Path | None) -> list[Corpus]:
    """Read all corpora, or what an earlier run has left in ``cache`` for the same features."""
    key = features_digest()
    if cache is not None and cache.is_file():
        with np.load(cache) as kept:
            if str(kept["key"]) == key:
                return [_unpack(name, dict(kept)) for name in COPIES]
    corpora = [read_corpus(name, data) for name in COPIES]
    if cache is not None:
        arrays = {"key": np.array(key)}
        for corpus in corpora:
            for field in ("rows", "owners", "targets", "quadrants", "groups"):
                arrays[f"{corpus.name}/{field}"] = np.asarray(getattr(corpus, field))
            for view, rows in corpus.views.items():
                arrays[f"{corpus.name}/view/{view}"] = rows
        np.savez(cache, **arrays)
    return corpora


def _unpack(name: str, kept: dict[str, np.ndarray]) -> Corpus:
    start = f"{name}/view/"
    views = {key.removeprefix(start): kept[key] for key in kept if key.startswith(start)}
    fields = [kept[f"{name}/{field}"] for field in ("rows", "owners", "targets", "quadrants")]
    rows, owners, targets, quadrants = fields
    return Corpus(name, rows, owners, views, targets, quadrants, kept[f"{name}/groups"].tolist())
