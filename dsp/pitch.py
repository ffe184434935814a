"""Pitch salience: which semitones sound, from a long window that tells low neighbours apart.

Conventions
-----------
One profile every ``hop_length`` samples, from the last ``n_fft`` samples. Column ``i`` is MIDI
pitch ``lowest + i`` (69 = A4 = 440 Hz); the values of a profile sum to 1, all zero where nothing
tonal stands out. At 24 kHz a window of 8192 samples (341 ms) has bins of 2.9 Hz: neighbouring
semitones separate from about 100 Hz upwards, where the 85 ms frames of the other features need 400.

Method
------
As in `dsp.harmony`: the magnitude of each peak of the spectrum (`dsp.peaks`) is shared between the
two nearest semitones in proportion to its distance. Partials count as pitches of their own; what
reads the profile knows that.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.decibels import log2
from dsp.fft import PowerSpectrum, push_spectrum
from dsp.framing import Framing, push_framing
from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.peaks import build_peaks, find_peaks

LOWEST = 33
"""MIDI pitch of the first column: A1, 55 Hz."""
PITCHES = 64
"""Columns: up to MIDI pitch 96, C7, 2093 Hz."""
RANGE_DB = 45.0
"""How far under the strongest peak a peak still counts, dB."""


@kernel(reorder=True)
def _salience(power, peaks, pitch_of_bin, out):
    """Profile of one spectrum; ``pitch_of_bin`` is the column at which bin 1 would stand."""
    count = find_peaks(power, peaks)
    places, magnitudes = peaks[3], peaks[4]
    n_pitches = out.shape[0]
    out[:] = 0.0
    total = np.float32(0.0)
    for i in range(count):
        pitch = np.float32(12.0) * log2(places[i]) + np.float32(pitch_of_bin)
        nearest = int(np.floor(pitch))
        part = pitch - np.float32(nearest)
        if 0 <= nearest < n_pitches:
            out[nearest] += magnitudes[i] * (np.float32(1.0) - part)
            total += magnitudes[i] * (np.float32(1.0) - part)
        if 0 <= nearest + 1 < n_pitches:
            out[nearest + 1] += magnitudes[i] * part
            total += magnitudes[i] * part
    if total > 0.0:
        for i in range(n_pitches):
            out[i] /= total


@kernel
def _push(n, held):
    """Take the ``n`` samples that came in. Returns how many rows of ``out`` they fill."""
    framing, spectrum, power, peaks, pitch_of_bin, out = opened(held)
    made = push_framing(n, framing)
    _, buffer, _, n_fft, hop_length = framing
    for f in range(made):
        push_spectrum(buffer[f * hop_length : f * hop_length + n_fft], spectrum, power)
        _salience(power, peaks, pitch_of_bin, out[f])
    return made


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
        low = max(int(np.floor(fmin / bin_hz)), 1)
        high = int(np.ceil(fmax / bin_hz)) + 1
        if n_pitches < 1 or high >= n_fft // 2 + 1:
            raise ValueError(f"{n_pitches} pitches from {lowest} do not fit under {sample_rate} Hz")
        self._framing = Framing(n_fft, hop_length, max_block)
        spectrum = PowerSpectrum(n_fft, hop_length)
        self._out = np.zeros((self._framing.max_frames, n_pitches), dtype=np.float32)
        self._held = hold(
            self._framing.state,
            spectrum.state,
            np.zeros(spectrum.n_bins, dtype=np.float32),
            build_peaks(low, high, n_fft, RANGE_DB),
            12.0 * math.log2(bin_hz / 440.0) + 69.0 - lowest,
            self._out,
        )
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
        return self._out[: _push(self._framing.take(samples), self._held)]

    def reset(self) -> None:
        """Start a new stream."""
        self._framing.reset()
