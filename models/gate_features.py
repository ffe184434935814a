"""What the music gate sees of a pool: a level-free description of how it sounds and moves.

Conventions
-----------
One description a pool of the front end (`models.frontend`), from this pool, the one before and
running means; nothing depends on the absolute level. The parts in their order, where ``g`` is the
number of groups of `GROUP` neighbouring mel bands:

===========  =====  ===============================================================================
part         width  meaning
===========  =====  ===============================================================================
shape        g      level of each group relative to their mean
contrast     g      deviation of the bands within a group: partials stand out, noise is smooth
flutter      g      deviation of the group within the pool: voices and claps move, tones do not
change       g      distance from the group's level in the previous pool
level        2      power relative to the running level and to the previous pool
onset        3      mean, maximum and deviation of the onset strength
colour       2      zero crossings, centroid
pitch        12     see `_describe_pitch`: how tonal, how steady, how far on the semitones of before
===========  =====  ===============================================================================
"""

from __future__ import annotations

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from models.pools import GROUP, POOL, pool_spans

POOL_S = POOL * 256 / 24_000
"""Seconds a pool spans."""
LEVEL_S = 4.0
"""Time constant of the running level, seconds."""
KEY_S = 3.0
"""Time constant of the memory for the semitones that sounded, seconds."""
PITCH_PARTS = 12
FEATURES = f"1: {POOL} {GROUP} {LEVEL_S} {KEY_S}"
"""Says which description this is; weights name the one that they were trained on."""


@kernel(part=True)
def _describe_pitch(pitch, previous, leaky, chroma, rate, out):
    """Twelve numbers about the semitones that sound, from their shares (sum 1, or all zero).

    Largest share, sum of the three largest, entropy, mean place, deviation of the place, share that
    lies between neighbours (glides, speech), overlap with the previous pool, with its neighbours,
    with the running mean, with the running chroma, largest running chroma, whether any sounds.
    ``chroma``: the running mean, and room for the pool's own.
    """
    n = pitch.shape[0]
    first, second, third = 0.0, 0.0, 0.0
    entropy, mean, square, between, same, near, lately = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    total = 0.0
    folded = chroma[1]
    folded[:] = 0.0
    for i in range(n):
        p = pitch[i]
        total += p
        if p > first:
            first, second, third = p, first, second
        elif p > second:
            second, third = p, second
        elif p > third:
            third = p
        if p > 0.0:
            entropy -= p * np.log(p)
        mean += p * i
        square += p * i * i
        if i > 0:
            between += min(p, pitch[i - 1])
        same += min(p, previous[i])
        left = previous[i - 1] if i > 0 else 0.0
        right = previous[i + 1] if i < n - 1 else 0.0
        near += min(p, max(left, right))
        lately += min(p, leaky[i])
        folded[i % 12] += p
    in_key, strongest = 0.0, 0.0
    for c in range(12):
        in_key += min(folded[c], chroma[0, c])
        strongest = max(strongest, chroma[0, c])
    out[0] = first
    out[1] = first + second + third
    out[2] = entropy / 4.0
    out[3] = mean / n
    out[4] = np.sqrt(max(square - mean * mean, 0.0)) / n
    out[5] = between
    out[6] = same
    out[7] = near
    out[8] = lately
    out[9] = in_key
    out[10] = strongest
    out[11] = 1.0 if total > 0.0 else 0.0
    for i in range(n):
        previous[i] = pitch[i]
        leaky[i] += rate * (pitch[i] - leaky[i])
    for c in range(12):
        chroma[0, c] += rate * (folded[c] - chroma[0, c])


@kernel
def _describe(pool, held):
    """One pool into its description.

    ``at``: where bands, onset, zcr, centroid, flutter, pitch, power begin; then number of groups
    and of pitches. ``state``: pools seen, running power, previous dB, previous level of each group.
    """
    at, rates, state, previous, leaky, chroma, out = opened(held)
    groups, n_pitches = at[7], at[8]
    state[0] += 1.0
    share = 1.0 / state[0]
    power = max(pool[at[6]], 1e-12)
    db = 10.0 * np.log10(power)
    state[1] += max(share, rates[0]) * (power - state[1])
    middle = 0.0
    for g in range(groups):
        mean, square = 0.0, 0.0
        for b in range(at[0] + GROUP * g, at[0] + GROUP * (g + 1)):
            mean += pool[b]
            square += pool[b] * pool[b]
        mean /= GROUP
        out[g] = mean
        out[groups + g] = np.sqrt(max(square / GROUP - mean * mean, 0.0)) / 5.0
        out[2 * groups + g] = pool[at[4] + g] / 5.0
        out[3 * groups + g] = abs(mean - state[3 + g]) / 10.0 if state[0] > 1.0 else 0.0
        state[3 + g] = mean
        middle += mean
    middle /= groups
    for g in range(groups):
        out[g] = (out[g] - middle) / 10.0
    i = 4 * groups
    out[i] = (db - 10.0 * np.log10(max(state[1], 1e-12))) / 10.0
    out[i + 1] = (db - state[2]) / 10.0 if state[0] > 1.0 else 0.0
    state[2] = db
    out[i + 2] = pool[at[1]]
    out[i + 3] = pool[at[1] + 1] / 5.0
    out[i + 4] = pool[at[1] + 2] / 2.0
    out[i + 5] = pool[at[2]] * 10.0
    out[i + 6] = np.log2(max(pool[at[3]], 50.0) / 1000.0)
    pitch = pool[at[5] : at[5] + n_pitches]
    _describe_pitch(pitch, previous, leaky, chroma, max(share, rates[1]), out[i + 7 :])


class GateFeatures:
    """Pools to level-free descriptions, one after the other.

    Parameters
    ----------
    pool_width : int
        Values a pool (`models.frontend.Pooling.width`).

    Attributes
    ----------
    width : int
        Values a description.

    Raises
    ------
    ValueError
        Pools of another width than the front end's.
    """

    def __init__(self, pool_width: int) -> None:
        spans = pool_spans()
        if pool_width != max(span.stop for span in spans.values()):
            raise ValueError(f"a pool of {pool_width} values is none of this front end")
        groups = spans["flutter"].stop - spans["flutter"].start
        n_pitches = spans["pitch"].stop - spans["pitch"].start
        names = ("bands", "onset", "zcr", "centroid", "flutter", "pitch", "power")
        self._at = np.asarray([spans[n].start for n in names] + [groups, n_pitches], dtype=np.int64)
        self._rates = np.asarray([POOL_S / LEVEL_S, POOL_S / KEY_S])
        self._state = np.zeros(3 + groups)
        self._previous = np.zeros(n_pitches)
        self._leaky = np.zeros(n_pitches)
        self._chroma = np.zeros((2, 12))
        self.width = 4 * groups + 7 + PITCH_PARTS
        self._out = np.zeros(self.width, dtype=np.float32)
        memory = (self._state, self._previous, self._leaky, self._chroma)
        self._held = hold(self._at, self._rates, *memory, self._out)
        self.push(np.zeros(pool_width, dtype=np.float32))
        self.reset()

    def push(self, pool: np.ndarray) -> np.ndarray:
        """Take one pool, shape=(pool_width,), float32; return its description, a view."""
        _describe(pool, self._held)
        return self._out

    def reset(self) -> None:
        """Forget what was heard."""
        for array in (self._state, self._previous, self._leaky, self._chroma):
            array[:] = 0.0
