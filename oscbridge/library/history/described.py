"""How the segments of a track sound, 50 descriptors each (S4), heard once and then kept.

Conventions
-----------
Rows of descriptors, shape=(n_segments, 50), float32, of segments of 2 s that follow each other from
the beginning of the track (`models.zoo.history`). The paper's songs are shorter than six minutes;
of longer tracks the first `MOST_S` are described. A minute of music takes about 0.3 s, so only
tracks that were played are heard, when they are first asked for; the library keeps what was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.resample import Resampler
from models.zoo.descriptors import HOP_LENGTH, N_FFT, PRE_EMPHASIS, SAMPLE_RATE, WIDTH
from models.zoo.history import SEGMENT_S, describe_track
from oscbridge.errors import InputError
from oscbridge.library.connection import explained
from oscbridge.sources.file import FAST_BLOCK, File
from oscbridge.sources.settings import SourceSettings

if TYPE_CHECKING:
    from oscbridge.library.store import Library

MOST_S = 360.0
FORM = f"1: {SAMPLE_RATE} {N_FFT} {HOP_LENGTH} {PRE_EMPHASIS} {SEGMENT_S} {WIDTH} {MOST_S}"
"""Says which descriptors these are: what is kept in another form is heard anew."""


def segments_of(library: Library, digest: str, *, writable: bool = True) -> np.ndarray:
    """Descriptors of a track, from the library or from its file.

    Parameters
    ----------
    library : Library
        Knows the track.
    digest : str
        Which one.
    writable : bool
        Whether what is heard is kept.

    Returns
    -------
    np.ndarray, shape=(n_segments, 50), float32

    Raises
    ------
    InputError
        It has to be heard, and none of its files can be read.
    LibraryError
        What was heard cannot be written.
    """
    kept = _kept(library, digest)
    if kept is not None:
        return kept
    found = _heard(library.paths(digest))
    if writable:
        with library.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO described (track, form, segments)"
                " SELECT id, ?, ? FROM tracks WHERE digest = ?",
                (FORM, found.astype("<f4").tobytes(), digest),
            )
    return found


def describe_file(path: str) -> np.ndarray:
    """Hear the first `MOST_S` of a file, shape=(n_segments, 50), float32.

    Raises
    ------
    InputError
        It cannot be read.
    """
    source = File(path, SourceSettings(), realtime=False)
    try:
        resampler = Resampler(source.sample_rate, SAMPLE_RATE, FAST_BLOCK)
        wanted = round(MOST_S * SAMPLE_RATE)
        parts: list[np.ndarray] = []
        count = 0
        while count < wanted and (block := source.read(0.0)) is not None:
            parts.append(resampler.push(block.samples).copy())
            count += len(parts[-1])
        parts.append(resampler.finish().copy())
        return describe_track(np.concatenate(parts)[:wanted])
    finally:
        source.close()


def _kept(library: Library, digest: str) -> np.ndarray | None:
    """What the library has of a track in the form of now."""
    with explained(library.path):
        row = library.connection.execute(
            "SELECT segments FROM described JOIN tracks ON tracks.id = described.track"
            " WHERE digest = ? AND form = ?",
            (digest, FORM),
        ).fetchone()
    return None if row is None else np.frombuffer(row[0], "<f4").reshape(-1, WIDTH)


def _heard(paths: list[str]) -> np.ndarray:
    """Describe the first of some files that can be read."""
    trouble = InputError("no file of it is known.")
    for path in paths:
        try:
            return describe_file(path)
        except InputError as error:
            trouble = error
    raise trouble
