"""Chroma: how much of the tonal sound falls into each of the twelve pitch classes.

Conventions
-----------
Class 0 is C, 9 is A (440 Hz). Twelve values that sum to 1; all zero where nothing tonal stands out.

Method
------
Harmonic pitch class profile (E. Gómez, Tonal description of music audio signals, 2006): the
magnitude of each peak of the spectrum between ``fmin`` and ``fmax`` (`dsp.peaks`) is shared between
the two nearest pitch classes in proportion to its distance. Peaks more than `RANGE_DB` under the
strongest one are noise. Bins are 11.7 Hz wide at the default settings, so neighbouring semitones
separate from about 300 Hz upwards; below, the partials of a note do the work.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.decibels import log2
from dsp.jit import kernel
from dsp.peaks import build_peaks, find_peaks

RANGE_DB = 50.0
"""How far under the strongest peak a peak still counts, dB."""


@kernel(reorder=True)
def push_chroma(power, state, out):
    """Profile of one spectrum, shape=(12,), with the state of a `Chroma`.

    ``pitch_of_bin`` is the pitch at which bin 1 stands, semitones from a C.
    """
    peaks, pitch_of_bin = state
    count = find_peaks(power, peaks)
    magnitudes = peaks[4]
    pitches = peaks[3][:count]
    for i in range(count):
        pitches[i] = np.float32(12.0) * log2(pitches[i]) + np.float32(pitch_of_bin)
    out[:] = 0.0
    total = np.float32(0.0)
    for i in range(count):
        nearest = np.floor(pitches[i])
        part = pitches[i] - nearest
        pitch_class = int(nearest) % 12
        out[pitch_class] += magnitudes[i] * (np.float32(1.0) - part)
        out[(pitch_class + 1) % 12] += magnitudes[i] * part
        total += magnitudes[i]
    if total > 0.0:
        for i in range(12):
            out[i] /= total


@kernel
def _profiles(power, state, out):
    for f in range(out.shape[0]):
        push_chroma(power[f], state, out[f])


class Chroma:
    """Pitch-class profile of each frame.

    Parameters
    ----------
    sample_rate, n_fft : int
        Hz and samples.
    fmin, fmax : float
        Where peaks are looked for, Hz.
    max_frames : int
        Most frames that `push` will be given.

    Raises
    ------
    ValueError
        Limits out of order, or beyond the spectrum.
    """

    delay = 0

    def __init__(
        self,
        sample_rate: int,
        n_fft: int,
        fmin: float = 100.0,
        fmax: float = 4000.0,
        max_frames: int = 72,
    ) -> None:
        bin_hz = sample_rate / n_fft
        low = max(int(np.ceil(fmin / bin_hz)), 1)
        high = int(np.floor(fmax / bin_hz)) + 1
        if not 0.0 < fmin < fmax or high >= n_fft // 2 + 1:
            raise ValueError(f"need 0 < fmin < fmax < {sample_rate / 2} Hz, not {fmin} and {fmax}")
        self.state = (
            build_peaks(low, high, n_fft, RANGE_DB),
            12.0 * math.log2(bin_hz / 440.0) + 9.0,
        )
        self._out = np.zeros((max_frames, 12), dtype=np.float32)

    def push(self, power: np.ndarray) -> np.ndarray:
        """Profile of each frame, shape=(n_frames, 12); a view, valid until the next push.

        Parameters
        ----------
        power : np.ndarray, shape=(n_frames, n_bins), float32
        """
        out = self._out[: len(power)]
        _profiles(power, self.state, out)
        return out

    def reset(self) -> None:
        """Do nothing: a profile remembers nothing."""
