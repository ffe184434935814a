"""Courses as people write them: words, a line, a named shape, a file.

Conventions
-----------
A *point* is a word for an emotion (the user's labels, ``happy``, ``calm`` …), two numbers (valence
and arousal of -1..1), or ``energy 9``, which says how exciting and leaves valence open. A *line*
has points with their minutes: ``0:calm 30:happy 60:energy 9``. A file is CSV, with the columns
``minute`` and ``point`` or ``minute``, ``valence`` and ``arousal`` (a drawn curve has many rows; an
empty field is left open), or TOML with ``[[point]]`` tables of the same keys.
"""

from __future__ import annotations

import csv
import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.errors import InputError, SettingsError, unknown_name
from oscbridge.inbound.words import ANGLES, point_of_word
from oscbridge.library.course import Curve, Point
from presets import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from oscbridge.labels import Labels

LONGEST_MINUTES = 24.0 * 60.0
ENERGIES = (1.0, 10.0)

_OPEN = math.nan
_PLACE = re.compile(r"(?:^|\s)(\d+(?:\.\d+)?)\s*:")
_NUMBERS = re.compile(r"([-+]?\d*\.?\d+)(?:\s*,\s*|\s+)([-+]?\d*\.?\d+)")
_ENERGY = re.compile(r"energy\s*(\d+(?:\.\d+)?)", re.IGNORECASE)

SHAPES: Mapping[str, tuple[tuple[float, float, float], ...]] = MappingProxyType(
    {
        "warm-up": ((0.0, 0.3, -0.5), (1.0, 0.5, 0.6)),
        "peak": ((0.0, 0.4, 0.2), (0.6, 0.6, 0.9), (1.0, 0.5, 0.5)),
        "arc": ((0.0, 0.3, -0.4), (0.6, 0.6, 0.8), (1.0, 0.4, -0.4)),
        "wave": (
            *((0.0, 0.3, 0.0), (0.125, 0.5, 0.6), (0.375, 0.4, -0.3)),
            *((0.625, 0.5, 0.7), (0.875, 0.4, -0.3), (1.0, 0.4, 0.0)),
        ),
        "come-down": ((0.0, 0.5, 0.7), (1.0, 0.4, -0.7)),
        "unwind": ((0.0, -0.4, 0.5), (0.4, 0.2, 0.0), (1.0, 0.5, -0.7)),
        "workout": ((0.0, 0.3, 0.0), (0.15, 0.5, 0.6), (0.8, 0.5, 0.9), (1.0, 0.4, -0.3)),
        "focus": ((0.0, 0.3, -0.2), (1.0, 0.3, -0.2)),
    }
)
"""Curves that have a name: points as (share of the whole time, valence, arousal)."""

Minute = Annotated[float, msgspec.Meta(ge=0.0, le=LONGEST_MINUTES)]
Coordinate = Annotated[float, msgspec.Meta(ge=-1.0, le=1.0)]


class FilePoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point of a file: ``point`` in words, or its coordinates."""

    minute: Minute
    point: str | None = None
    valence: Coordinate | None = None
    arousal: Coordinate | None = None


class CurveFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A curve as a TOML file."""

    point: Annotated[tuple[FilePoint, ...], msgspec.Meta(min_length=2)]


def point_of(text: str, labels: Labels) -> Point:
    """Read a point.

    Raises
    ------
    SettingsError
        Nobody knows the word, or a number is out of range.
    """
    wanted = text.strip()
    if found := _NUMBERS.fullmatch(wanted):
        point = Point(float(found[1]), float(found[2]))
        if max(map(abs, point)) > 1.0:
            raise SettingsError(f"{wanted!r}: valence and arousal are numbers from -1 to 1.")
        return point
    if found := _ENERGY.fullmatch(wanted):
        low, high = ENERGIES
        if not low <= float(found[1]) <= high:
            raise SettingsError(f"{wanted!r}: an energy is {low:g} to {high:g}.")
        return Point(_OPEN, 2.0 * (float(found[1]) - low) / (high - low) - 1.0)
    known = point_of_word(wanted, labels)
    if known is None and (not wanted or any(char.isdigit() or char == ":" for char in wanted)):
        raise SettingsError(
            f"{wanted!r} is no point: write a feeling, as in  calm,  two numbers from -1 to 1, as "
            "in  -0.4 0.7,  or  energy 8"
        )
    if known is None and wanted.casefold() == "energy":
        raise SettingsError("which energy? Write  energy 8,  1 to 10.")
    if known is None:
        words = [labels.of(quadrant) for quadrant in (1, 2, 3, 4)]
        raise unknown_name("emotion", wanted, [*dict.fromkeys((*words, *ANGLES)), "neutral"])
    return Point(*known)


