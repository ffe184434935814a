"""The baselines of every corpus, fitted once and kept.

Conventions
-----------
Statistics of a clip are kept in the cache, keyed by how the clip's sound is made; guesses are kept
by the division of the corpus. The set ``librosa`` is slow and made for `LIBROSA` only. On `NAIVE`
clips are summed up by the pools from which the rows of the music model are made, and each baseline
is fitted twice: on the held-out soundfont itself, and on one of those that our models learn from.
What is left of the second on the held-out one is what an ordinary model of clip statistics is worth
on an instrument that it has never heard.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from models.intervals import Resampling
from models.training.baselines import CLASSIFIERS, MAJORITY, Guesses, cross_fit
from models.training.conditions import CLEAN
from models.training.corpora import read_audio
from models.training.examine import examine_labels, examine_values
from models.training.keeping import write_arrays
from models.training.render import RATE, TRAINING_FONTS, Voice
from models.training.rows import PoolReader
from models.training.statistics import librosa_statistics, sum_up
from models.training.takes import TakeStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.takes import Corpus

LIBROSA = ("panda_4q",)
"""Corpora whose clips are also summed up by librosa."""
NAIVE = ("emopia",)
"""Corpora of scores on which baselines also learn from another soundfont than they meet."""
OTHER_VOICE = Voice(font=TRAINING_FONTS[0], program=0, pedal=True)
HEARD_S = 32.0
"""How much of the clips of `NAIVE` is summed up, seconds: what the music model learns from."""
FRAMES = "frames"
POOLS = "pools"
OTHER = "pools of another soundfont"


class References:
    """Baselines and what they guess.

    Parameters
    ----------
    cache : Path
        Folder outside the project.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._store = TakeStore(cache)

    def guesses(self, corpus: Corpus) -> dict[str, Guesses]:
        """What each baseline says of the held-out clips, by its name."""
        path = self._path(corpus, "guesses")
        if not path.is_file():
            self._fit(corpus, path)
        with np.load(path) as stored:
            names = sorted({key.rpartition("/")[0] for key in stored.files})
            return {
                name: Guesses(
                    stored[f"{name}/quadrants"],
                    stored[f"{name}/arousal"],
                    stored[f"{name}/valence"],
                )
                for name in names
            }

    def collect(self, corpora: Sequence[Corpus]) -> dict[str, Any]:
        """Figures of all baselines, ready for JSON."""
        found: dict[str, Any] = {}
        for corpus in corpora:
            draws = Resampling(corpus.groups)
            found[corpus.name] = {"n": len(corpus.clips), "split": corpus.split}
            for name, said in self.guesses(corpus).items():
                labelled = bool(corpus.quadrants.all())
                found[corpus.name][name] = {
                    **(examine_labels(corpus.quadrants, said.quadrants, draws) if labelled else {}),
                    **examine_values(corpus, said.arousal, said.valence, draws),
                }
        return {"corpora": found}

    def _fit(self, corpus: Corpus, path: Path) -> None:
        kept: dict[str, np.ndarray] = {}
        kinds = [POOLS, OTHER] if corpus.name in NAIVE else [FRAMES]
        kinds += ["librosa"] * (corpus.name in LIBROSA)
        for kind in kinds:
            heard = self._statistics(corpus, kind)
            met = self._statistics(corpus, POOLS) if kind == OTHER else heard
            for name in CLASSIFIERS:
                title = name if name == MAJORITY else f"{name}, {kind}"
                if f"{title}/quadrants" in kept:
                    continue
                said = cross_fit(corpus, met, name, heard)
                kept[f"{title}/quadrants"] = said.quadrants
                kept[f"{title}/arousal"] = said.arousal
                kept[f"{title}/valence"] = said.valence
        write_arrays(path, **kept)

    def _statistics(self, corpus: Corpus, kind: str) -> np.ndarray:
        """A row a clip, shape=(n, width)."""
        path = self._path(corpus, kind)
        if path.is_file():
            with np.load(path) as stored:
                return stored["statistics"]
        rows = []
        reader = PoolReader()
        for clip in tqdm(corpus.clips, desc=f"{corpus.name}: {kind} statistics", unit="clip"):
            if kind == FRAMES:
                rows.append(sum_up(self._store.take(clip, CLEAN).values))
            elif kind == POOLS:
                samples = self._store.sound(clip, CLEAN)[: round(HEARD_S * RATE)]
                rows.append(sum_up(reader.read(samples)))
            elif kind == OTHER:
                rows.append(sum_up(reader.read(read_audio(clip, OTHER_VOICE, HEARD_S))))
            else:
                rows.append(librosa_statistics(self._store.sound(clip, CLEAN), RATE))
        statistics = np.asarray(rows)
        write_arrays(path, statistics=statistics)
        return statistics

    def _path(self, corpus: Corpus, what: str) -> Path:
        text = f"{corpus.split} {self._store.frames_digest} {len(corpus.clips)}"
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        return self._cache / "references" / f"{corpus.name}-{what.replace(' ', '-')}-{key}.npz"
