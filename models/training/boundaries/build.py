"""List entry to sound and truth: pieces cut out, brought to one loudness, faded into each other.

Conventions
-----------
Samples are mono float32 at `models.training.render.RATE`, shape=(n,). A cross-fade is of equal
power: the gains are sine and cosine. The loudness of a stretch is its integrated loudness by EBU
R128 (ITU-R BS.1770, gated); ``matched`` brings it to `LOUDNESS_LUFS`, by `LARGEST_GAIN_DB` at most.
Quadrants are those of the corpora. `Truth.times_s` counts from the first sample.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.training.boundaries import TEST_FOLDS, consensus
from models.training.conditions import CLEAN
from models.training.corpora import read_audio
from models.training.keeping import write_arrays
from models.training.render import RATE, TRAINING_FONTS
from models.training.takes import (
    EXAM_VOICE,
    LIMIT_S,
    Corpus,
    TakeStore,
    describe_voice,
    open_corpus,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.boundaries.medleys import Medley, MedleyList
    from models.training.corpora import Clip
    from models.training.render import Voice

CORPORA = ("panda_4q", "emopia", "vgmidi")
LOUDNESS_LUFS = -26.0
LARGEST_GAIN_DB = 30.0
TUNING_VOICE = replace(EXAM_VOICE, font=TRAINING_FONTS[1], pedal=True)
"""Plays scores that are not of the test list: settings are chosen without the held-out font."""
_LONGEST_S = 400.0


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a stream.

    Attributes
    ----------
    times_s : np.ndarray, shape=(n,), float64
        Junctions, rising; the middle of a cross-fade.
    before, after : np.ndarray, shape=(n,), int
        Quadrant on either side.
    duration_s : float
    quadrant : int
        Where there is no junction: the quadrant of the whole.
    """

    times_s: np.ndarray
    before: np.ndarray
    after: np.ndarray
    duration_s: float
    quadrant: int = 0

    @property
    def turns_s(self) -> np.ndarray:
        """Junctions at which the quadrant changes, shape=(m,)."""
        return self.times_s[self.before != self.after]

    def quadrant_at(self, times_s: np.ndarray) -> np.ndarray:
        """Quadrant at instants, shape as ``times_s``, int."""
        if not len(self.times_s):
            return np.full(np.shape(times_s), self.quadrant)
        quadrants = np.concatenate([self.before[:1], self.after])
        return quadrants[np.searchsorted(self.times_s, times_s, side="right")]


@dataclass(frozen=True, slots=True)
class Mix:
    """Sound of a medley, and what is true of it."""

    samples: np.ndarray
    truth: Truth


