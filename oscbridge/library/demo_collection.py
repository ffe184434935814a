"""A small collection of music made here, whose expression is known: to try the library with.

Conventions
-----------
Every band is a seed of `oscbridge.sources.demo_music`. It plays one track a quadrant, and a medley
of all four in which sections can be found. Tags say band and title; ``labels.csv`` says what was
meant (`models.labelled`), but for the medleys, which mean everything.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.labelled.folder import LABELS
from oscbridge.errors import SettingsError
from oscbridge.sources.demo_music import ORDER, DemoMusic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BANDS = (
    *("Sample & Hold", "Zero Crossing", "The Square Waves", "Low Pass", "Noise Floor", "Nyquist"),
    *("Ada and the Sines", "Phase Lock", "The Side Lobes", "Dry Wet", "Headroom", "Dither"),
)
TITLES = {
    1: ("Paper Kites", "Sunlit Stairs", "Seven Bicycles", "Lemonade", "First Snow", "Open Windows"),
    2: ("Broken Lift", "Red Line", "Wrong Door", "Alarm", "No Exit", "Ten Seconds Left"),
    3: ("Empty Station", "Old Letters", "Rain on Slate", "Last Boat", "Grey Coat", "November"),
    4: ("Slow River", "Tea at Four", "Under Willows", "Warm Stones", "Long Shadows", "Moss"),
}
MEDLEY = "Once Around"
GENRES = {1: "Pop", 2: "Industrial", 3: "Chamber", 4: "Ambient", 0: "Medley"}
ALBUM = "Made by oscbridge"
MOST_BANDS = len(BANDS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A track of the collection.

    Attributes
    ----------
    band : int
        Counted from 0; also the seed of its music.
    quadrant : int
        What it expresses, 1..4; 0 for a medley.
    """

    band: int
    quadrant: int

    @property
    def title(self) -> str:
        """What it is called."""
        if not self.quadrant:
            return MEDLEY
        titles = TITLES[self.quadrant]
        return titles[self.band % len(titles)]

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{BANDS[self.band]} - {self.title}.flac"


def pieces(bands: int) -> list[Piece]:
    """All tracks of a collection of some bands."""
    return [Piece(band, quadrant) for band in range(bands) for quadrant in (*ORDER, 0)]


def write_collection(folder: Path, bands: int, length_s: float) -> Iterator[Piece]:
    """Play every piece into a file of ``folder``, then write the labels; yield what is done.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    bands : int
        1 to `MOST_BANDS`.
    length_s : float
        Length of a piece, seconds; a medley is twice as long.

    Raises
    ------
    SettingsError
        A file is there already, or cannot be written.
    """
    wanted = pieces(bands)
    for name in (*(piece.file for piece in wanted), LABELS):
        if (folder / name).exists():
            raise SettingsError(f"{str(folder / name)!r} exists: name an empty folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for band in range(bands):
            music = DemoMusic(length_s, seed=band)
            for quadrant in ORDER:
                piece = Piece(band, quadrant)
                _write(folder, piece, _section(music))
                yield piece
            music = DemoMusic(length_s / 2.0, seed=band + MOST_BANDS)
            _write(folder, Piece(band, 0), np.concatenate([_section(music) for _ in ORDER]))
            yield Piece(band, 0)
        _write_labels(folder, wanted)
    except OSError as error:
        raise SettingsError(f"{str(folder)!r} cannot be written: {error.strerror}.") from None


def _section(music: DemoMusic) -> np.ndarray:
    """The next section, shape=(n,), float32."""
    beats: list[np.ndarray] = []
    while sum(map(len, beats)) < music.section:
        beats.append(music.next_beat())
    return np.concatenate(beats)


def _write(folder: Path, piece: Piece, samples: np.ndarray) -> None:
    import soundfile

    path = folder / piece.file
    with soundfile.SoundFile(path, "w", DemoMusic.sample_rate, 1, "PCM_16") as file:
        file.title, file.artist, file.album = piece.title, BANDS[piece.band], ALBUM
        file.genre = GENRES[piece.quadrant]
        file.write(samples)


def _write_labels(folder: Path, wanted: list[Piece]) -> None:
    with (folder / LABELS).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("file", "quadrant", "artist"))
        rows = ((one.file, one.quadrant, BANDS[one.band]) for one in wanted if one.quadrant)
        table.writerows(rows)
