"""Plays as the library keeps them: when something was played, and what it was called then.

Conventions
-----------
A listen is kept as it was told, whether the library knows the track or not: which track is meant is
found out when it is asked for (`oscbridge.library.history.naming`), so that a track which is added
later has its past. ``time_s`` is when the play began, Unix time. The same listen told twice is kept
once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge.library.connection import explained
from oscbridge.library.rows import path_bytes, path_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscbridge.library.store import Library

_LONGEST = 500
"""Characters of a name; what is longer is no name."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Something was played.

    Attributes
    ----------
    time_s : float
        When it began, Unix time, seconds.
    title, artist, album : str
        What it was called; empty where nobody said.
    path : str
        Where the file lies, as the player said; empty where it did not.
    source : str
        Who told it: ``"osc"``, ``"mpris"``, ``"scrobbler"``, ``"lastfm"``, ``"listenbrainz"``.
    """

    time_s: float
    title: str = ""
    artist: str = ""
    album: str = ""
    path: str = ""
    source: str = ""

    @property
    def called(self) -> str:
        """Artist and title where they were said, else where it lies."""
        if not self.title:
            return self.path.replace("\\", "/").rsplit("/", 1)[-1]
        return f"{self.artist} - {self.title}" if self.artist else self.title


@dataclass(frozen=True, slots=True)
class Span:
    """How much is kept.

    Attributes
    ----------
    count : int
        Listens.
    first_s, last_s : float
        When the first and the last of them began, Unix time; NaN where there is none.
    """

    count: int
    first_s: float
    last_s: float


def keep(library: Library, listens: Iterable[Listen]) -> int:
    """Add listens to the library in one transaction; return how many it did not have.

    Raises
    ------
    LibraryError
        It cannot be written.
    """
    rows = (
        (
            float(listen.time_s),
            *(text_of(name)[:_LONGEST] for name in (listen.title, listen.artist, listen.album)),
            path_bytes(listen.path),
            listen.source,
        )
        for listen in listens
    )
    with library.writing() as connection:
        return connection.executemany(
            "INSERT OR IGNORE INTO plays (time_s, title, artist, album, path, source)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        ).rowcount


def between(library: Library, start_s: float, end_s: float) -> list[Listen]:
    """Listens that began in a stretch of time, the oldest first; both ends belong to it."""
    with explained(library.path):
        rows = library.connection.execute(
            "SELECT time_s, title, artist, album, path, source FROM plays"
            " WHERE time_s BETWEEN ? AND ? ORDER BY time_s, id",
            (start_s, end_s),
        ).fetchall()
    return [Listen(*names, path=path_of(path), source=who) for *names, path, who in rows]


def span(library: Library) -> Span:
    """How much is kept, and from when to when."""
    with explained(library.path):
        count, first_s, last_s = library.connection.execute(
            "SELECT count(*), min(time_s), max(time_s) FROM plays"
        ).fetchone()
    return Span(count, first_s, last_s) if count else Span(0, math.nan, math.nan)


def forget(library: Library, before_s: float = math.inf) -> int:
    """Forget listens that began before an instant; return how many.

    Raises
    ------
    LibraryError
        It cannot be written.
    """
    with library.writing() as connection:
        return connection.execute("DELETE FROM plays WHERE time_s < ?", (before_s,)).rowcount
