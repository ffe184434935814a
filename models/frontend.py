"""What the music model sees of the feature frames: slow, level-free statistics.

Conventions
-----------
Frames in, one *row* out every `POOL` frames (171 ms). A row says how the music sounds now, how it
has sounded on average lately and how much it varies, all relative to its own running level, so that
a turn of the volume knob changes nothing but silence. Training and run time share this code.

=========  =====  ================================================================================
part       width  meaning
=========  =====  ================================================================================
texture    78     means over the pool: log-mel and wavelet bands relative to the running level (72,
                  decades), energy likewise (1), onset strength: mean, maximum, deviation (3), zero
                  crossings (1), log2 of the centroid in kHz (1)
average    78     leaky mean of the texture
variation  78     leaky standard deviation of the texture
tonality   15     leaky chroma turned so that the best-fitting tonic comes first (12), correlation
                  with the best major and the best minor key, their difference (3)
=========  =====  ================================================================================

A leaky mean starts as the plain mean of all rows so far and forgets with its time constant from
then on, so that the first seconds are used at once. Silent pools (`SILENCE_DB`) change no
statistics.

Keys: correlation with the probe-tone profiles of C. Krumhansl, Cognitive Foundations of Musical
Pitch (1990), table 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsp.jit import kernel

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

POOL = 16
"""Frames a row."""
SILENCE_DB = -60.0
"""Mean energy of a pool under which it is silence, dB re full scale."""
LEVEL_S = 4.0
"""Time constant of the running level, seconds."""
STATISTICS_S = 10.0
"""Time constant of average and variation, seconds."""
TONALITY_S = 8.0
"""Time constant of the chroma, seconds."""

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def build_keys() -> np.ndarray:
    """Build the 24 key profiles (12 major, 12 minor), zero mean, unit length, shape=(24, 12)."""
    rows = [np.roll(p, tonic) for p in (_MAJOR, _MINOR) for tonic in range(12)]
    keys = np.asarray(rows, dtype=np.float64)
    keys -= keys.mean(axis=1, keepdims=True)
    return keys / np.linalg.norm(keys, axis=1, keepdims=True)


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
def _texture(sums, maximum, n_bands, level_db, out):
    """Means of a pool in model units; ``sums``: bands, energy, onset, onset², zcr, centroid."""
    pool = float(POOL)
    for b in range(n_bands + 1):
        out[b] = min(max((sums[b] / pool - level_db) / 10.0, -8.0), 8.0)
    onset = sums[n_bands + 1] / pool
    out[n_bands + 1] = onset
    out[n_bands + 2] = maximum / 2.0
    out[n_bands + 3] = np.sqrt(max(sums[n_bands + 2] / pool - onset * onset, 0.0))
    out[n_bands + 4] = sums[n_bands + 3] / pool * 10.0
    out[n_bands + 5] = np.log2(max(sums[n_bands + 4] / pool, 50.0) / 1000.0)


@kernel
def _rows(values, columns, keys, rates, sums, counters, leaky, rows, silent):
    """Pool frames; write a row whenever a pool is full. Returns the number of rows.

    ``columns``: where log_mel, wavelet, energy, zcr, centroid, onset, chroma start, n_mels,
    n_wavelet. ``counters``: frames in the pool, rows so far that were not silent. ``leaky``: mean,
    mean square, chroma and, in the last row, level power and the pool's largest onset.
    """
    n_mels, n_wavelet = columns[7], columns[8]
    n_bands = n_mels + n_wavelet
    width = n_bands + 6
    made = 0
    for f in range(values.shape[0]):
        frame = values[f]
        for b in range(n_mels):
            sums[b] += frame[columns[0] + b]
        for b in range(n_wavelet):
            sums[n_mels + b] += frame[columns[1] + b]
        onset = frame[columns[5]]
        sums[n_bands] += frame[columns[2]]
        sums[n_bands + 1] += onset
        sums[n_bands + 2] += onset * onset
        sums[n_bands + 3] += frame[columns[3]]
        sums[n_bands + 4] += frame[columns[4]]
        for c in range(12):
            sums[n_bands + 5 + c] += frame[columns[6] + c]
        sums[n_bands + 17] += 10.0 ** (frame[columns[2]] / 10.0)
        leaky[3, 1] = max(leaky[3, 1], onset)
        counters[0] += 1
        if counters[0] < POOL:
            continue
        power = sums[n_bands + 17] / POOL
        silent[made] = 10.0 * np.log10(max(power, 1e-12)) < SILENCE_DB
        row = rows[made]
        if not silent[made]:
            counters[1] += 1
            share = 1.0 / counters[1]
            leaky[3, 0] += max(share, rates[0]) * (power - leaky[3, 0])
            level_db = 10.0 * np.log10(max(leaky[3, 0], 1e-12))
            _texture(sums, leaky[3, 1], n_bands, level_db, row)
            rate = max(share, rates[1])
            for i in range(width):
                leaky[0, i] += rate * (row[i] - leaky[0, i])
                leaky[1, i] += rate * (row[i] * row[i] - leaky[1, i])
                row[width + i] = leaky[0, i]
                row[2 * width + i] = np.sqrt(max(leaky[1, i] - leaky[0, i] * leaky[0, i], 0.0))
            rate = max(share, rates[2])
            for c in range(12):
                leaky[2, c] += rate * (sums[n_bands + 5 + c] / POOL - leaky[2, c])
            _tonality(leaky[2, :12], keys, row[3 * width :])
        else:
            row[:] = 0.0
        sums[:] = 0.0
        leaky[3, 1] = 0.0
        counters[0] = 0
        made += 1
    return made


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that one push completed.

    Attributes
    ----------
    values : np.ndarray, shape=(n_rows, width), float32
        A view, valid until the next push; silent rows are zero.
    silent : np.ndarray, shape=(n_rows,), bool
        Which pools were silence.
    stops : tuple of int
        Sample index at which each row was complete.
    """

    values: np.ndarray
    silent: np.ndarray
    stops: tuple[int, ...]


