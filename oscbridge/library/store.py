"""The library as a file: what was heard of all tracks, and where they lie.

Conventions
-----------
A track is known by its digest; the same content in two places is one track with two paths. What is
written in one call is one transaction: after a crash all of it is there or none. Rows are read as
they are asked for: a library may be larger than memory. A `Library` belongs to the thread that
opened it; others open their own.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Self

from oscbridge.library import upkeep
from oscbridge.library.columns import read_columns
from oscbridge.library.connection import connect, explained
from oscbridge.library.limits import ALL, condition
from oscbridge.library.rows import (
    DROP_LOST,
    PUT,
    PUT_DETAILS,
    PUT_FILE,
    PUT_WORDS,
    SELECT,
    UNSEEN,
    SeenFile,
    details_of,
    file_row_of,
    path_bytes,
    path_of,
    row_of,
    track_of,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from oscbridge.library.columns import Columns
    from oscbridge.library.limits import Limits, Wanted
    from oscbridge.library.track import Track
    from oscbridge.library.upkeep import Overview

ORDERS = {
    "artist": "artist COLLATE NOCASE, title COLLATE NOCASE, file COLLATE NOCASE, id",
    "added": "id",
    "valence": "valence, arousal, id",
    "arousal": "arousal, id",
    "energy": "energy, arousal, id",
    "tempo": "tempo_bpm, id",
    "duration": "duration_s, id",
}
"""In which order tracks can be listed."""
NEAREST = 50
"""Tracks that a search gives unless another number is asked for."""
_FILES = """
SELECT path, size, mtime_ns, coalesce(digest, ''), trouble
FROM files LEFT JOIN tracks ON tracks.id = files.track
"""
"""Rows of `SeenFile`."""
_RADII = (0.05, 0.15, 0.5, 1e9)
"""Half sides of the squares that are searched one after the other; the last one holds all."""


class Library:
    """A library that is open; a context manager that closes it.

    Parameters
    ----------
    path : Path
        The file; made where it may be written and is not there.
    writable : bool
        Whether it may be changed.

    Attributes
    ----------
    path : Path
    connection : sqlite3.Connection
        For the tables of others (`oscbridge.library.schema`); every statement is a transaction of
        its own but those within `writing`.

    Raises
    ------
    LibraryError
        It cannot be opened; says why. The methods raise it where the disk is full, the file
        damaged or held by another for long.
    """

    def __init__(self, path: Path, writable: bool = True) -> None:
        self.path = path
        self.connection = connect(path, writable=writable)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self.connection.close()

    @contextlib.contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """Write in one transaction: all of it, or none where anything raises."""
        with explained(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # SQLite rolls back itself on a full disk
                    self.connection.execute("ROLLBACK")
                raise

    def put(self, tracks: Iterable[Track], files: Iterable[SeenFile] = ()) -> None:
        """Add tracks, or replace what is known of them, and the files that were looked at.

        A track whose last file holds another one now is forgotten.
        """
        seen = {file.path: file for file in files}
        once: dict[str, Track] = {}
        for track in tracks:
            once[track.digest] = track
            if track.path and track.path not in seen:
                seen[track.path] = SeenFile(track.path, UNSEEN, UNSEEN, track.digest)
        added = once.values()
        with self.writing() as connection:
            left = self._tracks_at(seen)
            (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM tracks").fetchone()
            connection.executemany(PUT, map(row_of, added))
            connection.execute(PUT_WORDS, (newest,))
            connection.executemany(PUT_DETAILS, map(details_of, added))
            connection.executemany(PUT_FILE, map(file_row_of, seen.values()))
            connection.executemany(DROP_LOST, ((number,) for number in left))

    def track(self, digest: str) -> Track | None:
        """The track with this digest, if it is here."""
        return next(self._read("WHERE digest = ?", (digest,)), None)

    def tracks(
        self, where: Limits = ALL, *, order: str = "artist", count: int = -1
    ) -> Iterator[Track]:
        """Yield the tracks within limits, with their sections.

        Parameters
        ----------
        where : Limits
        order : str
            One of `ORDERS`.
        count : int
            How many at most; -1: all.
        """
        return self._chosen(condition(where), ORDERS[order], count)

    def find(
        self, words: str, where: Limits = ALL, *, order: str = "artist", count: int = NEAREST
    ) -> list[Track]:
        """Tracks whose names contain all words, or longer ones that begin so."""
        return list(self._chosen(condition(where, words), ORDERS[order], count))

    def near(
        self, valence: float, arousal: float, count: int = NEAREST, where: Limits = ALL
    ) -> list[Track]:
        """Tracks nearest to a point of the plane, the nearest first."""
        wanted = condition(where)
        found: list[tuple[Any, ...]] = []
        # What is nearer than the radius lies within the square; words are asked for only once.
        for radius in _RADII[-1:] if wanted.by_words else _RADII:
            found = self._rows(
                "SELECT id, (valence - ?) * (valence - ?) + (arousal - ?) * (arousal - ?) AS d"
                f" FROM {wanted.source} WHERE {wanted.condition}"
                " AND valence BETWEEN ? AND ? AND arousal BETWEEN ? AND ? ORDER BY d, id LIMIT ?",
                (
                    *(valence, valence, arousal, arousal),
                    *wanted.values,
                    *(valence - radius, valence + radius, arousal - radius, arousal + radius),
                    count,
                ),
            )
            if len(found) >= count and found[-1][1] <= radius * radius:
                break
        return [track for number, _ in found for track in self._read("WHERE id = ?", (number,))]

    def columns(self) -> Columns:
        """What is searched of all tracks, as arrays."""
        with explained(self.path):
            return read_columns(self.connection)

    def paths(self, digest: str) -> list[str]:
        """Where a track lies, the place that was seen last first."""
        rows = self._rows(
            "SELECT path FROM files JOIN tracks ON tracks.id = files.track WHERE digest = ?"
            " ORDER BY files.rowid DESC",
            (digest,),
        )
        return [path_of(path) for (path,) in rows]

    def count(self, where: Limits = ALL, words: str = "") -> int:
        """How many tracks there are within limits, with these words in their names."""
        wanted = condition(where, words)
        ask = f"SELECT count(*) FROM {wanted.source} WHERE {wanted.condition}"
        return self._rows(ask, wanted.values)[0][0]

    def seen_files(self, *, readable: bool = True) -> list[SeenFile]:
        """Files that were looked at, by their paths: tracks, or those that could not be read."""
        rows = self._rows(f"{_FILES} WHERE (track IS NOT NULL) = ? ORDER BY path", (readable,))
        return [SeenFile(path_of(path), *rest) for path, *rest in rows]

    def seen_at(self, path: str) -> SeenFile | None:
        """What a path was when it was looked at last."""
        rows = self._rows(f"{_FILES} WHERE path = ?", (path_bytes(path),))
        return SeenFile(path, *rows[0][1:]) if rows else None

    def known(self, path: str, size: int, mtime_ns: int) -> SeenFile | None:
        """What is known of a file that has not changed since."""
        seen = self.seen_at(path)
        return seen if seen and (seen.size, seen.mtime_ns) == (size, mtime_ns) else None

    def remove(self, digests: Iterable[str]) -> int:
        """Forget tracks and where they lie; return how many were here."""
        with self.writing() as connection:
            return connection.executemany(
                "DELETE FROM tracks WHERE digest = ?", ((digest,) for digest in digests)
            ).rowcount

    def forget(self, paths: Iterable[str]) -> int:
        """Forget files, and tracks that lie nowhere any more; return how many files were known."""
        with self.writing() as connection:
            count = connection.executemany(
                "DELETE FROM files WHERE path = ?", ((path_bytes(path),) for path in paths)
            ).rowcount
            connection.execute(
                "DELETE FROM tracks WHERE NOT EXISTS (SELECT 1 FROM files WHERE track = tracks.id)"
            )
            return count

    def follow(self, old: str, track: Track, file: SeenFile) -> None:
        """Take over a file whose tags were written: other bytes, the same track.

        What others keep of the track stays its own. Where the old content also lies elsewhere, it
        stays a track as well.

        Parameters
        ----------
        old : str
            Digest of the file before.
        track : Track
            With the digest and the names of now.
        file : SeenFile
            As it lies there now.
        """
        others = [path for path in self.paths(old) if path != file.path]
        if not others and self.track(track.digest) is None:
            with self.writing() as connection:
                connection.execute(
                    "UPDATE tracks SET digest = ? WHERE digest = ?", (track.digest, old)
                )
        self.put([track], [file])

    def verify(self) -> list[str]:
        """What is wrong with the file, one sentence each; nothing where it is sound."""
        return upkeep.faults(self.connection, self.path)

    def stats(self) -> Overview:
        """What the library holds, counted."""
        with explained(self.path):
            return upkeep.count(self.connection)

    def _tracks_at(self, paths: Iterable[str]) -> set[int]:
        """Tracks that lie at paths, as far as is known."""
        ask = "SELECT track FROM files WHERE path = ? AND track IS NOT NULL"
        found = (self.connection.execute(ask, (path_bytes(path),)).fetchone() for path in paths)
        return {row[0] for row in found if row}

    def _chosen(self, wanted: Wanted, order: str, count: int) -> Iterator[Track]:
        """Yield tracks that are wanted, in an order."""
        # The numbers alone decide who comes: the rest is read of those few.
        chosen = f"SELECT id FROM {wanted.source} WHERE {wanted.condition} ORDER BY {order} LIMIT ?"
        return self._read(f"WHERE id IN ({chosen}) ORDER BY {order}", (*wanted.values, count))

    def _rows(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All that a query gives."""
        with explained(self.path):
            return self.connection.execute(query, values).fetchall()

    def _read(self, rest: str, values: tuple[Any, ...]) -> Iterator[Track]:
        """Yield what a query gives, as it is asked for."""
        with explained(self.path):
            for row in self.connection.execute(SELECT + rest, values):
                yield track_of(row)
