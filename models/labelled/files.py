"""Files that are labelled, and files of which something is wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

READABLE = frozenset(
    {
        *(".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au"),
        *(".caf", ".w64", ".rf64"),
    }
)
"""Endings of the files that are listened to."""
OTHER_SOUND = frozenset({".m4a", ".aac", ".mp4", ".wma", ".alac", ".ape", ".mid", ".midi", ".ra"})
"""Endings of music that cannot be read; what ends otherwise is no music and is left aside."""


class FolderError(ValueError):
    """The folder as a whole cannot be understood: one sentence that says what is expected."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file with its label.

    Attributes
    ----------
    path : Path
        The file.
    name : str
        Its path from the folder, with ``/``.
    quadrant : int
        1..4; 0 for a point between quadrants, where such points are wanted.
    group : str
        What must not stand on both sides of a split.
    valence, arousal : float or None
        As they were rated, on our scale of -1..1; None where only the quadrant was told.
    """

    path: Path
    name: str
    quadrant: int
    group: str
    valence: float | None = None
    arousal: float | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that cannot be learned from, and why."""

    name: str
    reason: str


def walk(folder: Path) -> list[Path]:
    """Files below a folder, sorted; hidden ones left out, links to folders not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place) / name for name in names if not name.startswith(".")]
    return sorted(found)


def unreadable(ending: str) -> str:
    """Why a file with this ending cannot be read."""
    return f"{ending[1:].upper()} cannot be read: convert it to FLAC, WAV, OGG or MP3"
