"""Boundaries and quadrants together: is the music model right, and how soon after a turn?

Conventions
-----------
The model is fed as the product feeds it (`models.training.hearing`): the detector first, which
restarts the model's evidence at each boundary that it decides. The quadrant of a segment is that of
the mean of its states, weighted by music, as the product sums up a segment. Three ways are
compared: restarts by the detector, none at all, and at each true turn the moment it happens.

A hit counts as **labelled** if the segments on both sides have the right quadrant.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.training.boundaries.scores import WIDEST_S, Draws, f_measure, match
from models.training.boundaries.streams import Decisions
from models.training.hearing import PART_FRAMES, Answers, Take, listen, quadrants_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.base import AffectModel
    from models.training.boundaries.streams import Stream

WAYS = ("by the detector", "never", "at each turn")
SINCE_S = (1.0, 2.0, 3.0, 5.0, 8.0)
"""Seconds after a turn at which the answer is looked at."""
_STEP_S = 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """Counts of one stream.

    Attributes
    ----------
    hits, found, turns : int
        Labelled hits; decisions; turns.
    right : np.ndarray, shape=(3, 2)
        For each of `WAYS`: instants with the right quadrant, instants.
    since : np.ndarray, shape=(3, 5, 2)
        The same at each of `SINCE_S` after the turns.
    """

    hits: int
    found: int
    turns: int
    right: np.ndarray
    since: np.ndarray


def hear(model: AffectModel, stream: Stream, decisions: Decisions) -> Answers:
    """What the model says of a stream if it is restarted as decided."""
    rate, hop = stream.layout.sample_rate, stream.layout.hop_length
    frames = np.round(decisions.decided_s * rate / hop).astype(np.int64) - 1
    firsts = np.maximum(frames, 0) // PART_FRAMES * PART_FRAMES
    stops = np.round(decisions.stops_s * rate).astype(np.int64)
    take = Take(
        np.asarray(stream.samples), np.asarray(stream.values), np.column_stack([firsts, stops])
    )
    return listen(model, take, stream.layout)[0]


def segment_quadrant(answers: Answers, start: float, stop: float) -> int:
    """Quadrant of the mean of the states in (start, stop], samples; 0 where nothing is known."""
    rows = answers.rows[(answers.stops > start) & (answers.stops <= stop)]
    weights = rows[:, 7] * (rows[:, 4] > 0.0)
    if not weights.sum() > 0.0:
        return 0
    return int(quadrants_of((weights[:, None] * rows).sum(axis=0, keepdims=True))[0])


def _labelled_hits(answers: Answers, stream: Stream, decisions: Decisions) -> int:
    """Hits with the right quadrant on both sides."""
    truth, rate = stream.truth, stream.layout.sample_rate
    edges = np.concatenate([[0.0], decisions.stops_s, [truth.duration_s]]) * rate
    quadrants = [
        segment_quadrant(answers, start, stop) for start, stop in itertools.pairwise(edges)
    ]
    turning = truth.before != truth.after
    before, after = truth.before[turning], truth.after[turning]
    pairs = match(truth.turns_s, decisions.stops_s, WIDEST_S)
    return sum(quadrants[j] == before[i] and quadrants[j + 1] == after[i] for i, j in pairs)


def _said(answers: Answers, times_s: np.ndarray, rate: int) -> np.ndarray:
    rows = np.asarray([answers.at(int(t * rate)) for t in times_s]).reshape(-1, 8)
    return quadrants_of(rows)


def count(model: AffectModel, stream: Stream, decisions: Decisions) -> Labelled:
    """Judge a stream in all three ways."""
    truth, rate = stream.truth, stream.layout.sample_rate
    turns_s = truth.turns_s
    times_s = np.arange(_STEP_S, truth.duration_s, _STEP_S)
    ends_s = np.append(turns_s[1:], truth.duration_s)
    right = np.zeros((len(WAYS), 2))
    since = np.zeros((len(WAYS), len(SINCE_S), 2))
    hits = 0
    for way, known in enumerate(
        (decisions, Decisions(np.empty(0), np.empty(0)), Decisions(turns_s, turns_s))
    ):
        answers = hear(model, stream, known)
        if way == 0:
            hits = _labelled_hits(answers, stream, decisions)
        said = _said(answers, times_s, rate)
        right[way] = (said == truth.quadrant_at(times_s)).sum(), len(times_s)
        for i, after_s in enumerate(SINCE_S):
            at_s = turns_s[turns_s + after_s < ends_s] + after_s
            told = _said(answers, at_s, rate)
            since[way, i] = (told == truth.quadrant_at(at_s)).sum(), len(at_s)
    return Labelled(hits, len(decisions.stops_s), len(turns_s), right, since)


def collect(counted: Sequence[Labelled]) -> dict[str, object]:
    """Figures of the streams of a condition, with their intervals."""
    draws = Draws(len(counted))
    hits, found, turns = draws.totals([(one.hits, one.found, one.turns) for one in counted])
    result: dict[str, object] = {
        "streams": len(counted),
        "label-aware F within 3 s": draws.figure(f_measure(hits, found, turns)),
    }
    for way, name in enumerate(WAYS):
        right, n = draws.totals([one.right[way] for one in counted])
        result[f"time right, restarted {name}"] = draws.figure(right / n)
        curve = []
        for i in range(len(SINCE_S)):
            right, n = draws.totals([one.since[way, i] for one in counted])
            curve.append(draws.figure(right / np.maximum(n, 1.0)))
        result[f"right after a turn, restarted {name}"] = curve
    return result
