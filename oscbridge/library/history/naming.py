"""Which track of the library a listen means.

Conventions
-----------
By its path where that is known, else by artist and title, else by a title or a file name that one
track alone has. Names are compared by their letters and digits: case, accents, punctuation and
who is featured do not matter. What fits several tracks of one artist means the one of the same
album, else the one that was added first.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from oscbridge.library.connection import explained
from oscbridge.library.history.counting import SHORTEST_S
from oscbridge.library.rows import path_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscbridge.library.history.listens import Listen
    from oscbridge.library.store import Library

APART_S = SHORTEST_S
"""Nothing that counts is shorter: plays of one track that begin within it are one play."""
_FEATURED = re.compile(r"\s*[(\[]?\b(feat|ft|featuring)\b\.?\s.*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_WITH_PATH = "SELECT digest FROM files JOIN tracks ON tracks.id = files.track WHERE path = ?"
_WITH_WORDS = (
    "SELECT digest, tracks.artist, tracks.title, tracks.album, tracks.file"
    " FROM words JOIN tracks ON tracks.id = words.rowid WHERE words MATCH ? ORDER BY tracks.id"
)


def folded(name: str) -> str:
    """The letters and digits of a name, without case, accents and who is featured."""
    plain = unicodedata.normalize("NFKD", _FEATURED.sub("", name))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(_WORD.findall(letters.casefold())) or name.strip().casefold()


def path_in(said: str) -> str:
    """The path that a player says, which may be a ``file:`` URL; other URLs stay as they are."""
    if not said.startswith("file:"):
        return said
    path = urlsplit(said).path
    return url2pathname(path) if os.name == "nt" else os.fsdecode(unquote_to_bytes(path))


class Naming:
    """Finds the tracks that listens mean.

    Parameters
    ----------
    library : Library
        Where they are; what was found is remembered until the object is let go.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._found: dict[tuple[str, str, str, str], str | None] = {}

    def plays_of(self, listens: Iterable[Listen]) -> list[tuple[str | None, Listen]]:
        """Listens with the digests of their tracks, the oldest first.

        Of what two programs told, the same within `APART_S`, one stays. The digest is None where
        no track is meant, or where it is not clear which.
        """
        last_s: dict[str, float] = {}
        plays: list[tuple[str | None, Listen]] = []
        for listen in sorted(listens, key=lambda listen: listen.time_s):
            digest = self.track_of(listen)
            key = digest or f" {folded(listen.called)}"
            if listen.time_s - last_s.get(key, -math.inf) >= APART_S:
                last_s[key] = listen.time_s
                plays.append((digest, listen))
        return plays

    def track_of(self, listen: Listen) -> str | None:
        """Digest of the track that a listen means, None where there is none."""
        key = (listen.path, listen.artist, listen.title, listen.album)
        if key not in self._found:
            with explained(self._library.path):
                self._found[key] = self._look_up(listen)
        return self._found[key]

    def _look_up(self, listen: Listen) -> str | None:
        if listen.path:
            path = str(Path(path_in(listen.path)).absolute())
            for said in dict.fromkeys((path, listen.path)):
                rows = self._library.connection.execute(_WITH_PATH, (path_bytes(said),))
                if row := rows.fetchone():
                    return str(row[0])
        if listen.title:
            return self._called(listen)
        return self._filed(listen.path) if listen.path else None

    def _called(self, listen: Listen) -> str | None:
        """The track with the artist and title of a listen."""
        title, artist = folded(listen.title), folded(listen.artist)
        found = [
            (digest, folded(album))
            for digest, by, called, album, _ in self._search(
                ("title", listen.title), ("artist", listen.artist)
            )
            if folded(called) == title and (not artist or folded(by) == artist)
        ]
        if not artist and len(found) > 1:
            return None
        same = [digest for digest, album in found if album == folded(listen.album)]
        return next(iter(same or [digest for digest, _ in found]), None)

    def _filed(self, path: str) -> str | None:
        """The track whose file is called like the one that lies somewhere else."""
        name = re.split(r"[/\\]", path)[-1]
        found = [
            digest
            for digest, *_, file in self._search(("file", name))
            if file.casefold() == name.casefold()
        ]
        return found[0] if len(found) == 1 else None

    def _search(self, *wanted: tuple[str, str]) -> list[tuple[str, str, str, str, str]]:
        """Digest, artist, title, album and file of tracks that have some words in a column."""
        query = " ".join(
            f'{column} : "{word}"'
            for column, name in wanted
            for word in _WORD.findall(_FEATURED.sub("", name))
        )
        if not query:
            return []
        return self._library.connection.execute(_WITH_WORDS, (query,)).fetchall()
