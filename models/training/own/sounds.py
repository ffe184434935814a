"""Is there music in the files? Each is decoded as a whole before anything is learned from any.

Conventions
-----------
A file is good if all of it can be decoded, it lasts at least `SHORTEST_S`, `AUDIBLE_S` of that are
louder than `SILENCE_DB`, and no other file holds the same sound (`Sound.digest`: SHA-256 of the
samples as 16-bit mono, so that a WAV and its FLAC are one). The set is good if every quadrant has
`FEWEST_FILES` files of `FEWEST_GROUPS` groups.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from models.labelled.files import Bad, Labelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SHORTEST_S = 3.0
AUDIBLE_S = 2.0
SILENCE_DB = -60.0
FEWEST_FILES = 8
FEWEST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Sound:
    """What decoding a file has told.

    Attributes
    ----------
    digest : str
        Of its samples; empty where there are none.
    seconds : float
        How long it is.
    complaint : str
        Why it cannot be used; empty where it can.
    """

    digest: str
    seconds: float
    complaint: str


def examine(path: Path) -> Sound:
    """Decode a whole file, a few seconds at a time, and judge it."""
    digest = hashlib.sha256()
    audible_s, frames = 0.0, 0
    try:
        with soundfile.SoundFile(path) as file:
            rate, announced = file.samplerate, file.frames
            for block in file.blocks(10 * rate, dtype="float32", always_2d=True):
                mono = block.mean(axis=1)
                if not np.isfinite(mono).all():
                    return Sound("", 0.0, "holds values that are no numbers")
                windows = mono[: len(mono) // 10 * 10].reshape(-1, max(len(mono) // 10, 1))
                loud = np.mean(windows**2, axis=1) > 10.0 ** (SILENCE_DB / 10.0)
                audible_s += float(np.sum(loud)) * windows.shape[1] / rate
                frames += len(mono)
                digest.update(np.rint(np.clip(mono, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
    except (soundfile.LibsndfileError, OSError, RuntimeError, ValueError) as error:
        said = str(error).rpartition(": ")[2].strip().rstrip(".") or "unknown format"
        return Sound("", 0.0, f"cannot be decoded: {said}")
    seconds = frames / rate
    if announced and frames < 0.98 * announced:
        return Sound("", seconds, f"ends after {seconds:.1f} of {announced / rate:.1f} s: damaged")
    if seconds < SHORTEST_S:
        return Sound("", seconds, f"lasts {seconds:.1f} s, at least {SHORTEST_S:g} s are needed")
    if audible_s < AUDIBLE_S:
        return Sound("", seconds, f"is silent: {audible_s:.1f} s are above {SILENCE_DB:g} dB")
    return Sound(digest.hexdigest(), seconds, "")


def judge(files: Sequence[Labelled], sounds: Sequence[Sound]) -> tuple[list[Labelled], list[Bad]]:
    """Separate good files from bad ones; of files with the same sound the first is kept.

    Where such files disagree on the label, none is kept: nobody knows which one is meant.
    """
    labels: dict[str, set[int]] = {}
    first: dict[str, str] = {}
    for file, sound in zip(files, sounds, strict=True):
        labels.setdefault(sound.digest, set()).add(file.quadrant)
        first.setdefault(sound.digest, file.name)
    good: list[Labelled] = []
    bad: list[Bad] = []
    for file, sound in zip(files, sounds, strict=True):
        twin = first[sound.digest]
        if sound.complaint:
            bad.append(Bad(file.name, sound.complaint))
        elif len(labels[sound.digest]) > 1:
            said = ", ".join(f"Q{quadrant}" for quadrant in sorted(labels[sound.digest]))
            bad.append(Bad(file.name, f"the same sound is labelled {said}"))
        elif twin != file.name:
            bad.append(Bad(file.name, f"is the same sound as {twin}"))
        else:
            good.append(file)
    return good, bad


def shortages(files: Iterable[Labelled]) -> list[str]:
    """What the set as a whole lacks, one sentence each; empty where it is good."""
    count: Counter[int] = Counter()
    groups: dict[int, set[str]] = {quadrant: set() for quadrant in (1, 2, 3, 4)}
    for file in files:
        count[file.quadrant] += 1
        groups[file.quadrant].add(file.group)
    found: list[str] = []
    for quadrant, its in groups.items():
        if count[quadrant] < FEWEST_FILES:
            found.append(
                f"Q{quadrant} has {count[quadrant]} good files, at least {FEWEST_FILES} are needed"
            )
        elif len(its) < FEWEST_GROUPS:
            found.append(
                f"the files of Q{quadrant} come from {len(its)} groups, at least {FEWEST_GROUPS} "
                "are needed to hold one out"
            )
    return found
