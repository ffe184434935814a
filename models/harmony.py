"""Harmony of the music so far: key, mode, chords, register, dissonance.

Conventions
-----------
In: one semitone profile a pool (`dsp.pitch`, sum 1). Out: values of about unit size, computed from
leaky means of profiles, so they do not depend on the level.

=============  =====  ===========================================================================
part           width  meaning
=============  =====  ===========================================================================
chroma         12     mean over `KEY_S`, turned so that the best-fitting tonic comes first
bass           12     the same below middle C, turned by the same tonic
key            3      correlation with the best major and minor key, their difference
chord          6      fit of the best major and minor triad and their difference, now and mean over
                      `CHORD_S`
change         2      distance of the chroma from that of a second ago, now and mean over `CHORD_S`
register       8      mean share of each range of eight semitones, low to high, over `CHORD_S`
spread         2      entropy of the pitches now, and of the chroma over `KEY_S`
intervals      6      mean product of classes 1..6 semitones apart, over `CHORD_S`
=============  =====  ===========================================================================

Keys: correlation with the probe-tone profiles of C. Krumhansl, Cognitive Foundations of Musical
Pitch (1990), table 2.1. Triads: mean chroma of root, third and fifth.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel
from dsp.pitch import LOWEST, PITCHES

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_MIDDLE_C = 60
_RANGE = 8  # semitones


def build_keys() -> np.ndarray:
    """Build the 24 key profiles (12 major, 12 minor), zero mean, unit length, shape=(24, 12)."""
    rows = [np.roll(p, tonic) for p in (_MAJOR, _MINOR) for tonic in range(12)]
    keys = np.asarray(rows, dtype=np.float64)
    keys -= keys.mean(axis=1, keepdims=True)
    return keys / np.linalg.norm(keys, axis=1, keepdims=True)


@kernel(part=True)
def _key(chroma, keys, out):
    """Correlations with the best major and minor key into ``out[:3]``; returns the better tonic."""
    mean, norm = 0.0, 0.0
    for c in range(12):
        mean += chroma[c] / 12.0
    for c in range(12):
        norm += (chroma[c] - mean) ** 2
    norm = np.sqrt(norm)
    best_major, best_minor, tonic, best = -1.0, -1.0, 0, -2.0
    for k in range(24):
        fit = 0.0
        if norm > 1e-9:
            for c in range(12):
                fit += keys[k, c] * (chroma[c] - mean)
            fit /= norm
        if k < 12:
            best_major = max(best_major, fit)
        else:
            best_minor = max(best_minor, fit)
        if fit > best:
            best = fit
            tonic = k % 12
    out[0] = best_major
    out[1] = best_minor
    out[2] = (best_major - best_minor) * 3.0
    return tonic


@kernel
def _entropy(values):
    """Entropy of non-negative values, nats."""
    total, entropy = 0.0, 0.0
    for i in range(values.shape[0]):
        total += values[i]
    for i in range(values.shape[0]):
        share = values[i] / max(total, 1e-9)
        if share > 1e-9:
            entropy -= share * np.log(share)
    return entropy


@kernel
def push_harmony(pitch, state, out):
    """One profile into the running means, these into ``out``, with the state of a `Harmony`.

    ``rates``: of key, chord, the second ago. ``leaky``: chord (3), change, register (8),
    intervals (6). ``now`` and ``low``: the profile's own chroma, and that below middle C.
    """
    keys, rates, seen, chroma, bass, past, leaky, now, low = state
    seen[0] += 1
    share = 1.0 / seen[0]
    slow, middle, fast = max(share, rates[0]), max(share, rates[1]), max(share, rates[2])
    now[:] = 0.0
    low[:] = 0.0
    for i in range(pitch.shape[0]):
        c = (LOWEST + i) % 12
        now[c] += pitch[i]
        if LOWEST + i < _MIDDLE_C:
            low[c] += pitch[i]
    change = 0.0
    for c in range(12):
        change += abs(now[c] - past[c])
        past[c] += fast * (now[c] - past[c])
        chroma[c] += slow * (now[c] - chroma[c])
        bass[c] += slow * (low[c] - bass[c])
    tonic = _key(chroma, keys, out[24:])
    for c in range(12):
        out[c] = chroma[(c + tonic) % 12] * 4.0
        out[12 + c] = bass[(c + tonic) % 12] * 8.0
    major, minor = 0.0, 0.0
    for root in range(12):
        frame = now[root] + now[(root + 7) % 12]
        major = max(major, frame + now[(root + 4) % 12])
        minor = max(minor, frame + now[(root + 3) % 12])
    out[27] = major
    out[28] = minor
    out[29] = (major - minor) * 2.0
    for i in range(3):
        leaky[i] += middle * (out[27 + i] - leaky[i])
        out[30 + i] = leaky[i]
    leaky[3] += middle * (change - leaky[3])
    out[33] = change
    out[34] = leaky[3]
    for r in range(pitch.shape[0] // _RANGE):
        total = 0.0
        for i in range(_RANGE * r, _RANGE * r + _RANGE):
            total += pitch[i]
        leaky[4 + r] += middle * (total - leaky[4 + r])
        out[35 + r] = leaky[4 + r] * 4.0
    out[43] = _entropy(pitch) / 2.0
    out[44] = _entropy(chroma)
    for d in range(1, 7):
        product = 0.0
        for c in range(12):
            product += now[c] * now[(c + d) % 12]
        leaky[11 + d] += middle * (product - leaky[11 + d])
        out[44 + d] = leaky[11 + d] * 8.0


class Harmony:
    """Semitone profiles to harmony values.

    Parameters
    ----------
    step_s : float
        Seconds between two profiles.

    Attributes
    ----------
    width : int
        Values that `push` returns.
    state : tuple of np.ndarray
        What `push_harmony` takes.
    """

    KEY_S = 8.0
    """Time constant of key and mode, seconds."""
    CHORD_S = 4.0
    """Time constant of the means of what chords do, seconds."""
    AGO_S = 0.8
    """Time constant of the chroma that a new one is compared with, seconds."""
    SETTINGS = f"{KEY_S} {CHORD_S} {AGO_S}"
    width = 51
    delay = 0

    def __init__(self, step_s: float) -> None:
        rates = np.asarray([step_s / s for s in (self.KEY_S, self.CHORD_S, self.AGO_S)])
        seen = np.zeros(1, dtype=np.int64)
        memory = (np.zeros(12), np.zeros(12), np.zeros(12), np.zeros(18))
        self.state = (build_keys(), rates, seen, *memory, np.zeros(12), np.zeros(12))
        self._out = np.zeros(self.width, dtype=np.float32)
        self.push(np.zeros(PITCHES, dtype=np.float32))
        self.reset()

    def push(self, pitch: np.ndarray) -> np.ndarray:
        """Take one profile, shape=(n_pitches,); return the values, shape=(width,), a view."""
        push_harmony(pitch, self.state, self._out)
        return self._out

    def reset(self) -> None:
        """Forget what was heard."""
        for part in self.state[2:]:
            part[:] = 0
