"""Listeners to examine the personal model with: simulated ones, and what real data have of them.

Conventions
-----------
A `Listener` hears each clip of a corpus somewhere in the plane and says so when asked. Simulated
ones hear what people in general hear (`population`), changed in a way of their own (`KINDS`), and
what they say is noisy: points by the spread of VGMIDI's raters around the mean of a piece
(`SPREAD`), quadrants by words that are wrong in `SLIPS` of the cases. They show what the mechanism
does with listeners of whom all is known. They say nothing about people.

Emotify asked people what they felt, and kept age, gender and mother tongue, but nobody's name. All
rows of one age, gender and mother tongue are taken for one *pseudo-listener*: perhaps one person,
perhaps several. What one felt is placed by `models.training.corpora.emotify_axes`, relative to the
mean of all rows.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models import metrics
from models.training.corpora import GEMS, emotify_axes

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.personal_hearing import Heard

SPREAD = (0.326, 0.323)
"""Deviation of a rater's valence and arousal of a piece from the mean of all raters (VGMIDI)."""
SLIPS = 0.15
BIAS, GAINS, GENRE_SHIFT = 0.3, (0.5, 1.5), 0.6
KINDS = ("unbiased", "bias", "gain", "bias and gain", "genre", "swapped words")
LEAST_TRACKS = 40
"""Rated by a pseudo-listener: 30 ratings to teach, the rest to examine."""


@dataclass(frozen=True)
class Listener:
    """Somebody who hears the clips of a corpus.

    Attributes
    ----------
    rows : np.ndarray, shape=(n,), int
        Which clips.
    points : np.ndarray, shape=(n, 2)
        Where this listener hears each.
    said : np.ndarray, shape=(n, 2)
        The point that this listener would say.
    quadrants : np.ndarray, shape=(n,), int
        The quadrant whose word is this listener's for each.
    words : np.ndarray, shape=(n,), int
        The quadrant whose word this listener would say, slips and all.
    """

    rows: np.ndarray
    points: np.ndarray
    said: np.ndarray
    quadrants: np.ndarray
    words: np.ndarray


def quadrants_at(points: np.ndarray) -> np.ndarray:
    """Quadrants of points (valence, arousal), shape=(n,), int."""
    return metrics.quadrants_of(points[:, 1] >= 0.0, points[:, 0] >= 0.0)


def population(heard: Heard) -> np.ndarray:
    """Where people in general hear each clip, shape=(n, 2).

    Of rated corpora twice the share who said positive, less one. Where there is only a quadrant, as
    far out as the base says it is, on the side that is right: of the base only its signs can err.
    """
    clips = heard.clips
    if clips[0].arousal is not None:
        return np.asarray([[2.0 * c.valence - 1.0, 2.0 * c.arousal - 1.0] for c in clips])
    quadrants = np.asarray([clip.quadrant for clip in clips])
    valence = np.where(metrics.positive_valence(quadrants), 1.0, -1.0)
    arousal = np.where(metrics.positive_arousal(quadrants), 1.0, -1.0)
    return np.stack([valence, arousal], axis=1) * np.maximum(np.abs(heard.points), 0.05)


def simulate(kind: str, heard: Heard, rng: np.random.Generator) -> Listener:
    """Make a listener of a kind, who hears all clips.

    Parameters
    ----------
    kind : str
        One of `KINDS`. Raises ``ValueError`` where it is none.
    heard : Heard
        The corpus.
    rng : np.random.Generator
        Decides what is the listener's own.
    """
    if kind not in KINDS:
        raise ValueError(f"there are {', '.join(KINDS)}, not {kind!r}")
    points = population(heard)
    if "gain" in kind:
        points = points * (rng.uniform(*GAINS, 2) if "bias" in kind else rng.choice(GAINS, 2))
    if "bias" in kind and kind != "unbiased":
        points = points + BIAS * rng.choice([-1.0, 1.0], 2)
    if kind == "genre":
        feature = heard.features[:, rng.integers(heard.features.shape[1])]
        shift = np.zeros(2)
        shift[rng.integers(2)] = GENRE_SHIFT * rng.choice([-1.0, 1.0])
        points = points + np.outer(feature > np.median(feature), shift)
    points = np.clip(points, -1.0, 1.0)
    said = np.clip(points + rng.standard_normal(points.shape) * SPREAD, -1.0, 1.0)
    meant = quadrants_at(points)
    if kind == "swapped words":
        one, other = rng.choice(4, 2, replace=False) + 1
        swapped = {one: other, other: one}
        meant = np.asarray([swapped.get(word, word) for word in meant])
    slips = rng.random(len(meant)) < SLIPS
    words = np.where(slips, rng.integers(1, 5, len(meant)), meant)
    return Listener(np.arange(len(meant)), points, said, meant, words)


def read_pseudo_listeners(heard: Heard, data: Path) -> list[Listener]:
    """Emotify's pseudo-listeners with ratings of `LEAST_TRACKS` tracks, those with most first."""
    places = {clip.path.name: row for row, clip in enumerate(heard.clips)}
    with (data / "emotify" / "ratings.csv").open(newline="", encoding="utf-8") as stream:
        ratings = list(csv.DictReader(stream))
    felt = np.asarray([[float(rating[name]) for name in GEMS] for rating in ratings])
    arousal, valence = emotify_axes(felt)
    points = np.stack([valence - valence.mean(), arousal - arousal.mean()], axis=1)
    points = np.clip(points / (2.0 * points.std(axis=0)), -1.0, 1.0)
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, rating in enumerate(ratings):
        groups[rating["age"], rating["gender"], rating["mother_tongue"]].append(row)
    tracks = {key: {ratings[row]["file"] for row in rows} for key, rows in groups.items()}
    found = [rows for key, rows in groups.items() if len(tracks[key]) >= LEAST_TRACKS]
    listeners = []
    for rows in sorted(found, key=len, reverse=True):
        clips = np.asarray([places[ratings[row]["file"].rpartition("/")[2]] for row in rows])
        own, felt_in = points[rows], quadrants_at(points[rows])
        listeners.append(Listener(clips, own, own, felt_in, felt_in))
    return listeners
