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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Limits as SQL says them.

    Attributes
    ----------
    source : str
        What is searched, for ``FROM``: all tracks, or those that the index of words finds.
    condition : str
        What they have to fulfil, for ``WHERE``.
    values : list of float and str
        Of both, in this order.
    by_words : bool
        Whether the index of words is asked.
    """

    source: str
    condition: str
    values: list[float | str]
    by_words: bool


_FOUND = """
(SELECT rowid AS found FROM words WHERE words MATCH ?) CROSS JOIN tracks ON tracks.id = found
"""
# SQLite keeps the order of a CROSS JOIN: tracks are looked up one by one as words are found. As a
# list for IN, what is found would first be sorted into a table, which takes as long again.


def condition(where: Limits, words: str = "") -> Wanted:
    """Say in SQL which tracks are meant.

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
        values.insert(0, text)
    elif words or where.genre or where.artist:  # nothing that could be a word
        parts.append("0")
    source = _FOUND if text else "tracks"
    return Wanted(source, " AND ".join(parts) or "1", values, by_words=bool(text))


def _match(words: str, column: str = "") -> str:
    """Query of full text: all words, each perhaps longer than it was written."""
    of = f"{column} : " if column else ""
    found = [word for word in words.replace('"', " ").split() if re.search(r"[^\W_]", word)]
    return " ".join(f'{of}"{word}"*' for word in found)