def curve_of(text: str, labels: Labels) -> Curve:
    """Read a line.

    Raises
    ------
    SettingsError
        Something of it cannot be read.
    """
    places = list(_PLACE.finditer(text))
    if not places or text[: places[0].start()].strip():
        raise SettingsError(
            f"{text!r} is no curve: write minutes and points, as in  0:calm 30:happy 60:energy 9"
        )
    ends = [place.start() for place in places[1:]] + [len(text)]
    parts = [text[place.end() : end] for place, end in zip(places, ends, strict=True)]
    minutes = [float(place[1]) for place in places]
    points = [point_of(part, labels) for part in parts]
    return _curve(zip(minutes, points, strict=True), repr(text))


def shape_of(name: str, minutes: float) -> Curve:
    """The curve of a name, drawn over so many minutes.

    Raises
    ------
    SettingsError
        There is no such shape.
    """
    shape = SHAPES.get(name)
    if shape is None:
        raise unknown_name("shape", name, tuple(SHAPES))
    return _curve(((share * minutes, Point(*point)) for share, *point in shape), name)


def read_curve(path: Path, labels: Labels) -> Curve:
    """Read a curve from a file, CSV or TOML.

    Raises
    ------
    InputError
        It cannot be read.
    SettingsError
        Something in it is wrong.
    """
    try:
        if path.suffix.lower() == ".toml":
            rows = reading.convert(reading.read_toml(path), CurveFile, str(path)).point
        else:
            rows = _rows_of_csv(path)
    except reading.ReadingError as error:
        raise SettingsError(str(error)) from None
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{str(path)!r} cannot be read: it is no text in UTF-8.") from None
    except csv.Error as error:
        raise InputError(f"{str(path)!r} cannot be read: {error}.") from None
    return _curve(((row.minute, _point_of_row(row, labels)) for row in rows), str(path))


def _rows_of_csv(path: Path) -> list[FilePoint]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {key.strip(): value for key, value in row.items() if key and (value or "").strip()}
            for row in csv.DictReader(file)
        ]
    numbered = (
        {key: _number_or_text(value) for key, value in row.items()} if row else None for row in rows
    )
    return [
        reading.convert(row, FilePoint, str(path), f"line {line}")
        for line, row in enumerate(numbered, start=2)
        if row is not None
    ]


def _number_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text.strip()


def _point_of_row(row: FilePoint, labels: Labels) -> Point:
    if row.point is not None:
        return point_of(row.point, labels)
    valence = _OPEN if row.valence is None else row.valence
    return Point(valence, _OPEN if row.arousal is None else row.arousal)


def _curve(points: Iterable[tuple[float, Point]], where: str) -> Curve:
    """The curve through points at minutes.

    Raises
    ------
    SettingsError
        They are too few, or not in order.
    """
    minutes, places = [], []
    for minute, place in points:
        minutes.append(minute)
        places.append(place)
    if len(minutes) < 2:
        raise SettingsError(f"{where}: a curve has two points or more.")
    if minutes[-1] > LONGEST_MINUTES:
        raise SettingsError(f"{where}: a curve is no longer than a day.")
    start = minutes[0]
    try:
        return Curve([60.0 * (minute - start) for minute in minutes], places)
    except ValueError:
        raise SettingsError(
            f"{where}: the minutes have to rise from one point to the next."
        ) from None
