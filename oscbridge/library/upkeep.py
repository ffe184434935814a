"""What a library holds, counted, and whether its file is sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oscbridge.errors import LibraryError
from oscbridge.library.connection import explained
from oscbridge.library.rows import SELECT, track_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Overview:
    """What a library holds.

    Attributes
    ----------
    tracks, files, unreadable : int
        Tracks, files that are one, and files that could not be read.
    duration_s : float
        Of all tracks together.
    size : int
        Of the library's file, bytes.
    quadrants : tuple of 5 int
        Tracks by quadrant, the unknown first.
    energies : tuple of 10 int
        Tracks by energy 1..10.
    models : dict of str to int
        Tracks by the model that heard them, the most first.
    """

    tracks: int
    files: int
    unreadable: int
    duration_s: float
    size: int
    quadrants: tuple[int, int, int, int, int]
    energies: tuple[int, ...]
    models: dict[str, int]


def heard_by(connection: sqlite3.Connection) -> dict[str, int]:
    """Tracks by the model that heard them, the most first."""
    query = "SELECT model, count(*) FROM tracks GROUP BY model ORDER BY count(*) DESC, model"
    return dict(connection.execute(query))


def count(connection: sqlite3.Connection) -> Overview:
    """Count what is in a library."""
    tracks, duration_s = connection.execute(
        "SELECT count(*), coalesce(sum(duration_s), 0.0) FROM tracks"
    ).fetchone()
    files, readable = connection.execute("SELECT count(*), count(track) FROM files").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    quadrants = dict(connection.execute("SELECT quadrant, count(*) FROM tracks GROUP BY quadrant"))
    energies = dict(connection.execute("SELECT energy, count(*) FROM tracks GROUP BY energy"))
    known = tuple(quadrants.get(quadrant, 0) for quadrant in range(5))
    return Overview(
        tracks=tracks,
        files=readable,
        unreadable=files - readable,
        duration_s=duration_s,
        size=pages * page_size,
        quadrants=(known[0], known[1], known[2], known[3], known[4]),
        energies=tuple(energies.get(energy, 0) for energy in range(1, 11)),
        models=heard_by(connection),
    )


def faults(connection: sqlite3.Connection, path: Path) -> list[str]:
    """What is wrong with a library's file, one sentence each."""
    with explained(path):
        found = connection.execute(f"PRAGMA integrity_check({_MOST_FAULTS})").fetchall()
        sentences = [f"the file is damaged: {said}" for (said,) in found if said != "ok"]
        if sentences:  # what else could be asked, nobody could answer
            return sentences
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        sentences += [
            f"row {row} of {table} belongs to no {parent}" for table, row, parent, _ in broken
        ]
        (bare,) = connection.execute(
            "SELECT count(*) FROM tracks WHERE id NOT IN (SELECT track FROM details)"
        ).fetchone()
        damaged = sum(map(_is_damaged, connection.execute(SELECT)))
    if bare:
        sentences.append(f"{bare} tracks have no details")
    if damaged:
        sentences.append(f"{damaged} tracks are damaged: oscbridge library add --again FOLDER")
    return sentences


def _is_damaged(row: Sequence[Any]) -> bool:
    """Whether a row of `SELECT` can be read by nobody."""
    try:
        track_of(row)
    except LibraryError:
        return True
    return False
