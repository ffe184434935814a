"""Faces in tables: FER2013 as Kaggle gives it, FERPlus beside it, CK+ in the same form.

Conventions
-----------
FER2013 (I. Goodfellow et al., Challenges in representation learning, 2013): ``fer2013.csv``,
``icml_face_data.csv`` or ``train.csv``, with the columns ``emotion`` (0 anger, 1 disgust, 2 fear, 3
happiness, 4 sadness, 5 surprise, 6 neutral, in tables of CK+ also 7 contempt), ``pixels`` (48·48
numbers 0..255 with spaces between) and, but in ``train.csv``, ``Usage``: Training, PublicTest,
PrivateTest. These are train, dev and test here. Nobody knows who the persons are: the table names
none, so that only copies of a picture are kept together.

FERPlus (E. Barsoum et al., ICMI 2016): ``fer2013new.csv``, the votes of ten people on each row of
``fer2013.csv``, which must lie in the same folder. As there, single votes are left out, and rows on
which most saw no face or did not know.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from models.face_labels import LABELS, label_of_word
from models.training.face_set import FaceDataError, FaceSet, build_set, one_hot, to_side

if TYPE_CHECKING:
    from pathlib import Path

NUMBERED = LABELS
"""Labels in the order of their numbers."""
USAGES = {
    "training": "train",
    "publictest": "dev",
    "privatetest": "test",
    "train": "train",
    "validation": "dev",
    "test": "test",
    "": "",
}
PICTURES = ("fer2013.csv", "icml_face_data.csv")
"""Where the pictures of FERPlus are."""
VOTES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
NEITHER = ("unknown", "nf")
Row = dict[str, str]


def read_table(path: Path) -> FaceSet:
    """Read a table of faces, whichever of the above it is.

    Raises
    ------
    FaceDataError
        It cannot be read, or is none of them; names the line.
    """
    rows = _rows(path)
    columns = set(rows[0]) if rows else set[str]()
    if set(VOTES) <= columns:
        return _read_votes(path, rows)
    if not {"emotion", "pixels"} <= columns:
        raise FaceDataError(
            f"{path.name} has the columns {', '.join(sorted(columns)) or 'none'}; a table of faces "
            "has emotion and pixels (FER2013), or the votes of FERPlus"
        )
    pixels = [_pixels(row["pixels"], path, i) for i, row in enumerate(rows, 2)]
    targets = [one_hot(_label(row["emotion"], path, i)) for i, row in enumerate(rows, 2)]
    parts = [_part(row, path, i) for i, row in enumerate(rows, 2)]
    name = "CK+ (table)" if any(one[-1] for one in targets) else "FER2013"
    return build_set(name, pixels, targets, [""] * len(rows), parts)


def _read_votes(path: Path, rows: list[Row]) -> FaceSet:
    """FERPlus: the votes of ``path`` on the pictures beside it."""
    beside = next((path.parent / name for name in PICTURES if (path.parent / name).is_file()), None)
    if beside is None:
        raise FaceDataError(
            f"{path.name} holds votes, no pictures: put fer2013.csv into the same folder"
        )
    faces = _rows(beside)
    if len(faces) != len(rows) or any(
        _part(face, beside, i) != _part(row, path, i)
        for i, (face, row) in enumerate(zip(faces, rows, strict=True), 2)
    ):
        raise FaceDataError(f"{path.name} and {beside.name} are not about the same rows")
    pixels: list[np.ndarray] = []
    targets: list[np.ndarray] = []
    parts: list[str] = []
    for i, (face, row) in enumerate(zip(faces, rows, strict=True), 2):
        target = _votes(row, path, i)
        if target is not None:
            pixels.append(_pixels(face["pixels"], beside, i))
            targets.append(target)
            parts.append(_part(row, path, i))
    gone = len(rows) - len(pixels)
    told = (f"{gone} pictures on which people saw no face or no label",) if gone else ()
    return build_set("FERPlus", pixels, targets, [""] * len(pixels), parts, told)


def _votes(row: Row, path: Path, line: int) -> np.ndarray | None:
    """Shares of votes over all labels; None where most saw something else."""
    try:
        count = {name: int(row.get(name) or 0) for name in (*VOTES, *NEITHER)}
    except ValueError:
        raise FaceDataError(f"{path.name} line {line}: a vote is no number") from None
    count = {name: votes if votes > 1 else 0 for name, votes in count.items()}
    best = max(count.values())
    if not row.get("image name") or best == 0 or best in (count["unknown"], count["nf"]):
        return None
    total = np.zeros(len(LABELS), np.float32)
    for name in VOTES:
        total[LABELS.index(label_of_word(name) or "")] = count[name]
    return total / total.sum()


def _rows(path: Path) -> list[Row]:
    """Rows of a table, columns in lower case without spaces around them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            return [
                {
                    (key or "").strip().casefold(): (value or "").strip()
                    for key, value in row.items()
                }
                for row in table
            ]
    except (OSError, UnicodeDecodeError, csv.Error, AttributeError) as error:
        raise FaceDataError(f"{path} cannot be read as a table: {error}") from None


def _pixels(text: str, path: Path, line: int) -> np.ndarray:
    """A face from numbers with spaces between them."""
    try:
        values = np.asarray(text.split(), dtype=np.int64)
    except (ValueError, OverflowError):
        values = np.empty(0, np.int64)
    side = round(len(values) ** 0.5)
    if not len(values) or side * side != len(values) or values.min() < 0 or values.max() > 255:
        raise FaceDataError(
            f"{path.name} line {line}: pixels are no square of numbers from 0 to 255"
        )
    return to_side(values.astype(np.uint8).reshape(side, side))


def _label(text: str, path: Path, line: int) -> str:
    if text.isdecimal() and int(text) < len(NUMBERED):
        return NUMBERED[int(text)]
    word = label_of_word(text)
    if word is None:
        raise FaceDataError(f"{path.name} line {line}: {text!r} is no label")
    return word


def _part(row: Row, path: Path, line: int) -> str:
    usage = row.get("usage", "").casefold()
    if usage not in USAGES:
        raise FaceDataError(f"{path.name} line {line}: {usage!r} is no part of the data")
    return USAGES[usage]
