"""The beat tracker's inner loop: the forward filter, and the next beat read from it.

Conventions
-----------
Kernels of `dsp.beat`, where the method is told; states as in `dsp.tempo`. Row ``now`` of
``beliefs`` (2, n_states) is the probability of every state given all evidence so far, up to the
factor ``keep``; the rows take turns. Times are frames; ``ahead`` counts those from now to the next
beat as the evidence shows it, which is ``late`` frames after the sound. What else changes lives in
one record of dtype `STATE`, what does not in one of dtype `PLAN`.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.bars import likeliest_bar, reset_bars, step_bars, weigh_bars
from dsp.beat_evidence import accent_of, collect, odds_of, rise_of, turn_over
from dsp.held import opened
from dsp.jit import kernel
from dsp.peaks import strongest

LOOK_EVERY = 4
"""Frames between two looks for the likeliest beat."""
_NEAR_TEMPO = 0.08
"""Intervals that far apart are one tempo …"""
_NEAR_PHASE = 0.15
"""… and phases, in beats, one beat."""
_UNSTEADY = 0.055
"""Mean error of foretold intervals, in beats, that halves the confidence; rubato stays below."""
_UNPROVEN = 0.15
"""The same error before any beat was foretold."""
_STEADINESS_PULL = 0.15
"""Weight of the newest beat in that mean, at the least."""
_MEANT = 0.5
"""Only a beat of this probability foretells the next."""
_WORST = 0.4
"""Errors beyond count as this."""

PLAN = np.dtype(
    [(name, "i8") for name in ("log_mel", "n_mels", "chroma", "quiet_frames")]
    + [(name, "f4") for name in ("gate", "leak", "quiet", "pull", "memory", "switch", "late")]
    + [(name, "f4") for name in ("steep", "middle", "most", "least", "low_power", "doubt")]
    + [("chance", "f4"), ("patience", "f4"), ("mask", "f4"), ("sink", "f4")]
)
STATE = np.dtype(
    [(name, "i8") for name in ("seen", "now", "silent", "pending", "heard", "proofs")]
    + [(name, "f4") for name in ("keep", "usual", "low_usual")]
    + [(name, "f8") for name in ("interval", "ahead", "mass", "gain", "since")]
    + [(name, "f8") for name in ("foretold", "unsteady")]
)
FOUND = np.dtype(
    [(name, "f8") for name in ("frame", "ahead", "interval", "confidence", "certain")]
    + [(name, "i8") for name in ("meter", "position")]
)
"""A beat that fell: in which frame, how far ahead, how long, how sure; the same of its bar."""


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
    reach = int(_NEAR_PHASE * interval)
    for a in range(intervals.shape[0]):
        length = intervals[a]
        if abs(length - interval) > _NEAR_TEMPO * interval:
            continue
        middle = length - round(ahead)
        for i in range(middle - reach, middle + reach + 1):
            weight = belief[starts[a] + i % length]
            mass += weight
            longer += weight * length
            later += weight * (length - i)
    if mass <= 0.0:
        return 0.0, interval, ahead
    return mass, longer / mass, later / mass


@kernel(part=True)
def _likeliest(belief, intervals, starts):
    """Interval and frames ahead of the most probable state."""
    best = strongest(belief)
    state, row = 0, 0
    while state + 1 < belief.shape[0] and belief[state] != best:
        state += 1
    while starts[row + 1] <= state:
        row += 1
    return float(intervals[row]), float(intervals[row] - (state - starts[row]))


@kernel(part=True)
def _look(s, p, belief, intervals, starts):
    """Follow the beat that is followed, or leave it for one that is much likelier."""
    interval, ahead = _likeliest(belief, intervals, starts)
    mass, interval, ahead = gather_beat(belief, intervals, starts, interval, ahead)
    if s.interval > 0.0:
        held, held_interval, held_ahead = gather_beat(
            belief, intervals, starts, s.interval, s.ahead
        )
        if mass <= p.switch * held:
            mass, interval, ahead = held, held_interval, held_ahead
    s.mass = mass * s.keep
    s.interval = interval
    s.ahead = ahead


@kernel
def forget(s, bars, beliefs, rest):
    """Know nothing of beat and bar."""
    belief = beliefs[s.now]
    for i in range(rest.shape[0]):  # a slice's assignment would compile for two seconds
        belief[i] = rest[i]
    s.keep = np.float32(1.0)
    s.interval = 0.0
    s.ahead = 0.0
    s.mass = 0.0
    s.gain = 0.0
    s.since = 0.0
    s.foretold = 0.0
    s.unsteady = _UNPROVEN
    s.pending = 0
    s.heard = 0
    s.proofs = 0
    reset_bars(bars)


@kernel
def confidence_of(s, p):
    """How far the beat that is followed can be believed, 0..1.

    Its probability, what it explains beyond chance, and whether beats fall where they were foretold
    when the beat before fell.
    """
    explained = 1.0 - math.exp(-max(s.gain - p.chance, 0.0) / p.doubt)
    return s.mass * explained / (1.0 + (s.unsteady / _UNSTEADY) ** 4)


@kernel(part=True)
def _settle(s, passed):
    """Compare a beat's interval with the one foretold, frames."""
    if s.foretold > 0.0:
        error = min(abs(passed / s.foretold - 1.0), _WORST)
        s.proofs += 1
        s.unsteady += max(_STEADINESS_PULL, 1.0 / (2.0 + s.proofs)) * (error - s.unsteady)
    s.foretold = s.interval if s.mass > _MEANT else 0.0


