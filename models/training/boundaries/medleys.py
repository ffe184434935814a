"""Medleys as lists name them: clips by corpus and file, never by place; read and written as JSON.

Conventions
-----------
Times are seconds (``_s``). A piece is ``length_s`` of its clip from ``start_s`` on. Neighbours
share ``fade_s`` of a medley, so that it lasts the sum of its pieces less the fades; the junction is
the middle of a fade. A list also holds the digest of each corpus's division into folds
(`models.training.splits.split_digest`): on other data the list means something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

Kind = Literal["turns", "kin", "song", "steady", "consensus"]
KINDS: tuple[Kind, ...] = ("turns", "kin", "song", "steady", "consensus")
ListName = Literal["test", "tuning"]
FOLDER = Path(__file__).parent / "lists"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a clip.

    Attributes
    ----------
    clip : str
        File name of the clip, without its folder.
    start_s, length_s : float
        Which part of it; length 0 is all of it.
    """

    clip: str
    start_s: float = 0.0
    length_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Medley:
    """One stream of the benchmark.

    Attributes
    ----------
    name : str
        Unique in its list.
    kind : str
        One of `KINDS`.
    corpus : str
        Corpus of all its clips.
    fold : int
        Fold in which all of them are.
    fade_s : float
        Length of the cross-fades; 0 is a hard cut.
    pieces : tuple of Piece
    """

    name: str
    kind: Kind
    corpus: str
    fold: int
    fade_s: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class MedleyList:
    """Medleys, and which division of which corpora they were drawn from."""

    divisions: dict[str, str]
    medleys: tuple[Medley, ...]


def read_list(name: ListName, folder: Path = FOLDER) -> MedleyList:
    """Read a list.

    Raises
    ------
    FileNotFoundError
        No such list.
    msgspec.ValidationError
        It does not hold what a list holds.
    """
    return msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=MedleyList)


def write_list(name: ListName, found: MedleyList, folder: Path = FOLDER) -> None:
    """Write a list, a medley a line: a diff shows which medley changed."""
    lines = ",\n".join("  " + msgspec.json.encode(medley).decode() for medley in found.medleys)
    # whole seconds need no fraction
    lines = re.sub(r"(\d)\.0\b", r"\1", lines)
    divisions = msgspec.json.encode(found.divisions).decode()
    text = f'{{\n "divisions": {divisions},\n "medleys": [\n{lines}\n ]\n}}\n'
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
