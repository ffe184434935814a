"""What a library holds, counted, and whether its file is sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge.library.connection import explained

if TYPE_CHECKING:
    import sqlite3
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
    models = dict(
        connection.execute(
            "SELECT model, count(*) FROM tracks GROUP BY model ORDER BY count(*) DESC, model"
        )
    )
    known = tuple(quadrants.get(quadrant, 0) for quadrant in range(5))
    return Overview(
        tracks=tracks,
        files=readable,
        unreadable=files - readable,
        duration_s=duration_s,
        size=pages * page_size,
        quadrants=(known[0], known[1], known[2], known[3], known[4]),
        energies=tuple(energies.get(energy, 0) for energy in range(1, 11)),
        models=models,
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
    if bare:
        sentences.append(f"{bare} tracks have no details")
    return sentences
