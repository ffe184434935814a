"""Clips as the personal model meets them: what the base says at their end, and how they sound.

Conventions
-----------
The base is the fold model that has heard no clip of the same group (`models.training.splits`), fed
with the pools of the clip as it is (`models.training.rows`); its networks, readers and route are
those of the run time. What it says after the last pool is what a listener would correct.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.personal_features import FEATURES, Description
from models.readers import Readers
from models.route import Route
from models.training.corpora import load_corpus
from models.training.keeping import write_arrays
from models.training.lessons import EXAMINED, HEARINGS
from models.training.rows import Hearing, RowMaker, load_pools
from models.training.splits import FOLDS, assign_folds
from models.votes import Votes
from models.weights import read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.corpora import Clip
    from models.weights import Weights


@dataclass(frozen=True)
class Heard:
    """A corpus as the base hears it.

    Attributes
    ----------
    clips : list of Clip
    points : np.ndarray, shape=(n, 2)
        Valence and arousal that the base says.
    features : np.ndarray, shape=(n, len(FEATURES))
    folds : tuple of str
        Digests of the base's fold models.
    """

    clips: list[Clip]
    points: np.ndarray
    features: np.ndarray
    folds: tuple[str, ...]


class _Base:
    """One fold model, from pools to the last answer."""

    def __init__(self, weights: Weights, maker: RowMaker) -> None:
        self._maker = maker
        width = maker.summaries(np.zeros((1, maker.width), np.float32)).shape[1]
        self._votes = Votes(weights, maker.width)
        self._readers = Readers(weights, width)
        self._peaks = Readers(weights, maker.peak_width, "peak")
        self._route = Route(weights, width)
        self._description = Description(width)

    def hear(self, pools: np.ndarray) -> tuple[np.ndarray, tuple[float, ...]]:
        """Valence and arousal after the last pool, and the features then."""
        rows = self._maker.rows(pools)
        summaries = self._maker.summaries(rows)
        self._votes.reset()
        for row, summary, peaks in zip(rows, summaries, self._maker.peaks(pools), strict=True):
            readings = self._readers.push(summary) + self._peaks.push(peaks)
            self._votes.push(row, readings, self._route.push(summary))
        arousal, valence = np.tanh(self._votes.logits.astype(float) / 2.0)
        return np.asarray([valence, arousal]), self._description.of(summaries[-1])


def hear_corpus(name: str, data: Path, cache: Path, folds: Path) -> Heard:
    """Hear a corpus, each clip by the fold model that does not know it; from the cache if there.

    Parameters
    ----------
    name : str
        One of `models.training.corpora.CORPORA`.
    data, cache : Path
        Folder of the corpora; folder for what was computed.
    folds : Path
        Folder of ``music-0`` to ``music-4``.
    """
    clips = load_corpus(name, data)
    weights = [read_weights(f"music-{k}", folds) for k in range(FOLDS)]
    digests = tuple(one.digest[:12] for one in weights)
    key = hashlib.sha256(f"1 {FEATURES} {digests} {[c.path.name for c in clips]}".encode())
    path = cache / f"personal-{name}-{key.hexdigest()[:12]}.npz"
    if path.is_file():
        with np.load(path) as stored:
            return Heard(clips, stored["points"], stored["features"], digests)
    points, features = _hear(clips, weights, load_pools(clips, _hearing(name), cache))
    write_arrays(path, points=points, features=features)
    return Heard(clips, points, features, digests)


def _hearing(name: str) -> Hearing:
    """How the clips of a corpus are heard, as for the examination of models."""
    return EXAMINED.get(name, HEARINGS[name])


def _hear(
    clips: Sequence[Clip], weights: Sequence[Weights], pools: Sequence[Sequence[np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    maker = RowMaker()
    folds = assign_folds([clip.quadrant for clip in clips], [clip.group for clip in clips])
    bases = [_Base(one, maker) for one in weights]
    said = [bases[fold].hear(versions[0]) for fold, versions in zip(folds, pools, strict=True)]
    return np.asarray([point for point, _ in said]), np.asarray([row for _, row in said])
