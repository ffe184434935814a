"""Which tracks come nearest to a point of the plane of valence and arousal.

Conventions
-----------
What a track expresses is known up to a deviation on each axis. Near is what can be expected to be
near: the *expected distance* of an aim ``t`` from a track of mean ``m`` and deviation ``s`` is ::

    sqrt(E |x - t|²) = sqrt(|m - t|² + s_v² + s_a²)

so that of two tracks at the same place the one that is known better wins. (By Mahalanobis distance
it would be the other way round: a track of which nothing is known would be near to everything.) An
axis of the aim that is NaN does not matter, nor does what is uncertain about it.

A cost is a distance in the plane, infinite for a track that may not be chosen. Tracks are rows of
`oscbridge.library.columns.Columns`; those of equal cost come in the order of their rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from oscbridge.library import camelot, mixing
from oscbridge.library.mixing import Groove
from oscbridge.library.polarity import agreeing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.library.columns import Columns

How = Literal["nearest", "mix", "polarity", "paper"]
HOW: tuple[How, ...] = get_args(How)
"""``nearest`` by expected distance alone; ``mix`` prefers what key and tempo let follow without a
break; ``polarity`` takes the nearest of the same polarity, ``paper`` as its table 2 has it."""
CLASH = 0.2
"""What a key that does not fit costs, and a tempo that does not: as far off in the plane."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How tracks are chosen.

    Attributes
    ----------
    how : How
        By what.
    artist_gap : int
        Tracks of others between two of one artist. Where there are no others it does not hold.
    shortest_s : float
        Tracks that are shorter are left out, seconds.
    """

    how: How = "nearest"
    artist_gap: int = 0
    shortest_s: float = 0.0


def expected_distance(
    columns: Columns, valence: float | np.ndarray, arousal: float | np.ndarray
) -> np.ndarray:
    """How far each track can be expected to be from an aim.

    Parameters
    ----------
    columns : Columns
        The tracks, n of them.
    valence, arousal : float or np.ndarray, shape=(n,)
        The aim, one for all or one for each; NaN where an axis does not matter.

    Returns
    -------
    np.ndarray, shape=(n,), float64
        Infinite where nothing is known of a track.
    """
    square = np.zeros(len(columns))
    for aim, mean, deviation in (
        (valence, columns.valence, columns.valence_sd),
        (arousal, columns.arousal, columns.arousal_sd),
    ):
        part = (mean - aim) ** 2 + deviation**2
        square += np.where(np.isnan(aim), 0.0, part)
    known = (columns.quadrant > 0) & np.isfinite(square)
    return np.where(known, np.sqrt(square), np.inf)


def groove_of(columns: Columns, row: int) -> Groove:
    """Tempo and key of a track."""
    return Groove(float(columns.tempo_bpm[row]), int(columns.key[row]))


def clash(columns: Columns, groove: Groove) -> np.ndarray:
    """What it costs to let each track follow a groove without a break, shape=(n,)."""
    tempo = mixing.tempo_fits(groove.tempo_bpm, columns.tempo_bpm)
    key = camelot.fits(groove.key, columns.key)
    return CLASH * ((~tempo).astype(float) + ~key)


def fresh(columns: Columns, played: Sequence[int], artist_gap: int) -> np.ndarray:
    """Which tracks are no repeat after those in ``played``, the newest last; shape=(n,), bool.

    No track comes twice, none of an artist of the last ``artist_gap`` tracks.
    """
    recent = [columns.artist[row] for row in played[max(len(played) - artist_gap, 0) :]]
    new = ~np.isin(columns.artist, [code for code in recent if code >= 0])
    new[list(played)] = False
    return new


def costs(
    columns: Columns,
    valence: float,
    arousal: float,
    manner: Manner,
    played: Sequence[int] = (),
    groove: Groove | None = None,
) -> np.ndarray:
    """What each track costs that is to express something.

    Parameters
    ----------
    columns : Columns
        The tracks, n of them.
    valence, arousal : float
        What is aimed at; NaN where an axis does not matter.
    manner : Manner
        By what.
    played : sequence of int
        Rows of the tracks before, the newest last.
    groove : Groove, optional
        What ``mix`` follows, if not the newest track.

    Returns
    -------
    np.ndarray, shape=(n,), float64
    """
    cost = expected_distance(columns, valence, arousal)
    if manner.how == "mix":
        if groove is None and played:
            groove = groove_of(columns, played[-1])
        if groove is not None:
            cost = cost + clash(columns, groove)
    allowed = columns.duration_s >= manner.shortest_s
    if manner.how in ("polarity", "paper"):
        allowed &= agreeing(columns, valence, strict=manner.how == "paper")
    cost[~allowed] = np.inf
    cost[list(played)] = np.inf
    others = np.isfinite(cost) & fresh(columns, played, manner.artist_gap)
    if others.any():
        cost[~others] = np.inf
    return cost


def cheapest(cost: np.ndarray, count: int) -> np.ndarray:
    """Rows of the ``count`` tracks that cost least, cheapest first; fewer where there are fewer."""
    possible = np.flatnonzero(np.isfinite(cost))
    if len(possible) > count:
        limit = np.partition(cost[possible], count - 1)[count - 1] if count > 0 else -np.inf
        possible = possible[cost[possible] <= limit]
    return possible[np.argsort(cost[possible], kind="stable")][:count]
