"""The pieces that beat trackers are examined on, and their sound.

Conventions
-----------
Two corpora. ``vgmidi``: scores of game music with a credible tempo map, played on the piano of the
held-out soundfont; only series in folds 0 and 1 of `models.training.splits`, which nothing was
tuned on. ``patterns``: drawn pieces with and without drums, `PER_STYLE` of each style, most styles
first heard here. Sound is cached as int16 beside the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.training.beats.patterns import STYLES, draw_pattern, write_pattern
from models.training.beats.scores import Grid, read_grid
from models.training.corpora import load_corpus
from models.training.render import HELD_OUT, RATE, Voice, render
from models.training.splits import assign_folds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMINED_FOLDS = (0, 1)
PER_STYLE = 5
LISTENED_S = 45.0
"""How much of a piece is heard."""
_SEED = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece to be followed.

    Attributes
    ----------
    name, corpus, group : str
        What it is, "vgmidi" or "patterns", and what is resampled as one (series, style).
    samples : np.ndarray, shape=(n,), float32
        The sound at the internal rate.
    beats, bars : np.ndarray, float64
        Truth, seconds.
    meters : tuple of int
        Beats a bar, each that occurs.
    """

    name: str
    corpus: str
    group: str
    samples: np.ndarray
    beats: np.ndarray
    bars: np.ndarray
    meters: tuple[int, ...]


def _sound(path: Path, voice: Voice, cached: Path) -> np.ndarray:
    if not cached.is_file():
        samples = render(path, voice, LISTENED_S)
        np.save(cached, np.round(samples * 32767.0).astype(np.int16))
    return np.load(cached).astype(np.float32) / 32767.0


def _piece(names: tuple[str, str, str], grid: Grid, samples: np.ndarray) -> Piece:
    # the last beats are cut with the last notes, which ring on
    heard_s = LISTENED_S - 1.0
    beats, bars = grid.beats[grid.beats < heard_s], grid.bars[grid.bars < heard_s]
    return Piece(*names, samples[: round(heard_s * RATE)], beats, bars, grid.meters)


def read_scores(data: Path, cache: Path) -> Iterator[Piece]:
    """Scores of VGMIDI in the examined folds that can be believed."""
    clips = load_corpus("vgmidi", data)
    folds = assign_folds([clip.quadrant for clip in clips], [clip.group for clip in clips])
    for clip, fold in zip(clips, folds, strict=True):
        grid = read_grid(clip.path) if fold in EXAMINED_FOLDS else None
        if grid is not None and grid.credible and grid.beats[0] < LISTENED_S / 2.0:
            voice = Voice(font=HELD_OUT, program=0)
            samples = _sound(clip.path, voice, cache / f"{clip.path.stem}.npy")
            yield _piece((clip.path.stem, "vgmidi", clip.group), grid, samples)


def draw_pieces(cache: Path) -> Iterator[Piece]:
    """Drawn patterns, `PER_STYLE` of each style."""
    rng = np.random.default_rng(_SEED)
    for style in STYLES:
        for i in range(PER_STYLE):
            name = f"pattern {style} {i}"
            path = cache / f"{name}.mid"
            write_pattern(draw_pattern(rng, (style,)), path)
            grid = read_grid(path)
            if grid is None:
                raise ValueError(f"{path} has no beats")
            voice = Voice(font=HELD_OUT, program=None)
            yield _piece((name, "patterns", name), grid, _sound(path, voice, cache / f"{name}.npy"))
