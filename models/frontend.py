"""What the music model sees of the feature frames: slow, level-free statistics.

Conventions
-----------
Two steps. `Pooling` sums up `POOL` frames (171 ms) in one *pool*; `Statistics` turns each pool into
a *row*: how the music sounds now, how it has sounded lately and for longer, how much it varies and
in which key it is, all relative to its own running level, so that a turn of the volume knob changes
nothing but silence. Training and run time share this code, and pools may be spliced: rows depend on
the pools since the last `Statistics.reset` only.

Pool, `n_bands` = mel bands + wavelet bands:

===============  =======  =======================================================================
part             width    meaning
===============  =======  =======================================================================
bands            n_bands  means of log-mel, then wavelet, dB
energy           1        mean, dB re full scale
onset            3        mean, maximum and deviation of the onset strength, dB
zcr, centroid    2        means, crossings a sample and Hz
chroma           12       mean
power            1        mean of the energy as power, 1 = full scale
===============  =======  =======================================================================

Row, `n_texture` = n_bands + 6:

=========  =========  ===========================================================================
part       width      meaning
=========  =========  ===========================================================================
now        n_texture  the pool's bands and energy relative to the running level in decades, onset,
                      crossings, log2 of the centroid in kHz
lately     n_texture  leaky mean, `FAST_S`
average    n_texture  leaky mean, `SLOW_S`
variation  n_texture  leaky standard deviation, `SLOW_S`
tonality   15         leaky chroma, turned so that the best-fitting tonic comes first (12),
                      correlation with the best major and minor key, their difference (3)
=========  =========  ===========================================================================

A leaky mean starts as the plain mean of all pools so far and forgets with its time constant from
then on, so that the first seconds count at once.

Keys: correlation with the probe-tone profiles of C. Krumhansl, Cognitive Foundations of Musical
Pitch (1990), table 2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.jit import kernel

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

POOL = 16
"""Frames a pool."""
SILENCE_DB = -60.0
"""Mean power of a pool under which it is silence, dB re full scale."""
LEVEL_S = 4.0
"""Time constant of the running level, seconds."""
FAST_S = 2.0
"""Time constant of what is heard lately, seconds."""
SLOW_S = 10.0
"""Time constant of average and variation, seconds."""
TONALITY_S = 8.0
"""Time constant of the chroma, seconds."""
FRONT_END = f"2: {POOL} {SILENCE_DB} {LEVEL_S} {FAST_S} {SLOW_S} {TONALITY_S}"
"""Says which rows these are; weights name the one that they were trained on."""

_EXTRA = 19  # values of a pool behind its bands
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def build_keys() -> np.ndarray:
    """Build the 24 key profiles (12 major, 12 minor), zero mean, unit length, shape=(24, 12)."""
    rows = [np.roll(p, tonic) for p in (_MAJOR, _MINOR) for tonic in range(12)]
    keys = np.asarray(rows, dtype=np.float64)
    keys -= keys.mean(axis=1, keepdims=True)
    return keys / np.linalg.norm(keys, axis=1, keepdims=True)


@kernel
def _pool(values, columns, sums, counter, pools):
    """Add frames to the open pool; write each pool that is full. Returns how many.

    ``columns``: where log_mel, wavelet, energy, zcr, centroid, onset, chroma begin, then the
    numbers of mel and wavelet bands. ``sums`` has the layout of a pool, onset squares in the place
    of the deviation.
    """
    n_mels, n_wavelet = columns[7], columns[8]
    n = n_mels + n_wavelet
    made = 0
    for f in range(values.shape[0]):
        frame = values[f]
        for b in range(n_mels):
            sums[b] += frame[columns[0] + b]
        for b in range(n_wavelet):
            sums[n_mels + b] += frame[columns[1] + b]
        energy = frame[columns[2]]
        onset = frame[columns[5]]
        sums[n] += energy
        sums[n + 1] += onset
        sums[n + 2] = max(sums[n + 2], onset)
        sums[n + 3] += onset * onset
        sums[n + 4] += frame[columns[3]]
        sums[n + 5] += frame[columns[4]]
        for c in range(12):
            sums[n + 6 + c] += frame[columns[6] + c]
        sums[n + 18] += 10.0 ** (energy / 10.0)
        counter[0] += 1
        if counter[0] == POOL:
            pool = pools[made]
            for i in range(n + 19):
                pool[i] = sums[i] / POOL
            pool[n + 2] = sums[n + 2]
            pool[n + 3] = np.sqrt(max(pool[n + 3] - pool[n + 1] * pool[n + 1], 0.0))
            sums[:] = 0.0
            counter[0] = 0
            made += 1
    return made


@kernel
def _tonality(chroma, keys, out):
    """Best-fitting keys of a chroma, and the chroma turned to the tonic of the better one."""
    mean = chroma.mean()
    norm = 0.0
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
    for c in range(12):
        out[c] = chroma[(c + tonic) % 12] * 4.0
    out[12] = best_major
    out[13] = best_minor
    out[14] = (best_major - best_minor) * 3.0


@kernel
def _row(pool, keys, rates, seen, leaky, row):
    """One pool into the statistics, the statistics into a row.

    ``leaky`` rows: lately, average, mean square, and [chroma (12), level power].
    ``rates``: of level, lately, slow statistics, tonality.
    """
    n = pool.shape[0] - _EXTRA
    width = n + 6
    seen[0] += 1
    share = 1.0 / seen[0]
    leaky[3, 12] += max(share, rates[0]) * (pool[n + 18] - leaky[3, 12])
    level_db = 10.0 * np.log10(max(leaky[3, 12], 1e-12))
    for b in range(n + 1):
        row[b] = min(max((pool[b] - level_db) / 10.0, -8.0), 8.0)
    row[n + 1] = pool[n + 1]
    row[n + 2] = pool[n + 2] / 2.0
    row[n + 3] = pool[n + 3]
    row[n + 4] = pool[n + 4] * 10.0
    row[n + 5] = np.log2(max(pool[n + 5], 50.0) / 1000.0)
    fast, slow = max(share, rates[1]), max(share, rates[2])
    for i in range(width):
        now = row[i]
        leaky[0, i] += fast * (now - leaky[0, i])
        leaky[1, i] += slow * (now - leaky[1, i])
        leaky[2, i] += slow * (now * now - leaky[2, i])
        row[width + i] = leaky[0, i]
        row[2 * width + i] = leaky[1, i]
        row[3 * width + i] = np.sqrt(max(leaky[2, i] - leaky[1, i] * leaky[1, i], 0.0))
    rate = max(share, rates[3])
    for c in range(12):
        leaky[3, c] += rate * (pool[n + 6 + c] - leaky[3, c])
    _tonality(leaky[3, :12], keys, row[4 * width :])


class Pooling:
    """Feature frames to pools.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    max_frames : int
        Most frames that one `push` will be given.

    Attributes
    ----------
    width : int
        Values a pool.
    delay : int
        Samples that one pool spans.
    """

    def __init__(self, layout: FeatureLayout, max_frames: int = 72) -> None:
        names = ("log_mel", "wavelet", "energy", "zcr", "centroid", "onset", "chroma")
        spans = [layout.span(name) for name in names]
        n_mels, n_wavelet = (span.stop - span.start for span in spans[:2])
        self._columns = np.asarray([s.start for s in spans] + [n_mels, n_wavelet], dtype=np.int64)
        self.width = n_mels + n_wavelet + _EXTRA
        self.delay = POOL * layout.hop_length
        self._max_frames = max_frames
        self._sums = np.zeros(self.width)
        self._counter = np.zeros(1, dtype=np.int64)
        self._pools = np.zeros((max_frames // POOL + 1, self.width), dtype=np.float32)
        warm = np.zeros((POOL, layout.width), dtype=np.float32)
        _pool(warm, self._columns, self._sums, self._counter, self._pools)
        self.reset()

    def push(self, frames: FeatureFrames) -> tuple[np.ndarray, tuple[int, ...]]:
        """Take frames; return the pools that they complete.

        Returns
        -------
        pools : np.ndarray, shape=(n_pools, width), float32
            A view, valid until the next push.
        stops : tuple of int
            Sample index at which each pool was complete.

        Raises
        ------
        ValueError
            More frames than ``max_frames``.
        """
        if len(frames) > self._max_frames:
            raise ValueError(f"{len(frames)} frames are more than max_frames {self._max_frames}")
        first = frames.first - int(self._counter[0]) + POOL
        made = _pool(frames.values, self._columns, self._sums, self._counter, self._pools)
        hop = frames.layout.hop_length
        return self._pools[:made], tuple((first + i * POOL) * hop for i in range(made))

    def reset(self) -> None:
        """Start a new stream."""
        self._sums[:] = 0.0
        self._counter[:] = 0


class Statistics:
    """Pools to rows.

    Parameters
    ----------
    pool_width : int
        Values a pool (`Pooling.width`).
    pool_s : float
        Seconds that a pool spans.

    Attributes
    ----------
    width : int
        Values a row.
    """

    delay = 0

    def __init__(self, pool_width: int, pool_s: float) -> None:
        texture = pool_width - _EXTRA + 6
        self.width = 4 * texture + 15
        self._keys = build_keys()
        self._rates = np.asarray([pool_s / s for s in (LEVEL_S, FAST_S, SLOW_S, TONALITY_S)])
        self._seen = np.zeros(1, dtype=np.int64)
        self._leaky = np.zeros((4, texture))
        self._row = np.zeros(self.width, dtype=np.float32)
        self.push(np.zeros(pool_width, dtype=np.float32))
        self.reset()

    def push(self, pool: np.ndarray) -> np.ndarray:
        """Take one pool, shape=(pool_width,), float32; return its row, shape=(width,), a view."""
        _row(pool, self._keys, self._rates, self._seen, self._leaky, self._row)
        return self._row

    def reset(self) -> None:
        """Forget what was heard."""
        self._seen[:] = 0
        self._leaky[:] = 0.0


def is_silent(pool: np.ndarray) -> bool:
    """Whether a pool is silence: its mean power is under `SILENCE_DB`."""
    return bool(pool[-1] < 10.0 ** (SILENCE_DB / 10.0))
