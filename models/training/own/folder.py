"""A user's labelled folder: which files there are, what they are labelled, what is wrong with that.

Conventions
-----------
Either the folder holds ``labels.csv``, or sub-folders that are named by quadrant
(`models.training.own.words`) and hold the files, at any depth.

``labels.csv``: a head line, comma or semicolon. ``file`` is a path from the folder; then
``quadrant`` (a number or a word), or ``valence`` and ``arousal``, -1..1; ``group`` or ``artist``,
if there, names what must not stand on both sides of a split.
Without one, the sub-folder of a quadrant's folder is the group (``sad/Nick Drake/…``), and a file
that lies in none is a group of its own.

Nothing is decoded here (`models.training.own.sounds`); every complaint is a `Bad` file.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from models.training.own.words import WORDS, quadrant_of_word
from models.types import quadrant_of

LABELS = "labels.csv"
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
        1..4.
    group : str
        What must not stand on both sides of a split.
    """

    path: Path
    name: str
    quadrant: int
    group: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that cannot be learned from, and why."""

    name: str
    reason: str


def read_folder(folder: Path) -> tuple[list[Labelled], list[Bad]]:
    """Read the labels of a folder, in an order that does not depend on the file system.

    Raises
    ------
    FolderError
        It is no folder, or neither sub-folders nor ``labels.csv`` say what is what.
    """
    if not folder.is_dir():
        raise FolderError(f"there is no folder {str(folder)!r}")
    if (folder / LABELS).is_file():
        return _read_table(folder)
    return _read_tree(folder)


def _read_tree(folder: Path) -> tuple[list[Labelled], list[Bad]]:
    """Labels from the names of the sub-folders."""
    files: list[Labelled] = []
    bad: list[Bad] = []
    places = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    if not any(quadrant_of_word(place.name) for place in places if place.is_dir()):
        words = ", ".join(f"Q{quadrant} ({words[0]})" for quadrant, words in WORDS.items())
        raise FolderError(
            f"{str(folder)!r} holds neither {LABELS} nor folders named by quadrant: {words}"
        )
    for place in places:
        inside = [place] if place.is_file() else _walk(place)
        quadrant = quadrant_of_word(place.name) if place.is_dir() else None
        for path in inside:
            name = path.relative_to(folder).as_posix()
            ending = path.suffix.casefold()
            if ending not in READABLE | OTHER_SOUND:
                continue
            if place.is_file():
                bad.append(Bad(name, "lies in no folder of a quadrant"))
            elif quadrant is None:
                bad.append(Bad(name, f"the folder {place.name!r} names no quadrant"))
            elif ending in OTHER_SOUND:
                bad.append(Bad(name, _unreadable(ending)))
            else:
                deeper = path.relative_to(place).parts[:-1]
                files.append(Labelled(path, name, quadrant, deeper[0] if deeper else name))
    return files, bad


def _walk(folder: Path) -> list[Path]:
    """Files below a folder, sorted; hidden ones left out, links to folders not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place) / name for name in names if not name.startswith(".")]
    return sorted(found)


def _read_table(folder: Path) -> tuple[list[Labelled], list[Bad]]:
    """Labels from the table."""
    try:
        text = (folder / LABELS).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{LABELS} cannot be read: {error}") from None
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    table = csv.DictReader(text.splitlines(), delimiter=delimiter)
    columns = {(name or "").strip().casefold() for name in table.fieldnames or ()}
    if "file" not in columns or not ("quadrant" in columns or {"valence", "arousal"} <= columns):
        raise FolderError(
            f"{LABELS} has the columns {', '.join(sorted(columns)) or 'none'}; it needs file, and "
            "quadrant or valence and arousal"
        )
    files: list[Labelled] = []
    bad: list[Bad] = []
    seen: Counter[str] = Counter()
    for number, raw in enumerate(table, 2):
        row = {
            (key or "").strip().casefold(): value.strip()
            for key, value in raw.items()
            if isinstance(value, str)
        }
        name = row.get("file", "")
        seen[name] += 1
        label = _label(row)
        path = folder / name
        if not name:
            bad.append(Bad(f"{LABELS} line {number}", "names no file"))
        elif seen[name] > 1:
            bad.append(Bad(name, f"is named again in line {number} of {LABELS}"))
        elif isinstance(label, str):
            bad.append(Bad(name, f"line {number} of {LABELS}: {label}"))
        elif not path.is_file():
            bad.append(Bad(name, f"line {number} of {LABELS}: there is no such file"))
        elif path.suffix.casefold() in OTHER_SOUND:
            bad.append(Bad(name, _unreadable(path.suffix.casefold())))
        else:
            group = row.get("group") or row.get("artist") or name
            files.append(Labelled(path, name, label, group.casefold()))
    return files, bad


def _label(row: dict[str, str]) -> int | str:
    """Quadrant of a row, or what is wrong with its label."""
    if word := row.get("quadrant"):
        return quadrant_of_word(word) or f"{word!r} names no quadrant"
    point: list[float] = []
    for axis in ("valence", "arousal"):
        text = row.get(axis, "")
        try:
            value = float(text)
        except ValueError:
            return f"{axis} {text!r} is no number" if text else f"it has no {axis}"
        if not -1.0 <= value <= 1.0:
            return f"{axis} {text} is outside -1..1"
        if value == 0.0:
            return f"{axis} 0 is neutral: it belongs to no quadrant"
        point.append(value)
    return quadrant_of(*point)


def _unreadable(ending: str) -> str:
    return f"{ending[1:].upper()} cannot be read: convert it to FLAC, WAV, OGG or MP3"
