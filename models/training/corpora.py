"""Labelled music to learn from and to be examined on: five corpora, one form.

Conventions
-----------
A `Clip` is a recording or a score with what people said about it. Truth comes in two forms.
``quadrant`` (1..4, 0 where a corpus has none) is one label. ``arousal`` and ``valence`` in [0, 1]
say how probable it is that arousal or valence is positive: 0 or 1 where there is one label, between
where people were asked. ``group`` is what must never stand on both sides of a split.

=============  ======  ============  ==============================================================
corpus         group   sound         truth
=============  ======  ============  ==============================================================
panda_4q       artist  recordings    quadrant (Panda, Malheiro & Paiva 2018)
emopia         song    piano scores  quadrant of one annotator (Hung et al. 2021)
vgmidi         series  piano scores  share of about 30 listeners whose mean over the piece is
                                     positive (Ferreira & Whitehead 2019); quadrant by the means
ym2413_mdb     game    scores        quadrant (Choi et al. 2022); pieces under 8 s left out
emotify        track   recordings    nine emotions *felt* (Aljanaki et al. 2015), combined to
                                     arousal and valence by `emotify_axes`; no quadrant
=============  ======  ============  ==============================================================
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mido
import numpy as np
import soundfile
import soxr

from models.training.render import RATE, Voice, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CORPORA = ("panda_4q", "emopia", "vgmidi", "ym2413_mdb", "emotify")
GEMS = (
    "amazement",
    "solemnity",
    "tenderness",
    "nostalgia",
    "calmness",
    "power",
    "joyful_activation",
    "tension",
    "sadness",
)
SOURCES = {
    "panda_4q": ("Panda, Malheiro & Paiva 2018", "none stated, for research"),
    "emotify": ("Aljanaki, Wiering & Veltkamp 2015", "CC BY-NC-SA"),
    "emopia": ("Hung et al. 2021", "CC BY-NC-SA 4.0"),
    "vgmidi": ("Ferreira & Whitehead 2019", "none stated, for research"),
    "ym2413_mdb": ("Choi et al. 2022", "none stated, for research"),
}
"""Who made each corpus, and its licence: none is for commercial use."""
LICENCE = (
    "Learned from recordings given for research and from CC BY-NC-SA data; the weights contain no "
    "audio. For research and other non-commercial use."
)
"""Of weights that learned from all of them."""
_SHORTEST_S = 8.0


@dataclass(frozen=True, slots=True)
class Clip:
    """One piece of labelled music.

    Attributes
    ----------
    path : Path
        Audio that libsndfile reads, or a MIDI file.
    quadrant : int
        1..4, or 0 where there is none.
    group : str
        What keeps related clips on one side of a split.
    corpus : str
        One of `CORPORA`, or a name of your own.
    arousal, valence : float or None
        Probability of a positive sign, 0..1; None where only the quadrant says it.
    mean_arousal, mean_valence : float or None
        Mean rating on the corpus's own scale, where there is one.
    piano : bool
        A score for one keyboard.
    """

    path: Path
    quadrant: int
    group: str
    corpus: str = "panda_4q"
    arousal: float | None = None
    valence: float | None = None
    mean_arousal: float | None = None
    mean_valence: float | None = None
    piano: bool = False

    @property
    def is_score(self) -> bool:
        """Whether the clip is MIDI."""
        return self.path.suffix in (".mid", ".midi")

    @property
    def targets(self) -> tuple[float, float]:
        """Probabilities that arousal and valence are positive."""
        if self.arousal is not None and self.valence is not None:
            return self.arousal, self.valence
        return float(self.quadrant <= 2), float(self.quadrant in (1, 4))


def _existing(folder: Path, name: str, label_file: str) -> Path:
    """Path of a clip that a label file names."""
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is named in {label_file} but is not there")
    return path


def _table(folder: Path, name: str = "labels.csv") -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _quadrant(text: str) -> int:
    return int(text.removeprefix("Q"))


def load_panda(folder: Path) -> list[Clip]:
    """Clips of the 4Q audio emotion dataset, grouped by artist."""
    clips = []
    for row in _table(folder):
        path = _existing(folder, row["file"], "labels.csv")
        group = row["artist"].strip().casefold() or path.stem
        clips.append(Clip(path, _quadrant(row["quadrant"]), group))
    return clips


def load_emopia(folder: Path) -> list[Clip]:
    """Clips of EMOPIA, grouped by song."""
    return [
        Clip(
            _existing(folder, row["file"], "labels.csv"),
            _quadrant(row["quadrant"]),
            row["song"],
            "emopia",
            piano=True,
        )
        for row in _table(folder)
    ]


def load_vgmidi(folder: Path) -> list[Clip]:
    """Pieces of VGMIDI, grouped by series; a piece without a series is a group of its own."""
    clips = []
    for piece in json.loads((folder / "annotations.json").read_text(encoding="utf-8")):
        path = _existing(folder, piece["file"], "annotations.json")
        means = {
            axis: np.asarray([np.mean(listener[axis]) for listener in piece["listeners"]])
            for axis in ("arousal", "valence")
        }
        arousal, valence = float(means["arousal"].mean()), float(means["valence"].mean())
        low = 3 if valence < 0 else 4
        high = 2 if valence < 0 else 1
        clips.append(
            Clip(
                path,
                high if arousal >= 0 else low,
                path.stem.split("_")[2] if piece["series"] == "Other" else piece["series"],
                "vgmidi",
                arousal=float((means["arousal"] > 0).mean()),
                valence=float((means["valence"] > 0).mean()),
                mean_arousal=arousal,
                mean_valence=valence,
                piano=True,
            )
        )
    return clips


def load_ym2413(folder: Path) -> list[Clip]:
    """Pieces of YM2413-MDB, grouped by game, else by the head of the title."""
    clips = []
    for row in _table(folder):
        path = _existing(folder, row["file"], "labels.csv")
        if mido.MidiFile(path, clip=True).length < _SHORTEST_S:
            continue
        title = re.sub(r"^\d+\s*-?\s*", "", row["title"]).strip().casefold()
        group = row["game"].strip().casefold() or title[:12] or path.stem
        clips.append(Clip(path, _quadrant(row["quadrant"]), group, "ym2413_mdb"))
    return clips


def emotify_axes(felt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arousal and valence of mean GEMS ratings, shape=(n, 9) in the order of `GEMS`.

    Arousal is power + joyful activation + tension − calmness − tenderness − nostalgia − sadness;
    valence is joyful activation + (amazement + tenderness + calmness) / 2 − tension − sadness.
    """
    of = {name: felt[:, i] for i, name in enumerate(GEMS)}
    arousal = of["power"] + of["joyful_activation"] + of["tension"]
    arousal = arousal - of["calmness"] - of["tenderness"] - of["nostalgia"] - of["sadness"]
    pleasant = of["amazement"] + of["tenderness"] + of["calmness"]
    valence = of["joyful_activation"] + pleasant / 2.0 - of["tension"] - of["sadness"]
    return arousal, valence


