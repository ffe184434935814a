"""What every model hears of every clip, made once and kept.

Conventions
-----------
A `Corpus` is the clips of one corpus with their folds, in the loaders' order. Scores are played by
`EXAM_VOICE`, whose soundfont is never used in training. `TakeStore` keeps sound and frames of each
clip under each condition in a folder outside the project; sound is keyed by how it was made, frames
by the digest of their layout, so that nothing stale is heard. Boundaries are found anew each time:
that takes a hundredth of a second, and the detector is what changes most.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.training.conditions import CLEAN, change
from models.training.corpora import Clip, load_corpus, read_audio
from models.training.hearing import Ear, Take
from models.training.keeping import write_arrays
from models.training.render import HELD_OUT, RATE, Voice
from models.training.splits import assign_folds, split_digest
from models.weights import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

EXAM_VOICE = Voice(font=HELD_OUT, program=0)
LIMIT_S = 60.0
"""How much of a score is played."""
INSTRUMENTS = {
    "strings": ("string ensemble", 48),
    "guitar": ("nylon guitar", 24),
    "organ": ("church organ", 19),
    "flute": ("flute", 73),
    "vibraphone": ("vibraphone", 11),
}
"""Conditions of piano scores: played by another instrument of the same soundfont."""
_MADE = 1  # counts up when sound is made in another way that its settings do not show


@dataclass(frozen=True)
class Corpus:
    """Clips of one corpus and who is examined on what.

    Attributes
    ----------
    name : str
    clips : list of Clip
    """

    name: str
    clips: list[Clip]

    @cached_property
    def quadrants(self) -> np.ndarray:
        """Truth of each clip, 1..4, 0 where there is none, shape=(n,), int."""
        return np.asarray([clip.quadrant for clip in self.clips], dtype=int)

    @cached_property
    def groups(self) -> list[str]:
        """What keeps clips on one side of a split."""
        return [clip.group for clip in self.clips]

    @cached_property
    def folds(self) -> np.ndarray:
        """Fold in which each clip is held out, shape=(n,), int."""
        return assign_folds(self.quadrants.tolist(), self.groups)

    @cached_property
    def split(self) -> str:
        """Digest of the division."""
        return split_digest(self.folds, self.groups)

    def ratings(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Mean arousal and valence of each clip, or None where nobody rated them."""
        if any(c.mean_arousal is None or c.mean_valence is None for c in self.clips):
            return None
        return (
            np.asarray([c.mean_arousal for c in self.clips], dtype=float),
            np.asarray([c.mean_valence for c in self.clips], dtype=float),
        )

    def subset(self, size: int) -> np.ndarray:
        """Rows of about ``size`` clips, the same share of each quadrant, shape=(m,), int.

        Depends on the order of the clips alone, so that every model meets the same.
        """
        if size >= len(self.clips):
            return np.arange(len(self.clips))
        rng = np.random.default_rng(0)
        shuffled = rng.permutation(len(self.clips))
        picked: list[int] = []
        for quadrant in np.unique(self.quadrants):
            members = shuffled[self.quadrants[shuffled] == quadrant]
            picked += members[: max(round(size * len(members) / len(self.clips)), 1)].tolist()
        return np.sort(np.asarray(picked))


def open_corpus(name: str, data: Path) -> Corpus:
    """Load a corpus.

    Raises
    ------
    KeyError
        No such corpus.
    FileNotFoundError
        Its files are not there.
    """
    return Corpus(name, load_corpus(name, data))


def voice_of(clip: Clip, condition: str) -> Voice:
    """Who plays a score: the piano, or the score's own instruments, or those of the condition."""
    if condition in INSTRUMENTS:
        return replace(EXAM_VOICE, program=INSTRUMENTS[condition][1])
    return replace(EXAM_VOICE, program=EXAM_VOICE.program if clip.piano else None)


def describe_voice(voice: Voice) -> str:
    """Say how a voice differs from the usual one, shorter than ``repr``.

    A setting that is added to `Voice` changes no description as long as its default stands for what
    was done before: sound that was made stays good.
    """
    said = [
        f"{field.name}={getattr(voice, field.name)!r}"
        for field in fields(voice)
        if getattr(voice, field.name) != field.default
    ]
    return f"Voice({', '.join(said)})"


class TakeStore:
    """Takes of clips, from the folder where they are there, else made and kept.

    Parameters
    ----------
    folder : Path
        Outside the project.
    folds : Path
        Where the detector's weights are (`models.training.hearing.Ear`).

    Attributes
    ----------
    ear : Ear
    frames_digest, digest : str
        Say how frames and takes are made: equal digests, equal frames or takes of equal clips.
    """

    def __init__(self, folder: Path, folds: Path = FOLDER) -> None:
        self._folder = folder
        self.ear = Ear(folds)
        sound = f"{_MADE} {describe_voice(EXAM_VOICE)} {LIMIT_S}"
        self.frames_digest = f"{sound} {self.ear.layout.digest}"
        self.digest = f"{sound} {self.ear.digest}"

    def take(self, clip: Clip, condition: str) -> Take:
        """What models hear of a clip under a condition."""
        sound = self._sound_path(clip, condition)
        key = hashlib.sha256(f"{sound} {self.ear.layout.digest}".encode()).hexdigest()[:24]
        path = self._folder / "frames" / f"{key}.npz"
        samples = self.sound(clip, condition)
        if path.is_file():
            with np.load(path) as stored:
                return self.ear.cut(samples, stored["values"])
        values = self.ear.frames(samples)
        write_arrays(path, values=values)
        return self.ear.cut(samples, values)

    def sound(self, clip: Clip, condition: str) -> np.ndarray:
        """Sound of a clip under a condition, shape=(n,), float32, at `RATE`."""
        path = self._folder / "sound" / self._sound_path(clip, condition)
        if path.is_file():
            with np.load(path) as stored:
                return stored["samples"]
        if condition == CLEAN or condition in INSTRUMENTS:
            samples = read_audio(clip, voice_of(clip, condition), LIMIT_S)
        else:
            samples = change(self.sound(clip, CLEAN), RATE, condition, clip.path.stem)
        write_arrays(path, samples=samples)
        return samples

    def _sound_path(self, clip: Clip, condition: str) -> str:
        """Says what the sound is: file and condition, and the voice of a score."""
        how = f"{_MADE} {clip.path}"
        if clip.is_score:
            how += f" {describe_voice(voice_of(clip, condition))} {LIMIT_S}"
        key = hashlib.sha256(how.encode()).hexdigest()[:16]
        return f"{clip.corpus}/{condition}/{clip.path.stem}-{key}.npz"