class Studio:
    """Makes the streams of a list.

    Parameters
    ----------
    data : Path
        Folder of the corpora.
    cache : Path
        Folder for decoded and rendered sound, shared with `models.training.evaluate`.

    Raises
    ------
    FileNotFoundError
        A corpus is not there (on first use).
    """

    def __init__(self, data: Path, cache: Path) -> None:
        self._data = data
        self._cache = cache
        self._corpora: dict[str, Corpus] = {}
        self._by_name: dict[str, dict[str, Clip]] = {}

    @cached_property
    def _store(self) -> TakeStore:
        return TakeStore(self._cache)

    @cached_property
    def _curves(self) -> dict[str, tuple[np.ndarray, float]]:
        return consensus.read_curves(self._data)

    def corpus(self, name: str) -> Corpus:
        """A corpus with its folds."""
        if name not in self._corpora:
            self._corpora[name] = open_corpus(name, self._data)
        return self._corpora[name]

    def check(self, found: MedleyList) -> None:
        """See to it that a list means here what it meant where it was drawn.

        Raises
        ------
        ValueError
            A corpus is divided otherwise.
        """
        for name, digest in found.divisions.items():
            if self.corpus(name).split != digest:
                raise ValueError(
                    f"{name} is not the data that the list was drawn from: its division into folds "
                    f"is {self.corpus(name).split}, not {digest}"
                )

    def clip(self, corpus: str, name: str) -> Clip:
        """Clip of a corpus by its file name. Raises ``KeyError`` if there is none."""
        if corpus not in self._by_name:
            self._by_name[corpus] = {clip.path.name: clip for clip in self.corpus(corpus).clips}
        return self._by_name[corpus][name]

    def sound(self, clip: Clip, fold: int) -> np.ndarray:
        """Sound of a whole clip: a recording decoded, a score played."""
        voice = voice_for(clip.corpus, fold)
        if voice is None:
            return self._store.sound(clip, CLEAN)
        if voice == EXAM_VOICE and clip.corpus == "emopia":
            examined = self._store.sound(clip, CLEAN)
            # near its limit the examination heard the beginning only, less the silence before it
            if len(examined) < (LIMIT_S - 10.0) * RATE:
                return examined
        how = f"1 {clip.path.name} {describe_voice(voice)} {_LONGEST_S}"
        key = hashlib.sha256(how.encode()).hexdigest()[:16]
        path = self._cache / "boundaries" / "sound" / clip.corpus / f"{key}.npz"
        if path.is_file():
            with np.load(path) as stored:
                return stored["samples"]
        samples = read_audio(clip, voice, _LONGEST_S)
        write_arrays(path, samples=samples)
        return samples

    def mix(self, medley: Medley, *, matched: bool = True) -> Mix:
        """Samples and truth of a medley.

        Parameters
        ----------
        medley : Medley
        matched : bool
            Every piece at the same loudness.

        Raises
        ------
        KeyError
            A clip that the corpus does not have.
        ValueError
            A piece is longer than what is left of its clip.
        """
        pieces, quadrants = [], []
        for piece in medley.pieces:
            clip = self.clip(medley.corpus, piece.clip)
            sound = self.sound(clip, medley.fold)
            start = round(piece.start_s * RATE)
            stop = start + round(piece.length_s * RATE) if piece.length_s else len(sound)
            if stop > len(sound):
                raise ValueError(f"{medley.name}: {piece.clip} ends before {stop / RATE:.2f} s")
            pieces.append(at_loudness(sound[start:stop]) if matched else sound[start:stop])
            quadrants.append(clip.quadrant)
        samples, junctions = join(pieces, round(medley.fade_s * RATE))
        if medley.kind == "consensus":
            curves, duration_s = self._curves[medley.pieces[0].clip]
            return Mix(samples, consensus.truth_of(curves, duration_s))
        truth = Truth(
            np.asarray(junctions, dtype=float) / RATE,
            np.asarray(quadrants[:-1], dtype=int),
            np.asarray(quadrants[1:], dtype=int),
            len(samples) / RATE,
            quadrants[0],
        )
        return Mix(samples, truth)


def voice_for(corpus: str, fold: int) -> Voice | None:
    """Who plays the scores of a corpus; None for recordings.

    The held-out voice plays scores of the test list, which has all of vgmidi; `TUNING_VOICE` plays
    emopia outside `TEST_FOLDS`.
    """
    if corpus == "panda_4q":
        return None
    return TUNING_VOICE if corpus == "emopia" and fold not in TEST_FOLDS else EXAM_VOICE


def at_loudness(samples: np.ndarray) -> np.ndarray:
    """The same sound at `LOUDNESS_LUFS`, shape=(n,), float32; silence stays as it is."""
    import pyloudnorm

    loudness = float(pyloudnorm.Meter(RATE).integrated_loudness(samples.astype(np.float64)))
    if not math.isfinite(loudness):
        return samples
    gain_db = min(max(LOUDNESS_LUFS - loudness, -LARGEST_GAIN_DB), LARGEST_GAIN_DB)
    return (samples * np.float32(10.0 ** (gain_db / 20.0))).astype(np.float32)


def join(pieces: Sequence[np.ndarray], fade: int) -> tuple[np.ndarray, list[int]]:
    """Pieces one after the other with equal-power cross-fades.

    Parameters
    ----------
    pieces : sequence of np.ndarray, shape=(n,), float32
        Each longer than two fades.
    fade : int
        Samples that neighbours share.

    Returns
    -------
    samples : np.ndarray, shape=(n,), float32
    junctions : list of int
        The middle of each fade.
    """
    length = sum(map(len, pieces)) - fade * (len(pieces) - 1)
    samples = np.zeros(length, dtype=np.float32)
    angle = (np.arange(fade) + 0.5) / max(fade, 1) * (math.pi / 2.0)
    junctions: list[int] = []
    at = 0
    for i, piece in enumerate(pieces):
        part = piece.copy()
        if i > 0:
            part[:fade] *= np.sin(angle)
            junctions.append(at + fade // 2)
        if fade and i < len(pieces) - 1:
            part[-fade:] *= np.cos(angle)
        samples[at : at + len(part)] += part
        at += len(part) - fade
    return samples, junctions