def emotify_listeners(folder: Path) -> dict[str, np.ndarray]:
    """Who felt which emotion of `GEMS`, 0 or 1, by track, shape=(n_listeners, 9)."""
    ratings: dict[str, list[list[float]]] = defaultdict(list)
    for row in _table(folder, "ratings.csv"):
        ratings[row["file"]].append([float(row[name]) for name in GEMS])
    return {name: np.asarray(rows) for name, rows in ratings.items()}


def emotify_ratings(folder: Path) -> dict[str, np.ndarray]:
    """Share of the listeners of each track who felt each emotion of `GEMS`, shape=(9,)."""
    return {name: felt.mean(axis=0) for name, felt in emotify_listeners(folder).items()}


def load_emotify(folder: Path) -> list[Clip]:
    """Tracks of Emotify; arousal and valence relative to the median track."""
    ratings = emotify_ratings(folder)
    names = sorted(ratings)
    axes = emotify_axes(np.asarray([ratings[name] for name in names]))
    centred = [values - np.median(values) for values in axes]
    p_arousal, p_valence = (1.0 / (1.0 + np.exp(-2.0 * x / np.std(x))) for x in centred)
    return [
        Clip(
            _existing(folder, name, "ratings.csv"),
            0,
            name,
            "emotify",
            arousal=float(p_arousal[i]),
            valence=float(p_valence[i]),
            mean_arousal=float(axes[0][i]),
            mean_valence=float(axes[1][i]),
        )
        for i, name in enumerate(names)
    ]


_LOADERS: dict[str, Callable[[Path], list[Clip]]] = {
    "panda_4q": load_panda,
    "emopia": load_emopia,
    "vgmidi": load_vgmidi,
    "ym2413_mdb": load_ym2413,
    "emotify": load_emotify,
}


def load_corpus(name: str, data: Path) -> list[Clip]:
    """Clips of a corpus, always in the same order.

    Parameters
    ----------
    name : str
        One of `CORPORA`.
    data : Path
        Folder that holds a folder of this name.

    Raises
    ------
    KeyError
        No such corpus.
    FileNotFoundError
        No label file, or a clip that it names is missing.
    """
    return _LOADERS[name](data / name)


def read_mono(path: Path, sample_rate: int) -> np.ndarray:
    """Decode a file to mono at ``sample_rate``, shape=(n,), float32."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate, sample_rate).astype(np.float32)


def read_audio(clip: Clip, voice: Voice, limit_s: float = 60.0) -> np.ndarray:
    """Sound of a clip at `RATE`, shape=(n,), float32: decoded, or played by ``voice``."""
    if clip.is_score:
        return render(clip.path, voice, limit_s)
    return read_mono(clip.path, RATE)
