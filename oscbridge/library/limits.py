"""Which tracks are meant: limits on what is known of them, as conditions of SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass

Range = tuple[float, float]
"""From, to; both belong to it."""

RANGES = (
    *("valence", "arousal", "energy", "tempo_bpm", "confidence", "duration_s", "loudness_lufs"),
)
"""Fields of `Limits` that are ranges, called as the columns are."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What tracks have to fulfil; None and nothing are no limit.

    Attributes
    ----------
    valence, arousal, energy, tempo_bpm, confidence, duration_s, loudness_lufs : (low, high) or None
        Ranges; what is not known of a track lies in none.
    keys : tuple of int
        Indices into `oscbridge.library.track.KEYS`.
    quadrants : tuple of int
        0..4.
    genre, artist : str
        Beginnings of words that they have to contain.
    """

    valence: Range | None = None
    arousal: Range | None = None
    energy: Range | None = None
    tempo_bpm: Range | None = None
    confidence: Range | None = None
    duration_s: Range | None = None
    loudness_lufs: Range | None = None
    keys: tuple[int, ...] = ()
    quadrants: tuple[int, ...] = ()
    genre: str = ""
    artist: str = ""


ALL = Limits()


def condition(where: Limits, words: str = "") -> tuple[str, list[float | str]]:
    """Build the condition of SQL that tracks fulfil, and its values.

    Parameters
    ----------
    where : Limits
    words : str
        Beginnings of words that the names have to contain.
    """
    parts: list[str] = []
    values: list[float | str] = []
    for name in RANGES:
        wanted: Range | None = getattr(where, name)
        if wanted is not None:
            parts.append(f"{name} BETWEEN ? AND ?")
            values += wanted
    for name, allowed in (("key", where.keys), ("quadrant", where.quadrants)):
        if allowed:
            parts.append(f"{name} IN ({', '.join('?' * len(allowed))})")
            values += allowed
    text = " ".join(
        filter(None, (_match(words), _match(where.genre, "genre"), _match(where.artist, "artist")))
    )
    if text:
        parts.append("id IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(text)
    elif words or where.genre or where.artist:  # nothing that could be a word
        parts.append("0")
    return " AND ".join(parts) or "1", values


def _match(words: str, column: str = "") -> str:
    """Query of full text: all words, each perhaps longer than it was written."""
    of = f"{column} : " if column else ""
    found = [word for word in words.replace('"', " ").split() if re.search(r"[^\W_]", word)]
    return " ".join(f'{of}"{word}"*' for word in found)
