"""The tables of the library, step by step as versions of oscbridge came to know more.

Conventions
-----------
``PRAGMA user_version`` counts the steps of `MIGRATIONS` that a file has gone through. What is to
change becomes a new step at the end; a step that was released is never edited. Each step is one
transaction. Tables of others refer to ``tracks (id)``, never to a digest: a file whose tags were
written has another digest and stays the same track.

========== =========================================================================================
table      one row
========== =========================================================================================
tracks     a track: what it is called, and the numbers that are searched
details    what is read with one track only: embedding, sections (`oscbridge.library.rows`)
files      a path that was looked at: its track, or why it has none
words      index of full text over the names of the tracks
plays      something was played: when, and what it was called (`oscbridge.library.history`)
described  how the segments of a track sound, once that was asked for
offers     music was offered because of what was played, and what was answered
========== =========================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.errors import LibraryError

if TYPE_CHECKING:
    import sqlite3

APPLICATION = 0x6F736362
"""Says in a file's head that it is a library of ours: ``oscb``."""

_TRACKS = """
CREATE TABLE tracks (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    album TEXT NOT NULL,
    genre TEXT NOT NULL,
    file TEXT NOT NULL,
    duration_s REAL NOT NULL,
    valence REAL NOT NULL,
    arousal REAL NOT NULL,
    valence_sd REAL NOT NULL,
    arousal_sd REAL NOT NULL,
    dominance REAL,
    quadrant INTEGER NOT NULL,
    q1 REAL NOT NULL, q2 REAL NOT NULL, q3 REAL NOT NULL, q4 REAL NOT NULL,
    confidence REAL NOT NULL,
    energy INTEGER NOT NULL,
    tempo_bpm REAL,
    key INTEGER,
    loudness_lufs REAL,
    model TEXT NOT NULL
);
CREATE INDEX tracks_called
    ON tracks (artist COLLATE NOCASE, title COLLATE NOCASE, file COLLATE NOCASE);
-- All that is searched by number: a search never reads more of a track than this.
CREATE INDEX tracks_numbers ON tracks
    (valence, arousal, energy, tempo_bpm, key, quadrant, confidence, duration_s, loudness_lufs);
CREATE TABLE details (
    track INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
    embedding BLOB NOT NULL,
    sections BLOB NOT NULL
);
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    track INTEGER REFERENCES tracks (id) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    trouble TEXT NOT NULL
);
CREATE INDEX files_track ON files (track);
CREATE VIRTUAL TABLE words USING fts5(
    title, artist, album, genre, file,
    content='tracks', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
-- Words of new tracks come a batch at a time (`oscbridge.library.rows.PUT_WORDS`): a trigger for
-- each would make the index write itself out at every row, which takes half of all the time.
CREATE TRIGGER tracks_removed AFTER DELETE ON tracks BEGIN
    INSERT INTO words (words, rowid, title, artist, album, genre, file)
    VALUES ('delete', old.id, old.title, old.artist, old.album, old.genre, old.file);
END;
CREATE TRIGGER tracks_renamed AFTER UPDATE OF title, artist, album, genre, file ON tracks BEGIN
    INSERT INTO words (words, rowid, title, artist, album, genre, file)
    VALUES ('delete', old.id, old.title, old.artist, old.album, old.genre, old.file);
    INSERT INTO words (rowid, title, artist, album, genre, file)
    VALUES (new.id, new.title, new.artist, new.album, new.genre, new.file);
END;
"""

_HISTORY = """
CREATE TABLE plays (
    id INTEGER PRIMARY KEY,
    time_s REAL NOT NULL,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    album TEXT NOT NULL,
    path BLOB NOT NULL,
    source TEXT NOT NULL
);
-- The same export read twice adds nothing; also what finds the plays of a week.
CREATE UNIQUE INDEX plays_once ON plays (time_s, artist, title, path);
CREATE TABLE described (
    track INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
    form TEXT NOT NULL,
    segments BLOB NOT NULL
);
CREATE TABLE offers (
    id INTEGER PRIMARY KEY,
    time_s REAL NOT NULL,
    quadrant INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT ''
);
"""

_FIRST_LETTERS = """
DROP TABLE words;
-- With an index of first letters: while somebody types, one letter is asked for, and a great many
-- words begin with it.
CREATE VIRTUAL TABLE words USING fts5(
    title, artist, album, genre, file,
    content='tracks', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1'
);
INSERT INTO words (words) VALUES ('rebuild');
"""

MIGRATIONS: tuple[str, ...] = (_TRACKS, _HISTORY, _FIRST_LETTERS)
"""SQL of each step; a file of version ``n`` has gone through the first ``n``."""


def version_of(connection: sqlite3.Connection) -> int:
    """Steps that a file has gone through; 0 of an empty one.

    Raises
    ------
    LibraryError
        It is no library of ours, or one of a newer version.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION:
        raise LibraryError("it is a database of another program")
    if version > len(MIGRATIONS):
        raise LibraryError(
            f"it was written by a newer oscbridge (version {version} of the library, this one "
            f"knows {len(MIGRATIONS)}): update oscbridge"
        )
    return int(version)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the newest version, step by step.

    Raises
    ------
    LibraryError
        It is no library of ours, or one of a newer version.
    """
    while (version := version_of(connection)) < len(MIGRATIONS):
        step = (
            f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION}; {MIGRATIONS[version]}\n"
            f"PRAGMA user_version = {version + 1}; COMMIT;"
        )
        try:
            connection.executescript(step)
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise
