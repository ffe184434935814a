"""What changed after other music began, beside what changed in the same session without it.

Problem
-------
Music is asked for when a player feels bad, and who feels bad feels better later, whatever is played
(regression to the mean). So a change after a request says nothing by itself. Here it stands beside
changes at moments of the same session at which no other music began, but the player felt alike.

Conventions
-----------
The session is laid on a grid of one second. The *change* at a moment is mean valence from `AFTER_S`
after it, less mean valence in the `BEFORE_S` before it. Moments *with* are those at which asked-for
music began; moments *without* are those with no such beginning within `APART_S`. Each moment with
is compared with the mean of those without at which the player had felt alike, to within `ALIKE`.

Intervals are 95 % by the moving-block bootstrap: blocks of `BLOCK_S` are drawn with all that lies
in them, because neighbouring moments are not independent. It is one session: the interval is about
this session and nobody else. Nothing was assigned at random, so a difference is no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from oscbridge.report.course import Course

BEFORE_S = 5
AFTER_S = (10, 40)
APART_S = 45
ALIKE = 0.1
BLOCK_S = 60
RESAMPLES = 2000
LEVELS = (2.5, 97.5)
LEAST = 4
"""Moments with, below which nothing is said."""


class Comparison(NamedTuple):
    """Changes of valence with and without other music.

    Attributes
    ----------
    began : int
        Requests whose music began.
    compared : int
        Of those, how many have enough before, after and beside them.
    with_music, without : float
        Mean changes.
    difference : tuple of 3 float
        With less without: mean, and the ends of its 95 % interval.
    """

    began: int
    compared: int
    with_music: float
    without: float
    difference: tuple[float, float, float]


def compare(course: Course, seed: int = 0) -> Comparison | None:
    """Compare; None where too few moments can be.

    Parameters
    ----------
    course : Course
        The session.
    seed : int
        Of the bootstrap.
    """
    grid_s = np.arange(0.0, np.floor(course.length_s) + 1.0)
    valence = course.felt[0].at(grid_s)
    before, change = _changes(valence)
    starts = [one.started_s for one in course.requests if one.started_s is not None]
    began = np.zeros(len(grid_s), dtype=bool)
    began[np.minimum(np.round(starts).astype(int), len(grid_s) - 1)] = True
    known = np.isfinite(change)
    near = np.convolve(began, np.ones(APART_S + 1))[: len(began)] > 0.0
    with_at = np.flatnonzero(began & known)
    without_at = np.flatnonzero(~near & known)
    pairs = _paired(before, change, with_at, without_at)
    if pairs is None or len(pairs) < LEAST:
        return None
    return Comparison(
        len(starts),
        len(pairs),
        float(pairs[:, 0].mean()),
        float(pairs[:, 1].mean()),
        _interval(before, change, with_at, without_at, seed),
    )


def _changes(valence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean valence before each moment, and its change after it; NaN where a part is not known.

    Parameters
    ----------
    valence : np.ndarray, shape=(n,), float64
        One value a second.

    Returns
    -------
    before, change : np.ndarray, shape=(n,), float64
    """
    count = len(valence)
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(valence))])
    heard = np.concatenate([[0], np.cumsum(np.isfinite(valence))])
    at = np.arange(count)
    before = _means(sums, heard, at - BEFORE_S, at)
    after = _means(sums, heard, at + AFTER_S[0], at + AFTER_S[1])
    return before, after - before


def _means(sums: np.ndarray, heard: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Means of spans, NaN where a span is cut or half of it is not known."""
    inside = (start >= 0) & (stop < len(sums))
    start, stop = np.where(inside, start, 0), np.where(inside, stop, 0)
    number = heard[stop] - heard[start]
    enough = inside & (2 * number >= stop - start) & (number > 0)
    total = sums[stop] - sums[start]
    return np.where(enough, total / np.maximum(number, 1), np.nan)


def _paired(
    before: np.ndarray, change: np.ndarray, with_at: np.ndarray, without_at: np.ndarray
) -> np.ndarray | None:
    """Changes with, and the mean of those without at which the player had felt alike.

    Returns
    -------
    np.ndarray, shape=(n_pairs, 2), float64, or None where there is no pair
    """
    alike = np.abs(before[with_at][:, None] - before[without_at][None, :]) <= ALIKE
    number = alike.sum(axis=1)
    found = number > 0
    if not found.any():
        return None
    means = (alike @ change[without_at])[found] / number[found]
    return np.column_stack([change[with_at][found], means])


def _interval(
    before: np.ndarray, change: np.ndarray, with_at: np.ndarray, without_at: np.ndarray, seed: int
) -> tuple[float, float, float]:
    """Mean difference and its interval, by blocks of the session."""
    random = np.random.default_rng(seed)
    count = len(before)
    is_with, is_without = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    is_with[with_at], is_without[without_at] = True, True
    blocks = -(-count // BLOCK_S)
    found: list[float] = []
    for _ in range(RESAMPLES):
        starts = random.integers(0, max(count - BLOCK_S, 1), blocks)
        drawn = (starts[:, None] + np.arange(min(BLOCK_S, count))[None, :]).ravel()
        pairs = _paired(before, change, drawn[is_with[drawn]], drawn[is_without[drawn]])
        if pairs is not None:
            found.append(float((pairs[:, 0] - pairs[:, 1]).mean()))
    pairs = _paired(before, change, with_at, without_at)
    mean = float((pairs[:, 0] - pairs[:, 1]).mean()) if pairs is not None else np.nan
    low, high = np.percentile(found, LEVELS)
    return mean, float(low), float(high)
