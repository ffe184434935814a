"""Labels as one file, to hand on and to take over; the sets that ship are such files.

Conventions
-----------
TOML. ``[quadrants]`` has words for quadrants by their numbers, ``[[label]]`` a label each: its
name, where it lies (``valence``, ``arousal``), and ``radius`` or the radius of each axis. Examples
are not handed on: they belong to who gave them, and to the model that heard them; a label that was
learned is handed on with the place that it has learned.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.errors import SettingsError, unknown_name
from oscbridge.labels.place import NARROWEST, WIDEST
from oscbridge.labels.quadrants import Label  # noqa: TC001 - msgspec reads the annotations
from oscbridge.labels.slugs import PATTERN
from presets import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oscbridge.labels.place import LabelPlace

FOLDER = Path(__file__).parent / "sets"
MOST = 64
"""Labels that there may be at once."""

Coordinate = Annotated[float, msgspec.Meta(ge=-1.0, le=1.0)]
Radius = Annotated[float, msgspec.Meta(ge=NARROWEST, le=WIDEST)]


class LabelEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label of a file."""

    name: Label
    valence: Coordinate = 0.0
    arousal: Coordinate = 0.0
    radius: Radius = 0.35
    valence_radius: Radius | None = None
    arousal_radius: Radius | None = None
    slug: Annotated[str, msgspec.Meta(pattern=PATTERN)] | None = None

    @property
    def radii(self) -> tuple[float, float]:
        """Of valence and of arousal."""
        across = self.radius if self.valence_radius is None else self.valence_radius
        return across, self.radius if self.arousal_radius is None else self.arousal_radius


class QuadrantWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Words for quadrants; None: as it is."""

    q1: Label | None = msgspec.field(default=None, name="1")
    q2: Label | None = msgspec.field(default=None, name="2")
    q3: Label | None = msgspec.field(default=None, name="3")
    q4: Label | None = msgspec.field(default=None, name="4")

    def words(self) -> dict[int, str]:
        """Those that are said, by quadrant."""
        said = {1: self.q1, 2: self.q2, 3: self.q3, 4: self.q4}
        return {quadrant: word for quadrant, word in said.items() if word is not None}


class LabelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of labels."""

    title: str = ""
    source: str = ""
    quadrants: QuadrantWords = QuadrantWords()
    label: Annotated[tuple[LabelEntry, ...], msgspec.Meta(max_length=MOST)] = ()


def shipped() -> list[str]:
    """Names of the sets that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_set(name: str) -> LabelFile:
    """Read a set that ships, or the file ``name`` (ends in ``.toml``).

    Raises
    ------
    SettingsError
        There is none, or it breaks the rules.
    """
    path = Path(name).expanduser() if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not name.endswith(".toml") and name not in shipped():
        raise unknown_name("set of labels", name, shipped())
    try:
        return reading.convert(reading.read_toml(path), LabelFile, str(path))
    except reading.ReadingError as error:
        raise SettingsError(str(error)) from None


def to_text(labels: Sequence[LabelPlace], words: Mapping[int, str], title: str = "") -> str:
    """Labels as the text of a file that `read_set` reads."""
    lines = [f"title = {_text(title)}", "", "[quadrants]"]
    lines += [f'"{quadrant}" = {_text(word)}' for quadrant, word in sorted(words.items())]
    for label in labels:
        lines += [
            "",
            "[[label]]",
            f"name = {_text(label.name)}",
            f"slug = {_text(label.slug)}",
            f"valence = {label.valence:.4g}",
            f"arousal = {label.arousal:.4g}",
            f"valence_radius = {label.valence_radius:.4g}",
            f"arousal_radius = {label.arousal_radius:.4g}",
        ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A JSON string is a TOML string, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
