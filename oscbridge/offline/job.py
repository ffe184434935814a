"""One call of ``oscbridge analyze``: what all its files share, and what is made of each.

Conventions
-----------
The records of a file go to the report as they come. A *product* takes them too, and is made when
the file is done: a picture, a sheet of labels, pieces. What was made is told on standard error.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from oscbridge.errors import SettingsError
from oscbridge.offline.cue_points import FORMATS, Section, Sheet
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from oscbridge.labels import Labels
    from oscbridge.offline.plot import Picture
    from oscbridge.offline.records import Listening, Record
    from oscbridge.offline.report import Report


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made, by the number of the file (`oscbridge.offline.destinations`)."""

    pictures: Mapping[int, Path]
    sheets: Mapping[int, Path]
    sheet_format: str
    pieces: Mapping[int, str]
    folder: Path | None


class Product(Protocol):
    """What is made of a file beside the report."""

    def add(self, record: Record) -> None:
        """Take the next record."""
        ...

    def save(self) -> str:
        """Make it; return what to tell people, if anything."""
        ...


class Sections:
    """Collects the sections of a file."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.model = ""
        self._strengths: dict[float, float] = {}

    def add(self, record: Record) -> None:
        """Take the next record; a boundary comes before the section that it begins."""
        if record["type"] == "boundary":
            self._strengths[record["time_s"]] = record["strength"]
        elif record["type"] == "segment":
            self.sections.append(
                Section(
                    start_s=record["start_s"],
                    end_s=record["end_s"],
                    quadrant=record["quadrant"],
                    label=record["label"],
                    valence=record["valence"],
                    arousal=record["arousal"],
                    strength=self._strengths.get(record["start_s"], 0.0),
                )
            )
        elif record["type"] == "summary":
            self.model = record["model"]


class _LabelSheet(Sections):
    """The sections in a format of another program."""

    def __init__(self, file: str, path: Path, form: str) -> None:
        super().__init__()
        self._file = file
        self._path = path
        self._form = form

    def save(self) -> str:
        """Write the sheet; it names the sound as seen from where it lies."""
        try:
            seen = os.path.relpath(self._file, self._path.parent)
        except ValueError:  # another drive
            seen = os.path.abspath(self._file)
        text = FORMATS[self._form](Sheet(seen, self.model, self.sections))
        try:
            with self._path.open("w", encoding="utf-8", errors="surrogateescape") as stream:
                stream.write(text)
        except OSError as error:
            raise SettingsError(
                f"--labels: {str(self._path)!r} cannot be written: {error.strerror}."
            ) from None
        return f"{self._path}: {_counted(len(self.sections), 'section')}, {self._form}"


class _Pieces(Sections):
    """The file, cut."""

    def __init__(self, file: str, folder: Path, stem: str) -> None:
        super().__init__()
        self._file = file
        self._folder = folder
        self._stem = stem

    def save(self) -> str:
        """Cut it."""
        from oscbridge.offline.pieces import cut

        pieces = cut(self._file, self.sections, self._folder, self._stem)
        return f"{self._file}: {_counted(len(pieces), 'piece')} in {self._folder}"


class _PictureProduct:
    """The course over time, drawn."""

    def __init__(self, labels: Labels, path: Path) -> None:
        from oscbridge.offline.plot import Picture

        self.picture: Picture = Picture(labels)
        self._path = path
        self.add = self.picture.add

    def save(self) -> str:
        """Draw it; a picture says more than a sentence."""
        self.picture.save(self._path)
        return ""


class Job:
    """What all files of one call share.

    Parameters
    ----------
    how : Listening
        How files are listened to.
    wanted : Wanted
        What is made of them.
    shows_progress : bool
        Whether a bar may be shown.
    """

    def __init__(self, how: Listening, wanted: Wanted, *, shows_progress: bool) -> None:
        self._how = how
        self._wanted = wanted
        self._bar = shows_progress

    def analyse(self, number: int, path: str, report: Report) -> None:
        """Analyse file ``number`` into ``report`` and whatever else is wanted.

        Raises
        ------
        InputError
            The file cannot be analysed, or not be cut.
        SettingsError
            The model is unknown, or something cannot be written.
        """
        from oscbridge.offline.progress import progress_bar

        picture, products = self._products(number, path)
        told: list[str] = []
        try:
            with progress_bar(path, shown=self._bar) as tick:
                for record in self._records(path, picture, tick):
                    report.add(record)
                    for product in products:
                        product.add(record)
                    if record["type"] == "summary":
                        told += [product.save() for product in products]
        finally:
            report.end_file()
            for sentence in filter(None, told):
                tell(sentence)

    def _products(self, number: int, path: str) -> tuple[Picture | None, list[Product]]:
        wanted = self._wanted
        products: list[Product] = []
        picture: Picture | None = None
        if number in wanted.pictures:
            drawn = _PictureProduct(self._how.labels, wanted.pictures[number])
            picture = drawn.picture
            products.append(drawn)
        if number in wanted.sheets:
            products.append(_LabelSheet(path, wanted.sheets[number], wanted.sheet_format))
        if number in wanted.pieces and wanted.folder is not None:
            products.append(_Pieces(path, wanted.folder, wanted.pieces[number]))
        return picture, products

    def _records(
        self, path: str, picture: Picture | None, tick: Callable[[float, float], None]
    ) -> Iterator[Record]:
        """Yield the records of a file, by its kind."""
        from oscbridge.offline.score import analyse_score, is_score

        if is_score(path):
            on_notes = picture.add_notes if picture is not None else None
            return analyse_score(
                path,
                self._how.labels,
                model=self._how.model,
                profile=self._how.profile,
                on_notes=on_notes,
                on_progress=tick,
            )
        from oscbridge.offline.records import analyse_file

        return analyse_file(
            path,
            self._how,
            on_frames=picture.add_frames if picture is not None else None,
            on_progress=tick,
        )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
