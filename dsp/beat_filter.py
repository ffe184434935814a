"""The beat tracker's inner loop: onset evidence, the forward filter, the next beat.

Conventions
-----------
Kernels of `dsp.beat`, where the method is told; states as in `dsp.tempo`. Row ``now`` of
``beliefs`` (2, n_states) is the probability of every state given all evidence so far, up to a
factor; the rows take turns. Strengths are rises of the log-mel bands in dB. Times are frames,
``ahead`` counts those from now to the next beat. All that changes besides lives in one record of
dtype `STATE`; all that does not lives in one record of dtype `PLAN`.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.jit import kernel

LOW_BANDS = 5
"""Mel bands that count as low: bass and bass drum."""
LOOK_EVERY = 4
"""Frames between two looks for the likeliest beat."""
_NEAR_TEMPO = 0.08
"""Intervals that far apart are one tempo …"""
_NEAR_PHASE = 0.15
"""… and phases, in beats, one beat."""

PLAN = np.dtype(
    [(name, "i8") for name in ("log_mel", "n_mels", "late", "quiet_frames")]
    + [(name, "f4") for name in ("gate", "leak", "quiet", "pull", "memory", "switch")]
    + [(name, "f4") for name in ("steep", "middle", "most", "least", "low_power")]
)
STATE = np.dtype(
    [(name, "i8") for name in ("seen", "now", "silent", "row")]
    + [(name, "f4") for name in ("keep", "mean", "low_mean")]
    + [(name, "f8") for name in ("interval", "ahead", "mass", "gain", "since")]
)


@kernel(reorder=True)
def _strengths(s, p, row, history):
    """Mean rise of all bands and of the low ones against the frame ``lag`` earlier, dB."""
    lag = history.shape[0]
    old = history[s.seen % lag]
    whole = np.float32(0.0)
    low = np.float32(0.0)
    for b in range(p.n_mels):
        now = max(row[p.log_mel + b], p.gate)
        rise = max(now - old[b], np.float32(0.0))
        old[b] = now
        whole += rise
        if b < LOW_BANDS:
            low += rise
    if s.seen < lag:
        return np.float32(0.0), np.float32(0.0)
    return whole / np.float32(p.n_mels), low / np.float32(min(LOW_BANDS, p.n_mels))


@kernel
def _odds(p, strength, mean):
    """How much likelier this strength is where an onset falls than elsewhere, less 1."""
    relative = strength / (mean + p.quiet)
    return np.float32(min(max(math.exp(p.steep * (relative - p.middle)), p.least), p.most) - 1.0)


@kernel(reorder=True)
def advance_belief(before, after, starts, expected, low, rest, arriving, moves, first_move, terms):
    """One frame: every phase grows by one, beats fall, evidence weighs. Returns the total.

    ``after = (keep · moved(before) + leak · rest) · (1 + odds · expected) · (1 + odds' · low)``;
    ``terms`` is (keep, leak, odds, odds'). ``rest`` is what is believed when nothing was heard.
    With ``keep`` the reciprocal of the last total nothing has to be normalised, and the total is
    the probability of the evidence under the belief, relative to no onsets at all.
    """
    keep, leak, odds, low_odds = terms
    one = np.float32(1.0)
    rows = starts.shape[0] - 1
    n = before.shape[0]
    for a in range(rows):
        arriving[a] = before[starts[a + 1] - 1]
    total = np.float32(0.0)
    # as if all states were one long row: the first state of each row is put right below
    for i in range(1, n):
        value = keep * before[i - 1] + leak * rest[i]
        value *= (one + odds * expected[i]) * (one + low_odds * low[i])
        after[i] = value
        total += value
    after[0] = np.float32(0.0)
    for a in range(rows):
        first = starts[a]
        fallen = np.float32(0.0)
        for k in range(moves.shape[1]):
            fallen += arriving[first_move[a] + k] * moves[a, k]
        value = keep * fallen + leak * rest[first]
        value *= (one + odds * expected[first]) * (one + low_odds * low[first])
        total += value - after[first]
        after[first] = value
    return total


@kernel
def gather_beat(belief, intervals, starts, interval, ahead):
    """Probability around a beat, and the means there: (mass, interval, frames ahead)."""
    mass = 0.0
    longer = 0.0
    later = 0.0
    for a in range(intervals.shape[0]):
        length = intervals[a]
        if abs(length - interval) > _NEAR_TEMPO * interval:
            continue
        reach = int(_NEAR_PHASE * interval)
        middle = length - round(ahead)
        for i in range(middle - reach, middle + reach + 1):
            weight = belief[starts[a] + i % length]
            mass += weight
            longer += weight * length
            later += weight * (length - i)
    if mass <= 0.0:
        return 0.0, interval, ahead
    return mass, longer / mass, later / mass


@kernel
def _likeliest(belief, intervals, starts):
    """Interval and frames ahead of the most probable state."""
    best = np.float32(-1.0)
    row = 0
    for a in range(intervals.shape[0]):
        most = np.float32(0.0)
        for i in range(starts[a], starts[a + 1]):
            most = max(most, belief[i])
        if most > best:
            best = most
            row = a
    for i in range(starts[row], starts[row + 1]):
        if belief[i] == best:
            return float(intervals[row]), float(intervals[row] - (i - starts[row]))
    return float(intervals[row]), float(intervals[row])


@kernel
def _look(s, p, belief, intervals, starts):
    """Follow the beat that is followed, or leave it for one that is much likelier."""
    scale = s.keep
    interval, ahead = _likeliest(belief, intervals, starts)
    mass, interval, ahead = gather_beat(belief, intervals, starts, interval, ahead)
    if s.interval > 0.0:
        held, held_interval, held_ahead = gather_beat(
            belief, intervals, starts, s.interval, s.ahead
        )
        if mass <= p.switch * held:
            mass, interval, ahead = held, held_interval, held_ahead
    s.mass = mass * scale
    s.interval = interval
    s.ahead = ahead


@kernel
def forget(s, beliefs, rest):
    """Know nothing of the beat."""
    beliefs[s.now] = rest
    s.keep = np.float32(1.0)
    s.interval = 0.0
    s.ahead = 0.0
    s.mass = 0.0
    s.gain = 0.0


@kernel
def follow(s, p, row, history, grid, tables, beliefs, arriving):
    """One frame of features into the belief. Returns whether a beat falls now.

    ``grid`` is (intervals, starts, rest, first_move, moves), ``tables`` (expected, low, their
    means by evidence).
    """
    intervals, starts, rest, first_move, moves = grid
    expected, low, blind, low_blind = tables
    strength, low_strength = _strengths(s, p, row, history)
    s.seen += 1
    s.mean += max(p.pull, np.float32(1.0 / s.seen)) * (strength - s.mean)
    s.low_mean += max(p.pull, np.float32(1.0 / s.seen)) * (low_strength - s.low_mean)
    s.silent = s.silent + 1 if strength <= p.quiet * 0.1 else 0
    if s.silent == p.quiet_frames:
        forget(s, beliefs, rest)
    if s.silent >= p.quiet_frames:
        return False
    odds = _odds(p, strength, s.mean)
    low_odds = _odds(p, low_strength, s.low_mean) * p.low_power
    before = beliefs[s.now]
    s.now = 1 - s.now
    terms = (s.keep, p.leak, odds, low_odds)
    after = beliefs[s.now]
    total = advance_belief(
        before, after, starts, expected, low, rest, arriving, moves, first_move, terms
    )
    s.keep = np.float32(1.0 / total)
    known_nothing = (1.0 + odds * blind) * (1.0 + low_odds * low_blind)
    s.gain += p.memory * (math.log(total / known_nothing) - s.gain)
    s.ahead -= 1.0
    s.since += 1.0
    if s.seen % LOOK_EVERY == 0:
        _look(s, p, after, intervals, starts)
    return s.interval > 0.0
