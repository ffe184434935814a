"""Tracks along a course: a set that follows a curve, or leads from one mood to another.

Conventions
-----------
Of many ways through the library the one is looked for that costs least: the weighted mean of what
its tracks cost on the course (`oscbridge.library.course`), and of what each costs after the one
before it: where key or tempo clash, and where a step in the plane is longer than it may be, by what
it is too long. It is a beam search: from each of the `WIDTH` best beginnings the `BRANCHES` best
tracks are tried. In a large library only tracks are tried that are among the nearest somewhere on
the course. No clock and no chance: the same library gives the same set.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from oscbridge.library.matching import (
    Manner,
    cheapest,
    clash,
    expected_distance,
    fresh,
    groove_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.library.columns import Columns
    from oscbridge.library.course import Course, Point

WIDTH = 16
BRANCHES = 6
NEAREST = 400
"""Tracks that are tried around each place of a course, beside `SPARE` for each that it needs."""
SPARE = 4
MOST = 1000
"""Tracks of a set."""
SILENCE = 0.5
"""What it costs to leave a part of the course without music: as far off in the plane."""


class Stop(NamedTuple):
    """A track of a set.

    Attributes
    ----------
    row : int
        Which track.
    start_s : float
        When it begins.
    aim : Point
        Where it should be while it plays.
    cost : float
        How far from there it can be expected to be; on a curve, over its whole length.
    """

    row: int
    start_s: float
    aim: Point
    cost: float


class _Way(NamedTuple):
    """A beginning of a set: its rows, how long they are, what they cost and weigh together."""

    rows: tuple[int, ...]
    length_s: float
    cost: float
    weight: float

    @property
    def mean(self) -> float:
        return self.cost / self.weight if self.weight > 0.0 else 0.0


def plan(
    columns: Columns,
    course: Course,
    manner: Manner,
    *,
    longest_step: float = math.inf,
    played: Sequence[int] = (),
    on_progress: Callable[[float], None] = lambda _: None,
) -> list[Stop]:
    """Find the tracks of a course.

    Parameters
    ----------
    columns : Columns
        What there is to choose from.
    course : Course
        Where they shall lead.
    manner : Manner
        ``mix`` also looks at key and tempo; other ways than ``nearest`` are not for sets.
    longest_step : float
        From one track to the next in the plane; longer ones cost what they are too long.
    played : sequence of int
        Rows of tracks that came before, and do not come again.
    on_progress : callable
        Told how many seconds of music the best set has so far.

    Returns
    -------
    list of Stop
        Ends early where there is nothing left that fits; empty where nothing does.

    Raises
    ------
    ValueError
        A manner that is not for sets.
    """
    if manner.how not in ("nearest", "mix"):
        raise ValueError(f"a set is found by nearest or mix, not {manner.how}")
    rows = _around(columns, course, manner, played)
    few = columns.take(rows)
    before = tuple(np.searchsorted(rows, played).tolist())
    stops = _search(few, course, manner, longest_step, before, on_progress)
    return [stop._replace(row=int(rows[stop.row])) for stop in stops]


def _around(columns: Columns, course: Course, manner: Manner, played: Sequence[int]) -> np.ndarray:
    """Rows of the tracks that may be of use, and of those that were played, rising."""
    if not len(columns):
        return np.arange(0)
    needed = course.rest(0.0, 0) / course.weight(float(np.median(columns.duration_s)))
    count = NEAREST + SPARE * math.ceil(needed)
    if len(columns) <= count:
        return np.arange(len(columns))
    found = [np.asarray(played, int)]
    for place in course.places():
        cost = expected_distance(columns, *place)
        cost[columns.duration_s < manner.shortest_s] = np.inf
        found.append(cheapest(cost, count))
    return np.unique(np.concatenate(found))


def _search(
    columns: Columns,
    course: Course,
    manner: Manner,
    longest_step: float,
    before: tuple[int, ...],
    on_progress: Callable[[float], None],
) -> list[Stop]:
    """Find the tracks among those that may be of use."""
    ways, ended = [_Way((), 0.0, 0.0, 0.0)], list[_Way]()
    while ways:
        longer: list[_Way] = []
        for way in ways:
            number = len(way.rows)
            if course.rest(way.length_s, number) <= 0.0 or number == MOST:
                ended.append(way)
                continue
            found = _followers(columns, course, manner, longest_step, before, way)
            longer += found
            ended += [] if found else [way]
        ways = sorted(longer, key=lambda way: way.mean)[:WIDTH]
        if ways:
            on_progress(ways[0].length_s)
    best = min(ended, key=lambda way: _whole_mean(course, way))
    return _stops(columns, course, best)


def _followers(
    columns: Columns,
    course: Course,
    manner: Manner,
    longest_step: float,
    before: tuple[int, ...],
    way: _Way,
) -> list[_Way]:
    """A way, longer by each of the best tracks after it."""
    cost = course.costs(columns, way.length_s, len(way.rows))
    cost[columns.duration_s < manner.shortest_s] = np.inf
    if way.rows:
        last = way.rows[-1]
        step = np.hypot(
            columns.valence - columns.valence[last], columns.arousal - columns.arousal[last]
        )
        cost += np.maximum(step - longest_step, 0.0)
        if manner.how == "mix":
            cost += clash(columns, groove_of(columns, last))
    rows = before + way.rows
    cost[list(rows)] = np.inf
    others = np.isfinite(cost) & fresh(columns, rows, manner.artist_gap)
    if others.any():
        cost[~others] = np.inf
    found: list[_Way] = []
    for row in cheapest(cost, BRANCHES).tolist():
        duration_s = float(columns.duration_s[row])
        weight = course.weight(duration_s)
        found.append(
            _Way(
                (*way.rows, row),
                way.length_s + duration_s,
                way.cost + weight * float(cost[row]),
                way.weight + weight,
            )
        )
    return found


def _whole_mean(course: Course, way: _Way) -> float:
    """What a way costs, with what it leaves out of its course."""
    left = course.rest(way.length_s, len(way.rows))
    return (way.cost + SILENCE * left) / (way.weight + left)


def _stops(columns: Columns, course: Course, way: _Way) -> list[Stop]:
    stops: list[Stop] = []
    start_s = 0.0
    for number, row in enumerate(way.rows):
        duration_s = float(columns.duration_s[row])
        cost = float(course.costs(columns, start_s, number)[row])
        stops.append(Stop(row, start_s, course.aim(start_s, number, duration_s), cost))
        start_s += duration_s
    return stops
