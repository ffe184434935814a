"""The recommender of S4: what somebody has played most in the last week says how she feels.

Conventions
-----------
Instants are seconds of one clock (Unix time, say); quadrants are 1..4. A *track* is known by its
descriptors, shape=(n_segments, 50), of segments of `SEGMENT_S` seconds that follow each other
(`models.zoo.descriptors`), and by the quadrant that it is tagged with.

Method
------
Yu & Lin: the `TOP` tracks played most often in the last week are averaged, segment by segment, with
their play counts as weights; the network hears the average and names the listener's emotion; music
with that tag is offered. Accepted, the tag is kept for what comes next; rejected, the emotion is
estimated anew without it. Ties and the order of offers, which the paper leaves open, are drawn with
the seed, from the names alone: the same history and seed give the same offers in whatever order the
plays are listed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.types import QUADRANTS
from models.zoo.descriptors import SAMPLE_RATE, WIDTH, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

SEGMENT_S = 2.0
WEEK_S = 7 * 24 * 3600.0
TOP = 10


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


@dataclass(frozen=True, slots=True)
class Track:
    """A track that can be offered.

    Attributes
    ----------
    quadrant : int
        1..4, its tag.
    rows : np.ndarray, shape=(n_segments, 50)
        Descriptors of its segments.
    """

    quadrant: int
    rows: np.ndarray


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
    tracks : mapping of str to Track
        What is known and can be offered.
    judge : callable
        Descriptors, shape=(n_segments, 50), to probabilities of quadrants 1..4
        (`models.zoo.lstm_attention.LstmAttention.answer`).
    seed : int
        Of ties and of the order of offers.
    """

    def __init__(
        self,
        tracks: Mapping[str, Track],
        judge: Callable[[np.ndarray], np.ndarray],
        seed: int = 0,
    ) -> None:
        self._tracks = dict(tracks)
        self._judge = judge
        self._seed = seed
        self._kept: int | None = None
        self._offered: int | None = None
        self._rejected: set[int] = set()

    def estimate(self, plays: Iterable[Play], now_s: float) -> np.ndarray:
        """Probabilities of the listener's quadrants 1..4; even ones without a history."""
        known = [play for play in plays if play.track in self._tracks]
        top = most_played(known, now_s, seed=self._seed)
        sequences = [self._tracks[name].rows for name, _ in top]
        if not any(len(rows) for rows in sequences):
            return np.full(4, 0.25)
        return self._judge(average_rows(sequences, [float(count) for _, count in top]))

    def recommend(self, plays: Sequence[Play], now_s: float, count: int = 5) -> list[str]:
        """Offer tracks of the listener's quadrant, those not heard this week first."""
        if self._kept is None:
            p = self.estimate(plays, now_s)
            open_ones = [q for q in QUADRANTS if q not in self._rejected]
            self._offered = max(open_ones, key=lambda q: float(p[q - 1]))
        else:
            self._offered = self._kept
        names = sorted(name for name, t in self._tracks.items() if t.quadrant == self._offered)
        order = np.random.default_rng([self._seed, self._offered]).permutation(len(names))
        heard = {name for name, _ in most_played(plays, now_s, count=len(self._tracks))}
        offers = [names[i] for i in order]
        new = [name for name in offers if name not in heard]
        return (new + [name for name in offers if name in heard])[:count]

    def accept(self) -> None:
        """Keep the tag of the last offer for what comes next."""
        self._kept = self._offered
        self._rejected.clear()

    def reject(self) -> None:
        """Estimate anew without the tag of the last offer; after all four begin again."""
        self._kept = None
        if self._offered is not None:
            self._rejected.add(self._offered)
        if len(self._rejected) == len(QUADRANTS):
            self._rejected.clear()
