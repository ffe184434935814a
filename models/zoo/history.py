"""The recommender of S4: what somebody has played most in the last week says how she feels.

Conventions
-----------
Instants are seconds of one clock (Unix time, say); quadrants are 1..4, 0 where nothing is known. A
track is known by its name and by the quadrant that it is tagged with; of those that were played
also by descriptors, shape=(n_segments, 50), of segments of `SEGMENT_S` seconds that follow each
other (`models.zoo.descriptors`).

Method
------
Yu & Lin: the `TOP` tracks played most often in the last week are averaged, segment by segment, with
their play counts as weights; the network hears the average and names the listener's emotion; music
with that tag is offered. Accepted, the tag is kept for what comes next; rejected, the emotion is
estimated anew without it.

In which order tracks of a tag are offered the paper leaves open. *Paper mode* draws it
(``"drawn"``); by default those come first that sound most like what was played (``"alike"``). Ties
and draws depend on the seed and the names alone: the same history and seed give the same offers in
whatever order plays and tracks are listed.

How often offers are liked was examined by `models.training.history_evaluation`: drawn no more than
chance, alike somewhat more, which may still be chance, and less than what most others like.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.types import QUADRANTS
from models.zoo.descriptors import SAMPLE_RATE, WIDTH, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SEGMENT_S = 2.0
WEEK_S = 7 * 24 * 3600.0
TOP = 10
Order = Literal["alike", "drawn"]
"""How tracks of one tag follow each other."""


@dataclass(frozen=True, slots=True)
class Play:
    """Somebody played a track.

    Attributes
    ----------
    track : str
        Its name.
    time_s : float
        When.
    """

    track: str
    time_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Tracks that can be offered.

    Attributes
    ----------
    names : sequence of str
        No two alike.
    quadrants : np.ndarray, shape=(n,), int
        Their tags, 1..4; 0 is never offered.
    sounds : np.ndarray, shape=(n, d), float
        How each sounds, in units in which distances mean something; NaN where unknown.
    """

    names: Sequence[str]
    quadrants: np.ndarray
    sounds: np.ndarray


def describe_track(samples: np.ndarray) -> np.ndarray:
    """Descriptors of the whole segments of a track, shape=(n_segments, 50), float32.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
        Mono, 24 kHz.
    """
    length = round(SEGMENT_S * SAMPLE_RATE)
    rows = [describe(samples[i : i + length]) for i in range(0, len(samples) - length + 1, length)]
    return np.stack(rows) if rows else np.zeros((0, WIDTH), np.float32)


def most_played(
    plays: Iterable[Play], now_s: float, *, count: int = TOP, seed: int = 0
) -> list[tuple[str, int]]:
    """Tracks played most often in the week before ``now_s``, with how often, most first."""
    counts = Counter(play.track for play in plays if now_s - WEEK_S <= play.time_s <= now_s)
    names = sorted(counts)
    place = dict(zip(names, np.random.default_rng(seed).permutation(len(names)), strict=True))
    ranked = sorted(names, key=lambda name: (-counts[name], place[name]))
    return [(name, counts[name]) for name in ranked[:count]]


