"""The connection to a library's file, and what can go wrong with it in one sentence.

Conventions
-----------
SQLite in WAL mode: readers and one writer do not wait for each other, and what was committed
survives the process that wrote it, and a power cut. Whoever finds the file locked waits
`PATIENCE_S`. A file in a folder that cannot be written is read as it lies.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from oscbridge.errors import LibraryError
from oscbridge.library.schema import MIGRATIONS, migrate, version_of

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

PATIENCE_S = 10.0
CACHE_KIB = 32 * 1024
CHECKPOINT_PAGES = 16_384
"""So much (64 MiB) waits in the WAL before it is put into the file. Every commit of many tracks
changes the same pages of the indices: the longer they wait, the fewer times each is written."""

_REASONS = {
    "SQLITE_FULL": "the disk is full; nothing that was in it is lost",
    "SQLITE_BUSY": "another program holds it; try again when that is done",
    "SQLITE_LOCKED": "another program holds it; try again when that is done",
    "SQLITE_READONLY": "it may not be written here",
    "SQLITE_CANTOPEN": "the file or its folder cannot be opened",
    "SQLITE_NOTADB": "it is no library, or a damaged one",
    "SQLITE_CORRUPT": "it is damaged; keep the file, and make a new one with --library and add",
    "SQLITE_IOERR": "the disk does not read or write it",
    "SQLITE_PERM": "access is denied",
    "SQLITE_TOOBIG": "what is to be written is too large",
}


@contextlib.contextmanager
def explained(path: Path) -> Generator[None]:
    """Say in one sentence what is wrong with the file, where SQLite says it in its own words.

    Raises
    ------
    LibraryError
        SQLite refused.
    """
    try:
        yield
    except LibraryError as error:
        raise LibraryError(f"library {str(path)!r}: {error}.") from None
    except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        reason = next((said for code, said in _REASONS.items() if name.startswith(code)), None)
        if reason is None:  # a mistake in our own SQL is not the user's to mend
            raise
        raise LibraryError(f"library {str(path)!r}: {reason} ({error}).") from error


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a library, and bring it to this version where it may be written.

    Raises
    ------
    LibraryError
        It cannot be opened, is damaged, of a newer version or of another program.
    """
    if writable:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"library {str(path)!r}: {error.strerror}.") from None
    with explained(path):
        connection = _open(path, writable=writable)
        try:
            _prepare(connection, writable=writable)
        except BaseException:
            connection.close()
            raise
    return connection


def _open(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the file; one in a folder that cannot be written as it lies, without its WAL."""
    uri = path.absolute().as_uri() + ("?mode=rwc" if writable else "?mode=ro")
    beside = path.with_name(path.name + "-wal")
    if not writable and not os.access(path.parent, os.W_OK) and not beside.exists():
        uri += "&immutable=1"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE_S, isolation_level=None)


def _prepare(connection: sqlite3.Connection, *, writable: bool) -> None:
    """Set what holds for this connection alone, and look at the version.

    Raises
    ------
    LibraryError
        An older file that may not be changed here, or as `version_of`.
    """
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    version = version_of(connection)
    if writable:
        connection.execute("PRAGMA journal_mode = WAL")
        # Each commit is on the disk; with NORMAL it would be with the next checkpoint only.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        migrate(connection)
    elif version < len(MIGRATIONS):
        raise LibraryError(
            "it was written by an older oscbridge and may not be changed here; open it for "
            "writing once:  oscbridge library verify"
            if version
            else "it is empty"
        )
