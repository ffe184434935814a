"""What a simulated session is worth, and how sure a mean over seeds is.

Conventions
-----------
The *target* is that the player no longer feels bad: the first minute (`HELD_S`) in which valence is
at or above `TARGET` on average has begun. Times are seconds from the start; who never gets there
counts with the whole length, so that a mean of times is a lower bound (a restricted mean), and the
share that got there stands beside it. *Regret* is how much farther from the goal the player was
than with the oracle, on average over the session: same player, same noise.

Intervals are 95 %, by bootstrap over seeds: seeds are drawn with all that was simulated with them,
so that differences between drivers are those of the same players.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from oscbridge.simulation.run import TICK_S

if TYPE_CHECKING:
    from oscbridge.simulation.run import Course

TARGET = 0.0
HELD_S = 60.0
RESAMPLES = 2000
LEVELS = (2.5, 97.5)


class Scores(NamedTuple):
    """Of one session.

    Attributes
    ----------
    time_s : float
        To the target; the length of the session where it is not reached.
    reached : float
        1 where it is.
    overshoot : float
        How far valence went beyond the goal's at most.
    distance : float
        From the goal, on average.
    per_minute : float
        Requests.
    worst : float
        The minute with the lowest valence.
    violations : float
        Requests that ought not to have been made.
    """

    time_s: float
    reached: float
    overshoot: float
    distance: float
    per_minute: float
    worst: float
    violations: float


class Estimate(NamedTuple):
    """A mean and its 95 % interval."""

    mean: float
    low: float
    high: float


def score(course: Course) -> Scores:
    """Judge a session."""
    valence = course.felt[:, 0]
    held = max(round(HELD_S / TICK_S), 1)
    smooth = np.convolve(valence, np.full(held, 1.0 / held), "valid")
    first = np.flatnonzero(smooth >= TARGET)
    seconds = course.plan.seconds
    away = np.hypot(*(course.felt - np.array(course.goal)).T)
    return Scores(
        time_s=float(first[0]) * TICK_S if len(first) else seconds,
        reached=float(len(first) > 0),
        overshoot=max(float(smooth.max()) - course.goal.valence, 0.0),
        distance=float(away.mean()),
        per_minute=len(course.asked) / seconds * 60.0,
        worst=float(smooth.min()),
        violations=float(course.violations.total()),
    )


def estimate(values: np.ndarray, seed: int = 0) -> Estimate:
    """Mean of what each seed gave, with its interval.

    Parameters
    ----------
    values : np.ndarray, shape=(n_seeds,), float64
        One number a seed.
    seed : int
        Of the bootstrap.
    """
    return Estimate(float(values.mean()), *_interval(values[_draws(len(values), seed)].mean(1)))


def ratio(above: np.ndarray, below: np.ndarray, seed: int = 0) -> Estimate:
    """Mean of ``above`` over mean of ``below``, seeds drawn together.

    Parameters
    ----------
    above, below : np.ndarray, shape=(n_seeds,), float64
        One number a seed; ``below`` positive.
    seed : int
        Of the bootstrap.
    """
    draws = _draws(len(above), seed)
    means = above[draws].mean(1) / below[draws].mean(1)
    return Estimate(float(above.mean() / below.mean()), *_interval(means))


def _draws(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, count, (RESAMPLES, count))


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, LEVELS)
    return float(low), float(high)
