"""A table that labels files: what its columns are called, how its labels are meant.

Conventions
-----------
A head line, comma, semicolon or tab. ``file`` is a path from the folder, or the name of a file
somewhere in it, with or without its ending; then ``quadrant`` (a number or a word), or ``valence``
and ``arousal`` on one scale, or both; ``group`` or ``artist``, if there, names what must not stand
on both sides of a split. Decimal commas are understood. `COLUMNS` has what else these columns may
be called.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from dataclasses import dataclass
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
from models.labelled.words import quadrant_of_word
from models.types import UNKNOWN, quadrant_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COLUMNS = {
    "file": ("file", "path", "filename", "track"),
    "quadrant": ("quadrant", "label", "emotion", "word"),
    "valence": ("valence",),
    "arousal": ("arousal",),
    "group": ("group", "artist"),
}
"""What the columns of a table may be called; the first one that is there counts."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the labels of a table are meant.

    Attributes
    ----------
    scale : (low, high)
        Of the ratings of valence and arousal; the middle is neutral.
    quadrant_of : callable
        The quadrant of a word, None where it names none.
    neutral : bool
        Whether ratings in the middle of an axis are wanted: they are points of no quadrant.
    """

    scale: tuple[float, float] = (-1.0, 1.0)
    quadrant_of: Callable[[str], int | None] = quadrant_of_word
    neutral: bool = False


PLAIN = Meaning()


def read_table(folder: Path, table: Path, meaning: Meaning) -> tuple[list[Labelled], list[Bad]]:
    """Read the labels of a table.

    Parameters
    ----------
    folder : Path
        From where paths are meant.
    table : Path
    meaning : Meaning
        How the labels are meant.

    Raises
    ------
    FolderError
        It cannot be read, or its columns say nothing.
    """
    found = _Lookup(folder)
    files: list[Labelled] = []
    bad: list[Bad] = []
    seen: Counter[str] = Counter()
    for number, row in _rows(table):
        name = row.get("file", "")
        line = f"line {number} of {table.name}"
        seen[name] += 1
        label = _label(row, meaning)
        path = found.path(name)
        if not name:
            bad.append(Bad(f"{table.name} line {number}", "names no file"))
        elif seen[name] > 1:
            bad.append(Bad(name, f"is named again in {line}"))
        elif isinstance(label, str):
            bad.append(Bad(name, f"{line}: {label}"))
        elif isinstance(path, str):
            bad.append(Bad(name, f"{line}: {path}"))
        elif path.suffix.casefold() in OTHER_SOUND:
            bad.append(Bad(name, unreadable(path.suffix.casefold())))
        else:
            quadrant, valence, arousal = label
            group = row.get("group") or name
            files.append(Labelled(path, name, quadrant, group.casefold(), valence, arousal))
    return files, bad


def _rows(table: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows of a table under our names of the columns, with their line numbers."""
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{table.name} cannot be read: {error}") from None
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    columns = [name.strip().casefold() for name in next(reader, [])]
    at = {
        ours: columns.index(theirs)
        for ours, names in COLUMNS.items()
        if (theirs := next((name for name in names if name in columns), None))
    }
    if "file" not in at or not ("quadrant" in at or {"valence", "arousal"} <= at.keys()):
        raise FolderError(
            f"{table.name} has the columns {', '.join(sorted(columns)) or 'none'}; it needs file, "
            "and quadrant or valence and arousal"
        )
    return [
        (number, {ours: row[place].strip() for ours, place in at.items() if place < len(row)})
        for number, row in enumerate(reader, 2)
        if row
    ]


class _Lookup:
    """Finds files by their path from a folder, or by their name somewhere in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, list[Path]] | None = None

    def path(self, name: str) -> Path | str:
        """The file, or what is wrong with it."""
        path = self._folder / name
        if not name or path.is_file():
            return path
        if self._names is None:
            self._names = {}
            for other in walk(self._folder):
                if other.suffix.casefold() in READABLE | OTHER_SOUND:
                    for called in {other.name.casefold(), other.stem.casefold()}:
                        self._names.setdefault(called, []).append(other)
        found = self._names.get(name.casefold(), [])
        if len(found) > 1:
            return f"{len(found)} files are called so: name their folders too"
        return found[0] if found else "there is no such file"


def _label(row: dict[str, str], meaning: Meaning) -> tuple[int, float | None, float | None] | str:
    """Quadrant of a row, and the point where it was rated; or what is wrong with its label."""
    word = row.get("quadrant")
    quadrant = meaning.quadrant_of(word) if word else None
    if word and not quadrant:
        return f"{word!r} names no quadrant"
    rated = row.get("valence") and row.get("arousal")
    if quadrant and not rated:
        return quadrant, None, None
    point: list[float] = []
    for axis in ("valence", "arousal"):
        value = _rating(axis, row.get(axis, ""), meaning)
        if isinstance(value, str):
            return value
        point.append(value)
    valence, arousal = point
    if quadrant is None:
        quadrant = quadrant_of(valence, arousal) if valence and arousal else UNKNOWN
    return quadrant, valence, arousal


def _rating(axis: str, text: str, meaning: Meaning) -> float | str:
    """A rating on our scale, or what is wrong with it."""
    low, high = meaning.scale
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if math.isnan(value):
        return f"{axis} {text!r} is no number" if text else f"it has no {axis}"
    if not low <= value <= high:
        return f"{axis} {text} is outside {low:g}..{high:g}"
    ours = (value - (low + high) / 2.0) / ((high - low) / 2.0)
    if ours == 0.0 and not meaning.neutral:
        return f"{axis} {text} is neutral: it belongs to no quadrant"
    return ours