def average_rows(sequences: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """Weighted mean of sequences, segment by segment, as long as the longest.

    Parameters
    ----------
    sequences : sequence of np.ndarray, shape=(n_segments, 50)
        Of any lengths; beyond its end a sequence does not count.
    weights : sequence of float
        Positive, one each.

    Raises
    ------
    ValueError
        No sequence has a segment.
    """
    longest = max((len(rows) for rows in sequences), default=0)
    if not longest:
        raise ValueError("there is no segment to average")
    total, share = np.zeros((longest, WIDTH)), np.zeros((longest, 1))
    for rows, weight in zip(sequences, weights, strict=True):
        total[: len(rows)] += weight * rows
        share[: len(rows)] += weight
    return (total / share).astype(np.float32)


class Recommender:
    """Offers music that fits what the listener's own choices of the last week express.

    Parameters
    ----------
    shelf : Shelf
        What can be offered.
    rows : callable
        Name of a track to its descriptors, shape=(n_segments, 50); asked of what was played only.
    judge : callable
        Descriptors, shape=(n_segments, 50), to probabilities of quadrants 1..4
        (`models.zoo.lstm_attention.LstmAttention.answer`).
    seed : int
        Of ties and draws.
    order : str
        One of `Order`.
    """

    def __init__(
        self,
        shelf: Shelf,
        rows: Callable[[str], np.ndarray],
        judge: Callable[[np.ndarray], np.ndarray],
        seed: int = 0,
        order: Order = "alike",
    ) -> None:
        self._shelf = shelf
        self._place = {name: place for place, name in enumerate(shelf.names)}
        self._rows = rows
        self._judge = judge
        self._seed = seed
        self._order = order
        self._kept: int | None = None
        self._rejected: set[int] = set()

    @property
    def kept(self) -> int | None:
        """The tag that was accepted and holds, None where the emotion is estimated."""
        return self._kept

    def top(self, plays: Iterable[Play], now_s: float) -> list[tuple[str, int]]:
        """The tracks of the shelf that were played most in the last week, with how often."""
        known = [play for play in plays if play.track in self._place]
        return most_played(known, now_s, seed=self._seed)

    def estimate(self, plays: Iterable[Play], now_s: float) -> np.ndarray:
        """Probabilities of the listener's quadrants 1..4; even ones without a history."""
        top = self.top(plays, now_s)
        sequences = [self._rows(name) for name, _ in top]
        if not any(len(rows) for rows in sequences):
            return np.full(4, 0.25)
        return self._judge(average_rows(sequences, [float(count) for _, count in top]))

    def choose(self, probabilities: np.ndarray) -> int:
        """The tag to offer: the one that was kept, else the most probable not yet rejected."""
        if self._kept is not None:
            return self._kept
        open_ones = [quadrant for quadrant in QUADRANTS if quadrant not in self._rejected]
        return max(open_ones, key=lambda quadrant: float(probabilities[quadrant - 1]))

    def offer(
        self, quadrant: int, plays: Sequence[Play], now_s: float, count: int = 5
    ) -> list[str]:
        """Name tracks with a tag, those not heard this week first."""
        names = self._shelf.names
        places: list[int] = np.flatnonzero(self._shelf.quadrants == quadrant).tolist()
        places.sort(key=lambda place: names[place])
        draw = np.random.default_rng([self._seed, quadrant]).permutation(len(places))
        offers: list[int] = [places[i] for i in draw.tolist()]
        if self._order == "alike":
            far = self._distances(offers, self.top(plays, now_s))
            offers = [offers[i] for i in np.argsort(far, kind="stable").tolist()]
        heard = {play.track for play in plays if now_s - WEEK_S <= play.time_s <= now_s}
        called: list[str] = [names[place] for place in offers]
        return sorted(called, key=lambda name: name in heard)[:count]

    def recommend(self, plays: Sequence[Play], now_s: float, count: int = 5) -> list[str]:
        """Offer tracks of the listener's quadrant."""
        probabilities = np.full(4, 0.25) if self._kept else self.estimate(plays, now_s)
        return self.offer(self.choose(probabilities), plays, now_s, count)

    def accept(self, quadrant: int) -> None:
        """Keep a tag that was offered for what comes next."""
        self._kept = quadrant
        self._rejected.clear()

    def reject(self, quadrant: int) -> None:
        """Estimate anew without a tag that was offered; after all four begin again."""
        self._kept = None
        self._rejected.add(quadrant)
        if len(self._rejected) == len(QUADRANTS):
            self._rejected.clear()

    def _distances(self, places: Sequence[int], top: Sequence[tuple[str, int]]) -> np.ndarray:
        """How far tracks are in sound from the weighted mean of others; inf where unknown."""
        sounds = self._shelf.sounds
        played = np.asarray([self._place[name] for name, _ in top], dtype=int)
        counts = np.asarray([count for _, count in top], dtype=float)
        known = np.isfinite(sounds[played]).all(axis=1)
        if not known.any():
            return np.zeros(len(places))
        centre = np.average(sounds[played[known]], axis=0, weights=counts[known])
        squares = np.square(sounds[np.asarray(places, dtype=int)] - centre).sum(axis=1)
        return np.where(np.isfinite(squares), squares, np.inf)
