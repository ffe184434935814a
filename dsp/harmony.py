"""Chroma: how much of the tonal sound falls into each of the twelve pitch classes.

Conventions
-----------
Class 0 is C, 9 is A (440 Hz). Twelve values that sum to 1; all zero where nothing tonal stands out.

Method
------
Harmonic pitch class profile (E. Gómez, Tonal description of music audio signals, 2006): the peaks
of the spectrum between ``fmin`` and ``fmax`` are located between bins by a parabola through their
log power, and the root of a peak's power is shared between the two nearest pitch classes in
proportion to its distance. Peaks more than `RANGE_DB` under the strongest one are noise. Bins are
11.7 Hz wide at the default settings, so neighbouring semitones separate from about 300 Hz upwards;
below, the partials of a note do the work.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel

RANGE_DB = 50.0
"""How far under the strongest peak a peak still counts, dB."""


@kernel(reorder=True)
def _chroma(power, low, high, bin_hz, range_ratio, floor, out):
    for f in range(power.shape[0]):
        for c in range(12):
            out[f, c] = 0.0
        here_row = power[f, low:high]
        left_row = power[f, low - 1 : high - 1]
        right_row = power[f, low + 1 : high + 1]
        strongest = floor
        for i in range(here_row.shape[0]):
            strongest = max(strongest, here_row[i])
        threshold = strongest * range_ratio
        total = 0.0
        for i in range(here_row.shape[0]):
            here = here_row[i]
            left = left_row[i]
            right = right_row[i]
            if here < threshold or here < floor or here <= left or here < right:
                continue
            a = np.log(max(left, floor))
            b = np.log(here)
            c = np.log(max(right, floor))
            curvature = a - 2.0 * b + c
            shift = 0.5 * (a - c) / curvature if curvature < 0.0 else 0.0
            hz = (low + i + shift) * bin_hz
            pitch = 12.0 * np.log2(hz / 440.0) + 9.0
            nearest = np.floor(pitch)
            part = pitch - nearest
            weight = np.sqrt(here)
            pitch_class = int(nearest) % 12
            out[f, pitch_class] += weight * (1.0 - part)
            out[f, (pitch_class + 1) % 12] += weight * part
            total += weight
        if total > 0.0:
            for i in range(12):
                out[f, i] /= total


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
        self._low = max(int(np.ceil(fmin / bin_hz)), 1)
        self._high = int(np.floor(fmax / bin_hz)) + 1
        if not 0.0 < fmin < fmax or self._high >= n_fft // 2 + 1:
            raise ValueError(f"need 0 < fmin < fmax < {sample_rate / 2} Hz, not {fmin} and {fmax}")
        self._bin_hz = bin_hz
        self._ratio = np.float32(10.0 ** (-RANGE_DB / 10.0))
        # a sine at -90 dB re full scale peaks at (n_fft / 4)² · 10⁻⁹
        self._floor = np.float32((n_fft / 4) ** 2 * 1e-9)
        self._out = np.zeros((max_frames, 12), dtype=np.float32)

    def push(self, power: np.ndarray) -> np.ndarray:
        """Profile of each frame, shape=(n_frames, 12); a view, valid until the next push.

        Parameters
        ----------
        power : np.ndarray, shape=(n_frames, n_bins), float32
        """
        out = self._out[: len(power)]
        _chroma(power, self._low, self._high, self._bin_hz, self._ratio, self._floor, out)
        return out

    def reset(self) -> None:
        """Do nothing: a profile remembers nothing."""