class FrontEnd:
    """Feature frames to rows.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    max_frames : int
        Most frames that one `push` will be given.

    Attributes
    ----------
    width : int
        Values a row.
    delay : int
        Samples that one pool spans.
    """

    def __init__(self, layout: FeatureLayout, max_frames: int = 72) -> None:
        names = ("log_mel", "wavelet", "energy", "zcr", "centroid", "onset", "chroma")
        spans = [layout.span(name) for name in names]
        n_mels, n_wavelet = (span.stop - span.start for span in spans[:2])
        self._columns = np.asarray([s.start for s in spans] + [n_mels, n_wavelet], dtype=np.int64)
        self._texture_width = n_mels + n_wavelet + 6
        self.width = 3 * self._texture_width + 15
        self.delay = POOL * layout.hop_length
        self._keys = build_keys()
        row_s = self.delay / layout.sample_rate
        self._rates = np.asarray([row_s / s for s in (LEVEL_S, STATISTICS_S, TONALITY_S)])
        self._sums = np.zeros(n_mels + n_wavelet + 18)
        self._counters = np.zeros(2, dtype=np.int64)
        self._leaky = np.zeros((4, self._texture_width))
        most = max_frames // POOL + 1
        self._max_frames = max_frames
        self._rows = np.zeros((most, self.width), dtype=np.float32)
        self._silent = np.zeros(most, dtype=np.bool_)
        self._run(np.zeros((POOL, layout.width), dtype=np.float32))
        self.reset()

    def _run(self, values: np.ndarray) -> int:
        return _rows(
            values,
            self._columns,
            self._keys,
            self._rates,
            self._sums,
            self._counters,
            self._leaky,
            self._rows,
            self._silent,
        )

    def push(self, frames: FeatureFrames) -> Rows:
        """Take frames; return the rows that they complete.

        Raises
        ------
        ValueError
            More frames than ``max_frames``.
        """
        if len(frames) > self._max_frames:
            raise ValueError(f"{len(frames)} frames are more than max_frames {self._max_frames}")
        pending = int(self._counters[0])
        made = self._run(frames.values)
        hop = frames.layout.hop_length
        first = frames.first - pending + POOL
        stops = tuple((first + i * POOL) * hop for i in range(made))
        return Rows(self._rows[:made], self._silent[:made], stops)

    def forget(self) -> None:
        """Start new statistics; the stream and its pools go on."""
        self._counters[1] = 0
        self._leaky[:] = 0.0

    def reset(self) -> None:
        """Start a new stream."""
        self._sums[:] = 0.0
        self._counters[0] = 0
        self.forget()
