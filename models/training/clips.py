"""Labelled clips: what there is to learn from.

Conventions
-----------
A `Clip` names an audio file, its quadrant (1..4) and the group that must never stand on both sides
of a split (the artist, the song, …). Loaders read the label file of one dataset and check that the
audio is there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clip:
    """One labelled recording.

    Attributes
    ----------
    path : Path
        Audio file that libsndfile reads.
    quadrant : int
        1..4.
    group : str
        What keeps related clips on one side of a split.
    """

    path: Path
    quadrant: int
    group: str


def load_panda(folder: Path) -> list[Clip]:
    """Clips of the 4Q audio emotion dataset (Panda, Malheiro & Paiva 2018), grouped by artist.

    Parameters
    ----------
    folder : Path
        Holds ``labels.csv`` (columns file, quadrant, artist) and the audio that it names.

    Raises
    ------
    FileNotFoundError
        No label file, or a clip that it names is missing.
    """
    clips = []
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            path = folder / row["file"]
            if not path.is_file():
                raise FileNotFoundError(f"{path} is named in labels.csv but is not there")
            group = row["artist"].strip().casefold() or path.stem
            clips.append(Clip(path, int(row["quadrant"].removeprefix("Q")), group))
    return clips


def read_mono(path: Path, sample_rate: int) -> np.ndarray:
    """Decode a file to mono at ``sample_rate``, shape=(n,), float32."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate, sample_rate).astype(np.float32)