@kernel(part=True)
def _hear(row, held):
    """One frame into the belief. Returns its strengths."""
    state, plan, _, history, grid, tables, _, beliefs, arriving, _, _, _ = opened(held)
    s, p = state[0], plan[0]
    _, starts, rest, first_move, moves = grid
    expected, low, blind = tables
    bands = row[p.log_mel : p.log_mel + p.n_mels]
    lag = history.shape[0] - 1
    strength, low_strength = rise_of(bands, p, history[s.seen % lag], history[lag])
    if s.seen < lag:
        strength = low_strength = np.float32(0.0)
    s.seen += 1
    pull = max(p.pull, np.float32(1.0 / s.seen))
    s.usual += pull * (strength - s.usual)
    s.low_usual += pull * (low_strength - s.low_usual)
    s.silent = s.silent + 1 if strength <= 0.1 * p.quiet else 0
    if s.silent >= p.quiet_frames:
        return strength, low_strength
    odds = odds_of(strength, s.usual, p)
    low_odds = odds_of(low_strength, s.low_usual, p) * p.low_power
    before, after = beliefs[s.now], beliefs[1 - s.now]
    terms = (s.keep, p.leak, odds, low_odds)
    total = advance_belief(
        before, after, starts, expected, low, rest, arriving, moves, first_move, terms
    )
    s.now = 1 - s.now
    s.keep = np.float32(1.0) / total
    ignorant = (1.0 + odds * blind[0]) * (1.0 + low_odds * blind[1])
    s.heard += 1
    s.gain += max(p.memory, 1.0 / (p.patience + s.heard)) * (math.log(total / ignorant) - s.gain)
    return strength, low_strength


@kernel
def begin(state, bars, beliefs, rest):
    """Know nothing of beat and bar: `forget` for records in arrays of one."""
    forget(state[0], bars[0], beliefs, rest)


@kernel
def confidence(state, plan):
    """`confidence_of` for records in arrays of one."""
    return confidence_of(state[0], plan[0])


@kernel
def follow(values, held):
    """Frames into the belief; beats that fall into ``found``. Returns their number."""
    state, plan, bar, _, grid, _, weights, beliefs, _, peaks, sums, found = opened(held)
    s, p, bars = state[0], plan[0], bar[0]
    count = 0
    for f in range(values.shape[0]):
        row = values[f]
        strength, low_strength = _hear(row, held)
        if s.silent >= p.quiet_frames:
            if s.silent == p.quiet_frames:
                forget(s, bars, beliefs, grid[2])
            continue
        bands = row[p.log_mel : p.log_mel + p.n_mels]
        chroma = row[p.chroma : p.chroma + 12]
        collect(bands, chroma, strength, low_strength, p.gate, peaks, sums)
        s.ahead -= 1.0
        s.since += 1.0
        if s.seen % LOOK_EVERY == 0:
            _look(s, p, beliefs[s.now], grid[0], grid[1])
        if s.interval <= 0.0:
            continue
        if s.pending == 1 and s.ahead <= 0.5 * s.interval:
            s.pending = 0
            accent_of(peaks, sums, bars.accent)
            weigh_bars(bars, weights)
        if s.ahead > p.late:
            continue
        off = s.ahead - p.late
        if s.since + off >= 0.5 * s.interval:
            _settle(s, s.since + off)
            step_bars(bars)
            certain, meter, position = likeliest_bar(bars)
            beat = found[count]
            beat.frame, beat.ahead, beat.interval = f, off, s.interval
            beat.confidence = confidence_of(s, p)
            beat.certain, beat.meter, beat.position = certain, meter, position
            count += 1
            turn_over(peaks, sums)
            s.pending = 1
            s.since = -off
        s.ahead += s.interval
    return count
