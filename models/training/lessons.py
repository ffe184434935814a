"""What the music model learns from: all corpora as one set of lessons.

Conventions
-----------
Every corpus counts by the weight in `SHARES`, and within a corpus rare quadrants count more (by the
root of the ratio, which stops half-way to balance). Side targets are GEMS ratings (share of the
listeners who felt each emotion, minus the mean, in units of the deviation) and, for scores, what
their notes say (`models.symbolic`, in units of the deviation within all scores): cheap truth about
rhythm, register, articulation and harmony that the labels leave unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.symbolic import row_of
from models.training.corpora import CORPORA, GEMS, Clip, emotify_ratings, load_corpus
from models.training.keeping import write_arrays
from models.training.notes import head, read_score
from models.training.recurrent import Lessons
from models.training.rows import Hearing, load_pools
from models.training.splits import assign_folds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHARES = {"panda_4q": 1.0, "emopia": 1.0, "vgmidi": 1.0, "ym2413_mdb": 0.6, "emotify": 0.6}
"""How much one clip of each corpus counts."""
HEARINGS = {
    "panda_4q": Hearing(versions=4),
    "emopia": Hearing(versions=4),
    "vgmidi": Hearing(versions=3, limit_s=60.0),
    "ym2413_mdb": Hearing(versions=0),
    "emotify": Hearing(versions=1),
}
"""How each corpus is heard for training."""
PLAYED = {
    "emopia": Hearing(versions=1, plain=False, seed=1, fluid=True),
    "vgmidi": Hearing(versions=1, plain=False, seed=1, fluid=True, limit_s=60.0),
}
"""How scores are heard once more: by the synthesiser that most programs play them with."""
EXAMINED = {
    "emopia": Hearing(examined=True),
    "vgmidi": Hearing(examined=True, limit_s=60.0),
}
"""How scores are heard to calibrate; all else is heard as it is."""


@dataclass(frozen=True, slots=True)
class School:
    """All clips with what there is to learn from them.

    Attributes
    ----------
    clips : list of Clip
    folds : np.ndarray, shape=(n_clips,), int
        Of each clip within its corpus.
    lessons : Lessons
    """

    clips: list[Clip]
    folds: np.ndarray
    lessons: Lessons

    def of(self, corpus: str) -> np.ndarray:
        """Indices of the clips of a corpus."""
        return np.asarray([i for i, clip in enumerate(self.clips) if clip.corpus == corpus])


def _balance(quadrants: np.ndarray) -> np.ndarray:
    """Weights that stop half-way to equal quadrants, mean 1."""
    counts = np.bincount(quadrants, minlength=5).astype(float)
    weights = 1.0 / np.sqrt(np.maximum(counts[quadrants], 1.0))
    return weights / weights.mean()


def _standardised(values: np.ndarray) -> np.ndarray:
    """Columns to mean 0 and deviation 1, limited to ±3; NaN stays."""
    deviation = np.maximum(np.nanstd(values, axis=0), 1e-6)
    return np.clip((values - np.nanmean(values, axis=0)) / deviation, -3.0, 3.0)


def _side_targets(clips: Sequence[Clip], data: Path, cache: Path) -> np.ndarray:
    """GEMS and note features of each clip, shape=(n_clips, n_side), NaN where unknown."""
    path = cache / f"side-{len(clips)}.npz"
    if path.is_file():
        with np.load(path) as stored:
            return stored["side"]
    rows = [_note_row(clip) if clip.is_score else None for clip in clips]
    width = max((len(row) for row in rows if row is not None), default=0)
    notes = np.asarray([np.full(width, np.nan) if row is None else row for row in rows])
    felt = np.full((len(clips), len(GEMS)), np.nan)
    ratings = emotify_ratings(data / "emotify") if "emotify" in {c.corpus for c in clips} else {}
    for i, clip in enumerate(clips):
        felt[i] = ratings.get(f"audio/{clip.path.name}", np.nan)
    known = [part for part in (felt, notes) if np.isfinite(part).any()]
    side = np.concatenate([np.zeros((len(clips), 0)), *map(_standardised, known)], axis=1)
    side = side.astype(np.float32)
    write_arrays(path, side=side)
    return side


def _note_row(clip: Clip) -> np.ndarray | None:
    """What the notes say of the part of a score that is heard in training."""
    part = head(read_score(clip), HEARINGS[clip.corpus].limit_s)
    return row_of(part.notes, part.stop_s)


def load_school(data: Path, cache: Path, corpora: Sequence[str] = CORPORA) -> School:
    """Load all corpora, heard as for training; slow the first time.

    Parameters
    ----------
    data : Path
        Folder of the corpora's folders.
    cache : Path
        Folder for what was computed.
    corpora : sequence of str
        Which.
    """
    clips: list[Clip] = []
    folds: list[np.ndarray] = []
    weights: list[np.ndarray] = []
    pools: list[list[np.ndarray]] = []
    for name in corpora:
        own = load_corpus(name, data)
        quadrants = np.asarray([clip.quadrant for clip in own])
        clips += own
        folds.append(assign_folds(list(quadrants), [clip.group for clip in own]))
        weights.append(SHARES[name] * _balance(quadrants))
        heard = load_pools(own, HEARINGS[name], cache)
        if name in PLAYED:
            more = load_pools(own, PLAYED[name], cache)
            heard = [one + other for one, other in zip(heard, more, strict=True)]
        pools += heard
    targets = np.asarray([clip.targets for clip in clips], dtype=np.float32)
    side = _side_targets(clips, data, cache)
    counts = np.concatenate(weights).astype(np.float32)
    return School(clips, np.concatenate(folds), Lessons(pools, targets, counts, side))


def load_examined(school: School, cache: Path) -> list[np.ndarray]:
    """Pools of each clip as models are examined on it."""
    pools = [versions[0] for versions in school.lessons.pools]
    for corpus, hearing in EXAMINED.items():
        own = school.of(corpus)
        if len(own):
            heard = load_pools([school.clips[i] for i in own], hearing, cache)
            for i, versions in zip(own, heard, strict=True):
                pools[i] = versions[0]
    return pools
