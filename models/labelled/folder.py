"""A user's labelled folder: which files there are, what they are labelled, what is wrong with that.

Conventions
-----------
Either the folder holds ``labels.csv`` (`models.labelled.table`; another table may be named), or
sub-folders that are named by quadrant (`models.labelled.words`) and hold the files, at any depth.

Without a table, the sub-folder of a quadrant's folder is the group (``sad/Nick Drake/…``), and a
file that lies in none is a group of its own.

Nothing is decoded here; every complaint is a `Bad` file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.labelled.files import (
    OTHER_SOUND,
    READABLE,
    Bad,
    FolderError,
    Labelled,
    unreadable,
    walk,
)
from models.labelled.table import PLAIN, Meaning, read_table
from models.labelled.words import WORDS

if TYPE_CHECKING:
    from pathlib import Path

LABELS = "labels.csv"


def read_folder(
    folder: Path, table: Path | None = None, meaning: Meaning = PLAIN
) -> tuple[list[Labelled], list[Bad]]:
    """Read the labels of a folder, in an order that does not depend on the file system.

    Parameters
    ----------
    folder : Path
    table : Path, optional
        The table, where it is not ``labels.csv`` of the folder.
    meaning : Meaning
        How the labels are meant.

    Raises
    ------
    FolderError
        It is no folder, or neither sub-folders nor a table say what is what.
    """
    if not folder.is_dir():
        raise FolderError(f"there is no folder {str(folder)!r}")
    if table is not None or (folder / LABELS).is_file():
        return read_table(folder, table or folder / LABELS, meaning)
    return _read_tree(folder, meaning)


def _read_tree(folder: Path, meaning: Meaning) -> tuple[list[Labelled], list[Bad]]:
    """Labels from the names of the sub-folders."""
    files: list[Labelled] = []
    bad: list[Bad] = []
    places = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    if not any(meaning.quadrant_of(place.name) for place in places if place.is_dir()):
        words = ", ".join(f"Q{quadrant} ({words[0]})" for quadrant, words in WORDS.items())
        raise FolderError(
            f"{str(folder)!r} holds neither {LABELS} nor folders named by quadrant: {words}"
        )
    for place in places:
        inside = [place] if place.is_file() else walk(place)
        quadrant = meaning.quadrant_of(place.name) if place.is_dir() else None
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
                bad.append(Bad(name, unreadable(ending)))
            else:
                deeper = path.relative_to(place).parts[:-1]
                files.append(Labelled(path, name, quadrant, deeper[0] if deeper else name))
    return files, bad
