"""Where music shall lead: a course through the plane of valence and arousal.

Conventions
-----------
Two kinds. A `Curve` is drawn over time, straight from one point to the next; before the first and
after the last it stays. `Steps` are points that follow one another, a track each, however long. A
coordinate that is NaN does not matter there. Times are seconds from the beginning.

What a track costs on a curve is how far it can be expected to be from it, as a root mean square
over the time that it plays: a long track cannot follow a curve that moves on.

See Also
--------
oscbridge.library.course_text : how people write them.
oscbridge.library.journey : tracks along a course.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from oscbridge.library.matching import expected_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.library.columns import Columns

STRIDE = 0.25
"""Longest step of a way through the plane unless another one is asked for."""
GRID_S = 1.0
"""Between the instants at which a curve is looked at."""
PLACES = 61
"""Instants that stand for a curve."""
LEAST_INSIDE = 0.5
"""Share of the last track that has to lie before the end of a curve."""


class Point(NamedTuple):
    """A point of the plane; NaN where an axis does not matter."""

    valence: float
    arousal: float


class Course(Protocol):
    """Where music shall lead."""

    def rest(self, start_s: float, number: int) -> float:
        """How much lies before track ``number``, from 0, as `weight` counts; 0: it is over."""
        ...

    def aim(self, start_s: float, number: int, duration_s: float) -> Point:
        """Where such a track should be, on the whole."""
        ...

    def costs(self, columns: Columns, start_s: float, number: int) -> np.ndarray:
        """What each track costs as track ``number`` from ``start_s`` on; infinite: does not fit."""
        ...

    def weight(self, duration_s: float) -> float:
        """How much a track of this length counts."""
        ...

    def places(self) -> Sequence[Point]:
        """Points that stand for all of it."""
        ...


class Curve:
    """A course over time.

    Parameters
    ----------
    times_s : sequence of float
        When each point is reached, rising, the first at 0.
    points : sequence of Point
        As many, two or more. A coordinate that is NaN is passed over; where all are, it does not
        matter.

    Raises
    ------
    ValueError
        Times that do not rise from 0, or fewer than two points.
    """

    def __init__(self, times_s: Sequence[float], points: Sequence[Point]) -> None:
        times = np.asarray(times_s, float)
        if len(times) < 2 or len(times) != len(points) or times[0] or (np.diff(times) <= 0.0).any():
            raise ValueError("a curve has two points or more, at times that rise from 0")
        self.end_s = float(times[-1])
        grid = np.append(np.arange(0.0, self.end_s, GRID_S), self.end_s)
        values = np.asarray(points, float)
        self._axes = [_filled(grid, times, values[:, axis]) for axis in range(2)]
        # Integrals from the beginning to each instant of the grid, so that a mean is a difference.
        self._grid = grid
        self._sums = [_integral(grid, axis) for axis in self._axes]
        self._squares = [_integral(grid, axis**2) for axis in self._axes]

    def at(self, time_s: float) -> Point:
        """Where the curve is."""
        valence, arousal = (float(np.interp(time_s, self._grid, axis)) for axis in self._axes)
        return Point(valence, arousal)

    def rest(self, start_s: float, number: int) -> float:
        """Seconds before the end."""
        return max(self.end_s - start_s, 0.0)

    def aim(self, start_s: float, number: int, duration_s: float) -> Point:
        """Mean of the curve while a track plays."""
        spans = start_s, np.array([duration_s])
        valence, arousal = (float(self._mean(sums, axis, *spans)[0]) for sums, axis in self._pairs)
        return Point(valence, arousal)

    def costs(self, columns: Columns, start_s: float, number: int) -> np.ndarray:
        """What each track costs, shape=(n,)."""
        durations = columns.duration_s
        means = [self._mean(sums, axis, start_s, durations) for sums, axis in self._pairs]
        strays = [
            self._mean(squares, axis**2, start_s, durations) - mean**2
            for squares, axis, mean in zip(self._squares, self._axes, means, strict=True)
        ]
        stray = sum(np.where(np.isnan(part), 0.0, np.maximum(part, 0.0)) for part in strays)
        cost = np.sqrt(expected_distance(columns, *means) ** 2 + stray)
        cost[~(start_s + LEAST_INSIDE * durations <= self.end_s)] = np.inf
        return cost

    def weight(self, duration_s: float) -> float:
        """By its length."""
        return duration_s

    def places(self) -> list[Point]:
        """The curve at `PLACES` instants."""
        return [self.at(float(time_s)) for time_s in np.linspace(0.0, self.end_s, PLACES)]

    @property
    def _pairs(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return list(zip(self._sums, self._axes, strict=True))

    def _mean(
        self, sums: np.ndarray, values: np.ndarray, start_s: float, durations_s: np.ndarray
    ) -> np.ndarray:
        """Mean from ``start_s`` on over each duration, with the last value after the end."""
        stops = start_s + durations_s
        beyond = np.maximum(stops - self.end_s, 0.0) * values[-1]
        total = np.interp(stops, self._grid, sums) + beyond - np.interp(start_s, self._grid, sums)
        return total / np.maximum(durations_s, 1e-9)


class Steps:
    """Points one after the other, a track each.

    Parameters
    ----------
    points : sequence of Point
        One or more. Raises ``ValueError`` where there is none.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        if not points:
            raise ValueError("a way has one point or more")
        self.points = tuple(points)

    def rest(self, start_s: float, number: int) -> float:
        """Points that have no track yet."""
        return float(max(len(self.points) - number, 0))

    def aim(self, start_s: float, number: int, duration_s: float) -> Point:
        """The point of the track."""
        return self.points[number]

    def costs(self, columns: Columns, start_s: float, number: int) -> np.ndarray:
        """What each track costs, shape=(n,)."""
        return expected_distance(columns, *self.points[number])

    def weight(self, duration_s: float) -> float:
        """Each track as much as any other."""
        return 1.0

    def places(self) -> Sequence[Point]:
        """All points."""
        return self.points


def iso_steps(start: Point, target: Point, stride: float = STRIDE) -> Steps:
    """A way from where the player is to where he or she shall be, by the iso principle.

    The first track matches the player, the last one the target; none is further than ``stride``
    from the one before it, and all steps are equal.

    Raises
    ------
    ValueError
        A stride that is not above 0, or a point that is not known.
    """
    way = math.hypot(target.valence - start.valence, target.arousal - start.arousal)
    if not (stride > 0.0 and math.isfinite(way)):
        raise ValueError("a way needs two points, and a stride above 0")
    count = math.ceil(round(way / stride, 9))
    return Steps([_between(start, target, step / max(count, 1)) for step in range(count + 1)])


def _between(start: Point, target: Point, share: float) -> Point:
    return Point(
        start.valence + share * (target.valence - start.valence),
        start.arousal + share * (target.arousal - start.arousal),
    )


def _filled(grid: np.ndarray, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values on the grid, straight between those that are known; NaN where none is."""
    known = ~np.isnan(values)
    if not known.any():
        return np.full(len(grid), np.nan)
    return np.interp(grid, times[known], values[known])


def _integral(grid: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Integral from the first instant to each, by trapezoids."""
    parts = np.diff(grid) * (values[1:] + values[:-1]) / 2.0
    return np.concatenate([[0.0], np.cumsum(parts)])
