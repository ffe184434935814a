"""The tempi that a beat can have, as a table of states: how far into a beat of which length.

Conventions
-----------
A **state** is (interval, phase): the beat is ``interval`` frames long, ``phase`` frames of it have
passed, ``0 <= phase < interval``. The states of one interval stand in one row, phase by phase;
rows follow each other, shortest interval first. Every frame the phase grows by one; where it would
reach the interval a beat falls and the interval may change by a little (Krebs, Böck & Widmer 2015,
who found that one frame a state is both the smallest and the best division).

Intervals are whole frames and at most `FINEST` apart, so that slow tempi do not cost more states
than they need: what lies between two rows is read from the mean over both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FINEST = 0.025
"""Largest step between neighbouring intervals, where whole frames allow it."""
PRIOR_OCTAVES = 0.6
"""Standard deviation of the prior on tempo, octaves."""
STIFFNESS = 80.0
"""How unlikely a change of tempo is: ``exp(-STIFFNESS * |b / a - 1|)`` from beat to beat."""
REACH = 8
"""Rows up or down that one beat's interval may differ from the next."""


@dataclass(frozen=True)
class TempoGrid:
    """Tables of the state space.

    Attributes
    ----------
    intervals : np.ndarray, shape=(n_rows,), int64
        Frames a beat, rising.
    starts : np.ndarray, shape=(n_rows + 1,), int64
        Where each row begins; the last entry is the number of states.
    rest : np.ndarray, shape=(n_states,), float32
        Probability of each state before anything was heard; sums to 1.
    first_move : np.ndarray, shape=(n_rows,), int64
        First row from which a row is reached.
    moves : np.ndarray, shape=(n_rows, 2 * REACH + 1), float32
        ``moves[a, k]``: probability that row ``first_move[a] + k`` is followed by row ``a``.
    """

    intervals: np.ndarray
    starts: np.ndarray
    rest: np.ndarray
    first_move: np.ndarray
    moves: np.ndarray

    @property
    def n_states(self) -> int:
        """Number of states."""
        return int(self.starts[-1])


def build_tempo_grid(
    step_s: float, slowest_bpm: float, fastest_bpm: float, centre_bpm: float
) -> TempoGrid:
    """Build the states of all tempi in a range.

    Parameters
    ----------
    step_s : float
        Seconds a frame.
    slowest_bpm, fastest_bpm : float
        Range of tempi, beats a minute.
    centre_bpm : float
        Where the prior, log-normal with a standard deviation of `PRIOR_OCTAVES`, peaks.

    Raises
    ------
    ValueError
        Not ``0 < slowest_bpm < fastest_bpm``, beats of fewer than 8 frames, or a range of less
        than an octave.
    """
    if not 0.0 < 2.0 * slowest_bpm <= fastest_bpm:
        raise ValueError(f"tempi must span an octave, not {slowest_bpm} to {fastest_bpm}")
    shortest, longest = round(60.0 / fastest_bpm / step_s), round(60.0 / slowest_bpm / step_s)
    if shortest < 8:
        raise ValueError(f"{fastest_bpm} beats a minute are too fast for frames of {step_s} s")
    listed = [shortest]
    while listed[-1] < longest:
        listed.append(max(listed[-1] + 1, math.floor(listed[-1] * (1.0 + FINEST))))
    intervals = np.asarray(listed, dtype=np.int64)
    rows = len(intervals)
    octaves = np.log2(60.0 / (intervals * step_s) / centre_bpm) / PRIOR_OCTAVES
    # rows stand closer together where tempi are slow: each stands for its share of the octave
    share = np.gradient(np.log2(intervals))
    prior = np.exp(-0.5 * octaves**2) * share
    ratio = intervals[None, :] / intervals[:, None]
    moves = np.exp(-STIFFNESS * np.abs(ratio - 1.0)) * share[None, :]
    moves[np.abs(np.subtract.outer(np.arange(rows), np.arange(rows))) > REACH] = 0.0
    moves /= moves.sum(axis=1, keepdims=True)
    width = min(2 * REACH + 1, rows)
    first = np.clip(np.arange(rows) - REACH, 0, rows - width)
    banded = [moves[f : f + width, a] for a, f in enumerate(first)]
    return TempoGrid(
        intervals=intervals,
        starts=np.concatenate([[0], np.cumsum(intervals)]).astype(np.int64),
        rest=np.repeat(prior / prior.sum() / intervals, intervals).astype(np.float32),
        first_move=first.astype(np.int64),
        moves=np.asarray(banded, dtype=np.float32),
    )


def build_expectation(
    grid: TempoGrid, spread: float, floor: float, places: tuple[tuple[float, float], ...]
) -> np.ndarray:
    """Build the probability of an onset in every state.

    Parameters
    ----------
    grid : TempoGrid
        The states.
    spread : float
        Standard deviation of an onset around its place, frames.
    floor : float
        Probability everywhere.
    places : tuple of (float, float)
        Where in a beat onsets fall (0 <= place < 1), and the probability there.

    Returns
    -------
    np.ndarray, shape=(n_states,), float32
    """
    rows: list[np.ndarray] = []
    for interval in grid.intervals:
        phase = np.arange(interval)
        expected = np.full(int(interval), floor)
        for place, probability in places:
            away = (phase - place * interval + interval / 2) % interval - interval / 2
            bump = floor + (probability - floor) * np.exp(-0.5 * (away / spread) ** 2)
            expected = np.maximum(expected, bump)
        rows.append(expected)
    return np.concatenate(rows).astype(np.float32)
