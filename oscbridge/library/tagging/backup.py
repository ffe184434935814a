"""What files were before their tags were written: kept until it is taken back.

Conventions
-----------
A SQLite file beside the library, of its own: who begins a library anew keeps the backups. A *write*
is kept, and on the disk, before the file that it tells of is replaced: no crash can come between.
One that was kept and never came about does no harm: the file then is what it was before. One
process at a time holds the backups.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import msgspec

from oscbridge.errors import LibraryError
from oscbridge.library.connection import explained
from oscbridge.library.rows import path_bytes, path_of
from oscbridge.library.tagging import Fields

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1
_SCHEMA = f"""
CREATE TABLE runs (id INTEGER PRIMARY KEY, began_s REAL NOT NULL);
CREATE TABLE writes (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    path BLOB NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    said BLOB NOT NULL,
    written BLOB NOT NULL,
    difference BLOB NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX writes_path ON writes (path);
PRAGMA user_version = {VERSION};
"""
_COLUMNS = "id, path, before, after, mtime_ns, said, written, difference"


@dataclass(frozen=True, slots=True)
class Write:
    """A file whose tags were written.

    Attributes
    ----------
    path : str
        Where it lay.
    before, after : str
        Digests of its content.
    mtime_ns : int
        When it had been written last, before.
    said, written : dict of str to str
        What its fields said before, and what they say now; only those that were written.
    difference : bytes
        The former content, told by the new one (`oscbridge.library.tagging.difference`).
    number : int
        Its number among all writes; 0 until it is kept.
    """

    path: str
    before: str
    after: str
    mtime_ns: int
    said: Fields
    written: Fields
    difference: bytes
    number: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One time that tags were written.

    Attributes
    ----------
    number : int
    began_s : float
        Seconds since 1970.
    writes : int
        How many of its writes were not taken back.
    """

    number: int
    began_s: float
    writes: int


def path_beside(library: Path) -> Path:
    """Where the backups of a library lie."""
    return library.with_name(f"{library.stem}-tags.sqlite")


class Backups:
    """The backups, open and held; a context manager that closes them.

    Parameters
    ----------
    path : Path
        Made where it is not there.

    Raises
    ------
    LibraryError
        It cannot be opened or written, another process writes tags, or it is of a newer version.
        All methods raise it where the disk is full or the file damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path):
            self._connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._connection.close()

    def begin(self) -> int:
        """Begin a run; return its number."""
        with explained(self.path):
            cursor = self._connection.execute(
                "INSERT INTO runs (began_s) VALUES (?)", (time.time(),)
            )
            return cursor.lastrowid or 0

    def keep(self, run: int, write: Write) -> None:
        """Keep a write; when this returns it is on the disk."""
        row = (
            *(run, path_bytes(write.path), write.before, write.after, write.mtime_ns),
            *(msgspec.json.encode(write.said), msgspec.json.encode(write.written)),
            write.difference,
        )
        with explained(self.path):
            self._connection.execute(
                "INSERT INTO writes (run, path, before, after, mtime_ns, said, written, difference)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def runs(self) -> list[Run]:
        """The runs of which something could be taken back, the last one first."""
        with explained(self.path):
            rows = self._connection.execute(
                "SELECT runs.id, began_s, count(*) FROM runs JOIN writes ON run = runs.id"
                " WHERE NOT undone GROUP BY runs.id ORDER BY runs.id DESC"
            ).fetchall()
        return [Run(*row) for row in rows]

    def writes(self, run: int) -> list[Write]:
        """What of a run was not taken back, the last write first."""
        return self._read("run = ? AND NOT undone", run)

    def last(self) -> Write | None:
        """The last write of all, unless it was taken back."""
        return next(iter(self._read("id = (SELECT max(id) FROM writes) AND NOT undone")), None)

    def written(self, path: str) -> Fields:
        """What we wrote into a file, field by field; nothing where we did not."""
        fields = Fields()
        for write in reversed(self._read("path = ? AND NOT undone", path_bytes(path))):
            fields |= write.written
        return fields

    def mark_undone(self, write: Write) -> None:
        """Remember that a write was taken back."""
        with explained(self.path):
            self._connection.execute("UPDATE writes SET undone = 1 WHERE id = ?", (write.number,))

    def _read(self, condition: str, *values: str | int | bytes) -> list[Write]:
        with explained(self.path):
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM writes WHERE {condition} ORDER BY id DESC", values
            ).fetchall()
        return [
            Write(
                path_of(path),
                before,
                after,
                mtime_ns,
                msgspec.json.decode(said, type=Fields),
                msgspec.json.decode(written, type=Fields),
                difference,
                number,
            )
            for number, path, before, after, mtime_ns, said, written, difference in rows
        ]

    def _prepare(self) -> None:
        """Hold the file, and make its tables where it is new. Raises `LibraryError`."""
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("BEGIN EXCLUSIVE")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise LibraryError("it was written by a newer oscbridge; install that one")
        self._connection.execute("COMMIT")
        if version < VERSION:
            self._connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
