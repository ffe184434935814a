"""What is searched of all tracks at once: arrays, one row a track, in the order of their adding.

Conventions
-----------
Numbers that are not known are NaN, an unknown key is -1. A library of 100,000 tracks is some 30 MB
here; whoever chooses from it while music plays has it in memory and asks no disk.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from oscbridge.errors import LibraryError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

TEXTS = ("digest", "artist")
NUMBERS = (
    *("valence", "arousal", "valence_sd", "arousal_sd", "confidence", "energy"),
    *("tempo_bpm", "key", "duration_s", "loudness_lufs", "quadrant", "dominance"),
)
BATCH = 500
"""Rows that become numbers at once: meanwhile no other thread runs, and music may be playing."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays of equal length n, one entry a track.

    Attributes
    ----------
    digests, artists : np.ndarray, shape=(n,), object
        Which track it is, and who made it (empty where unknown).
    artist : np.ndarray, shape=(n,), int32
        The same number for the same artist, however it is capitalised; -1 where unknown.
    valence, arousal, valence_sd, arousal_sd, confidence : np.ndarray, shape=(n,), float64
    energy, quadrant : np.ndarray, shape=(n,), int64
    dominance, tempo_bpm, loudness_lufs : np.ndarray, shape=(n,), float64
        NaN where unknown.
    key : np.ndarray, shape=(n,), int64
        -1 where unknown.
    duration_s : np.ndarray, shape=(n,), float64
    rows : dict of str to int
        Where each track stands.
    """

    digests: np.ndarray
    artists: np.ndarray
    artist: np.ndarray
    valence: np.ndarray
    arousal: np.ndarray
    valence_sd: np.ndarray
    arousal_sd: np.ndarray
    confidence: np.ndarray
    energy: np.ndarray
    quadrant: np.ndarray
    dominance: np.ndarray
    tempo_bpm: np.ndarray
    key: np.ndarray
    duration_s: np.ndarray
    loudness_lufs: np.ndarray
    rows: dict[str, int]

    def __len__(self) -> int:
        return len(self.digests)

    def index(self, digest: str) -> int:
        """Row of a track.

        Raises
        ------
        KeyError
            It is not in the library.
        """
        return self.rows[digest]

    def take(self, rows: Sequence[int] | np.ndarray) -> Columns:
        """Some of the tracks, in this order."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        del arrays["rows"]
        taken = {name: array[rows] for name, array in arrays.items()}
        numbers = {digest: number for number, digest in enumerate(taken["digests"])}
        return Columns(**taken, rows=numbers)


def read_columns(connection: sqlite3.Connection) -> Columns:
    """Read the arrays from the tables of a library.

    Raises
    ------
    LibraryError
        A row is damaged.
    """
    query = f"SELECT {', '.join(TEXTS + NUMBERS)} FROM tracks ORDER BY id"
    try:
        return columns_of(connection.execute(query).fetchall())
    except (AttributeError, TypeError, ValueError):  # what SQLite takes in a column is no number
        raise LibraryError("it is damaged: oscbridge library verify") from None


def columns_of(rows: Sequence[tuple[Any, ...]]) -> Columns:
    """Build the arrays from rows of `TEXTS` and `NUMBERS`."""
    width = len(TEXTS)
    digests = np.array([row[0] for row in rows], dtype=object)
    artists = np.array([row[1] for row in rows], dtype=object)
    numbers = np.empty((len(rows), len(NUMBERS)))
    for start in range(0, len(rows), BATCH):
        numbers[start : start + BATCH] = [row[width:] for row in rows[start : start + BATCH]]
    of = dict(zip(NUMBERS, numbers.T.copy(), strict=True))
    return Columns(
        digests=digests,
        artists=artists,
        artist=_numbers_of(artists),
        valence=of["valence"],
        arousal=of["arousal"],
        valence_sd=of["valence_sd"],
        arousal_sd=of["arousal_sd"],
        confidence=of["confidence"],
        energy=of["energy"].astype(np.int64),
        quadrant=of["quadrant"].astype(np.int64),
        dominance=of["dominance"],
        tempo_bpm=of["tempo_bpm"],
        key=np.nan_to_num(of["key"], nan=-1.0).astype(np.int64),
        duration_s=of["duration_s"],
        loudness_lufs=of["loudness_lufs"],
        rows={digest: number for number, digest in enumerate(digests)},
    )


def _numbers_of(artists: np.ndarray) -> np.ndarray:
    """The same number for the same artist, -1 for nobody, shape=(n,), int32."""
    numbers: dict[str, int] = {"": -1}
    known = (artist.strip().casefold() for artist in artists)
    return np.array([numbers.setdefault(name, len(numbers)) for name in known], np.int32)
