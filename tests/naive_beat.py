"""Naive twin of the beat tracker's filter: every state a dictionary entry, from the equations.

It shares no code with `dsp.tempo` and `dsp.beat_filter`: states are pairs (interval, phase), one
frame moves each of them, and where a beat is full its probability goes to those that may follow.
"""

from __future__ import annotations

import math
from collections import defaultdict

State = tuple[int, int]

FINEST = 0.025
STIFFNESS = 80.0
PRIOR_OCTAVES = 0.6
REACH = 8


def intervals_of(step_s: float, slowest_bpm: float, fastest_bpm: float) -> list[int]:
    found = [round(60.0 / fastest_bpm / step_s)]
    while found[-1] < round(60.0 / slowest_bpm / step_s):
        found.append(max(found[-1] + 1, int(found[-1] * (1.0 + FINEST))))
    return found


def shares_of(intervals: list[int]) -> list[float]:
    """What part of the octaves each interval stands for: half of the way to either neighbour."""
    logs = [math.log2(n) for n in intervals]
    inner = [(logs[i + 1] - logs[i - 1]) / 2.0 for i in range(1, len(logs) - 1)]
    return [logs[1] - logs[0], *inner, logs[-1] - logs[-2]]


def start(intervals: list[int], step_s: float, centre_bpm: float) -> dict[State, float]:
    weights = [
        share * math.exp(-0.5 * (math.log2(60.0 / (n * step_s) / centre_bpm) / PRIOR_OCTAVES) ** 2)
        for n, share in zip(intervals, shares_of(intervals), strict=True)
    ]
    return {
        (n, phase): weight / sum(weights) / n
        for n, weight in zip(intervals, weights, strict=True)
        for phase in range(n)
    }


def moves_of(intervals: list[int]) -> dict[int, dict[int, float]]:
    """Which intervals follow which, with what probability."""
    shares = shares_of(intervals)
    moves: dict[int, dict[int, float]] = {}
    for i, old in enumerate(intervals):
        weights = {
            new: math.exp(-STIFFNESS * abs(new / old - 1.0)) * shares[j]
            for j, new in enumerate(intervals)
            if abs(i - j) <= REACH
        }
        total = sum(weights.values())
        moves[old] = {new: weight / total for new, weight in weights.items()}
    return moves


def advance(
    belief: dict[State, float],
    moves: dict[int, dict[int, float]],
    rest: dict[State, float],
    leak: float,
    likelihood: dict[State, float],
) -> tuple[dict[State, float], float]:
    """Belief after a frame, normalised, and the probability of the evidence."""
    moved: dict[State, float] = defaultdict(float)
    for (interval, phase), probability in belief.items():
        if phase + 1 < interval:
            moved[interval, phase + 1] += probability
        else:
            for new, chance in moves[interval].items():
                moved[new, 0] += probability * chance
    weighed = {state: (moved[state] + leak * rest[state]) * likelihood[state] for state in rest}
    total = sum(weighed.values())
    return {state: value / total for state, value in weighed.items()}, total
