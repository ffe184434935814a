"""Synthetic users of the recommender: listeners of Emotify, and what each played last week.

Conventions
-----------
Emotify asked people which tracks they liked and disliked, and kept age, gender and mother tongue
but nobody's name: all answers of one age, gender and mother tongue are taken for one listener
(`models.training.personal_listeners`), perhaps several people. Who liked `LEAST_LIKED` tracks and
disliked one is a *synthetic user*. Half of what she liked is what she played last week, each track
1 + Poisson(`REPEATS`) times; the rest of what she rated can be offered. That half of the users on
which choices were made (`TRIED`) is not the half that is examined.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.zoo.history import Play

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LEAST_LIKED = 8
REPEATS = 2.0
TRIED = 0.5
NOW_S = 0.0
PRIOR = (1.0, 3.0)
"""Likes and answers that every track is thought to have had before anybody was asked."""


@dataclass(frozen=True)
class Week:
    """What a user played in one draw, and what can be offered to her.

    Attributes
    ----------
    played : dict of int to int
        How often which track.
    candidates : list of int
        Tracks that she rated and did not play, in an order without meaning.
    liked : set of int
        Those that she liked.
    seed : int
        Of the draw.
    """

    played: dict[int, int]
    candidates: list[int]
    liked: set[int]
    seed: int

    @property
    def plays(self) -> list[Play]:
        """The plays, all at once."""
        return [Play(str(t), NOW_S) for t, count in self.played.items() for _ in range(count)]


def read_users(data: Path, names: Sequence[str]) -> list[dict[int, float]]:
    """What each listener answered: by track +1 liked to -1 disliked, the mean where asked twice."""
    place = {name: number for number, name in enumerate(names)}
    said: dict[tuple[str, str, str], dict[int, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    with (data / "emotify" / "ratings.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            track = place[row["file"].rpartition("/")[2]]
            who = row["age"], row["gender"], row["mother_tongue"]
            said[who][track].append(float(row["liked"]) - float(row["disliked"]))
    return [{t: float(np.mean(v)) for t, v in said[who].items()} for who in sorted(said)]


def choose_users(users: Sequence[dict[int, float]]) -> tuple[list[int], list[int]]:
    """Rows of the users on whom choices are made, and of those who are examined."""
    rows = [
        row
        for row, user in enumerate(users)
        if sum(v > 0 for v in user.values()) >= LEAST_LIKED and any(v < 0 for v in user.values())
    ]
    order = np.random.default_rng(0).permutation(len(rows))
    cut = int(TRIED * len(rows))
    return [rows[i] for i in order[:cut]], [rows[i] for i in order[cut:]]


def draw_week(user: dict[int, float], seed: Sequence[int]) -> Week:
    """Draw what a user played last week."""
    rng = np.random.default_rng(seed)
    liked = rng.permutation([track for track, answer in user.items() if answer > 0]).tolist()
    half = liked[: len(liked) // 2]
    counts = 1 + rng.poisson(REPEATS, len(half))
    rest = [track for track in user if track not in half]
    return Week(
        played=dict(zip(half, counts.tolist(), strict=True)),
        candidates=rng.permutation(rest).tolist(),
        liked=set(liked) - set(half),
        seed=int(rng.integers(2**31)),
    )


def popularity(users: Sequence[dict[int, float]], without: int, count: int) -> np.ndarray:
    """Share of the other listeners who liked each track, shape=(count,)."""
    liked, asked = np.full(count, PRIOR[0]), np.full(count, PRIOR[1])
    for row, user in enumerate(users):
        if row != without:
            for track, answer in user.items():
                liked[track] += answer > 0
                asked[track] += 1
    return liked / asked
