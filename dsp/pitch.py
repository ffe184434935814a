"""Pitch salience: which semitones sound, from a long window that tells low neighbours apart.

Conventions
-----------
One profile every ``hop_length`` samples, from the last ``n_fft`` samples. Column ``i`` is MIDI
pitch ``lowest + i`` (69 = A4 = 440 Hz); the values of a profile sum to 1, all zero where nothing
tonal stands out. At 24 kHz a window of 8192 samples (341 ms) has bins of 2.9 Hz: neighbouring
semitones separate from about 100 Hz upwards, where the 85 ms frames of the other features need 400.

Method
------
As in `dsp.harmony`: peaks of the spectrum are located between bins by a parabola through their log
power, and the root of a peak's power is shared between the two nearest semitones in proportion to
its distance. Partials count as pitches of their own; what reads the profile knows that.
"""

from __future__ import annotations

import numpy as np

from dsp.fft import PowerSpectrum
from dsp.framing import Framing
from dsp.jit import kernel

LOWEST = 33
"""MIDI pitch of the first column: A1, 55 Hz."""
PITCHES = 64
"""Columns: up to MIDI pitch 96, C7, 2093 Hz."""
RANGE_DB = 45.0
"""How far under the strongest peak a peak still counts, dB."""


@kernel(reorder=True)
def _salience(power, low, high, bin_hz, lowest, range_ratio, floor, out):
    n_pitches = out.shape[1]
    for f in range(power.shape[0]):
        out[f, :] = 0.0
        here_row = power[f, low:high]
        left_row = power[f, low - 1 : high - 1]
        right_row = power[f, low + 1 : high + 1]
        strongest = floor
        for i in range(here_row.shape[0]):
            strongest = max(strongest, here_row[i])
        threshold = max(strongest * range_ratio, floor)
        total = 0.0
        for i in range(here_row.shape[0]):
            here = here_row[i]
            if here < threshold or here <= left_row[i] or here < right_row[i]:
                continue
            a = np.log(max(left_row[i], floor))
            b = np.log(here)
            c = np.log(max(right_row[i], floor))
            curvature = a - 2.0 * b + c
            shift = 0.5 * (a - c) / curvature if curvature < 0.0 else 0.0
            pitch = 12.0 * np.log2((low + i + shift) * bin_hz / 440.0) + 69.0 - lowest
            nearest = int(np.floor(pitch))
            part = pitch - nearest
            weight = np.sqrt(here)
            if 0 <= nearest < n_pitches:
                out[f, nearest] += weight * (1.0 - part)
                total += weight * (1.0 - part)
            if 0 <= nearest + 1 < n_pitches:
                out[f, nearest + 1] += weight * part
                total += weight * part
        if total > 0.0:
            for i in range(n_pitches):
                out[f, i] /= total


class PitchSalience:
    """Semitone profiles of a stream.

    Parameters
    ----------
    sample_rate : int
        Hz.
    n_fft, hop_length : int
        Window and distance of profiles, samples.
    lowest, n_pitches : int
        MIDI pitch of the first column, and how many columns.
    max_block : int
        Longest block that `push` will be given, samples.

    Attributes
    ----------
    delay : int
        Samples that a profile looks back over.

    Raises
    ------
    ValueError
        Pitches beyond the spectrum, or settings that `dsp.framing` or `dsp.fft` refuse.
    """

    def __init__(
        self,
        sample_rate: int,
        n_fft: int = 8192,
        hop_length: int = 4096,
        lowest: int = LOWEST,
        n_pitches: int = PITCHES,
        max_block: int = 32768,
    ) -> None:
        bin_hz = sample_rate / n_fft
        fmin, fmax = (440.0 * 2.0 ** ((p - 69.0) / 12.0) for p in (lowest - 1, lowest + n_pitches))
        self._low = max(int(np.floor(fmin / bin_hz)), 1)
        self._high = int(np.ceil(fmax / bin_hz)) + 1
        if n_pitches < 1 or self._high >= n_fft // 2 + 1:
            raise ValueError(f"{n_pitches} pitches from {lowest} do not fit under {sample_rate} Hz")
        self._bin_hz = bin_hz
        self._lowest = lowest
        self._ratio = np.float32(10.0 ** (-RANGE_DB / 10.0))
        # a sine at -90 dB re full scale peaks at (n_fft / 4)² · 10⁻⁹
        self._floor = np.float32((n_fft / 4) ** 2 * 1e-9)
        self._framing = Framing(n_fft, hop_length, max_block)
        most = self._framing.max_frames
        self._spectrum = PowerSpectrum(n_fft, hop_length, max_frames=most)
        self._out = np.zeros((most, n_pitches), dtype=np.float32)
        self.delay = n_fft
        self.push(np.zeros(hop_length, dtype=np.float32))
        self.reset()

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take a block; return the profiles that it completes, a view, valid until the next push.

        Parameters
        ----------
        samples : np.ndarray, shape=(n,), float32

        Returns
        -------
        np.ndarray, shape=(n_profiles, n_pitches), float32
        """
        power = self._spectrum.push(self._framing.push(samples))
        out = self._out[: len(power)]
        limits = (self._low, self._high, self._bin_hz, self._lowest)
        _salience(power, *limits, self._ratio, self._floor, out)
        return out

    def reset(self) -> None:
        """Start a new stream."""
        self._framing.reset()
