"""The features of a frame as a good engineer would write them with numpy, scipy and PyWavelets.

Conventions
-----------
The same definitions as `dsp.features`: 24 kHz, frames of 2048, hops of 256, float32. One hop a
call; tables are built once, buffers are shifted in place, nothing is computed twice. Vectorised,
not compiled: that is what is compared.
"""

from __future__ import annotations

import librosa
import numpy as np
import pywt
import scipy.fft
import scipy.signal

from oscbridge.measuring.material import DEVICE_BLOCK, HOP, RATE_HZ, SETTINGS

N_FFT = SETTINGS.n_fft
FLOOR = np.float32(1e-10)
GATE_DB = np.float32(-60.0)
FMIN_HZ, FMAX_HZ = 100.0, 4000.0
RANGE_DB = 50.0
PAST = 7 << SETTINGS.levels
"""Samples that the deepest coefficient of db4 looks back over, and a few."""
_USUAL = pywt.Wavelet(SETTINGS.wavelet)
EARLY = pywt.Wavelet("early", [_USUAL.rec_lo, _USUAL.rec_hi, _USUAL.dec_lo, _USUAL.dec_hi])
"""The filters in the order in which `dsp.filters` takes them."""
DECIMATING_TAPS = 61
BIN_HZ = RATE_HZ / N_FFT


def dense_mel() -> np.ndarray:
    """The mel filterbank as a matrix, shape=(n_mels, bins), float32."""
    return librosa.filters.mel(
        sr=RATE_HZ,
        n_fft=N_FFT,
        n_mels=SETTINGS.n_mels,
        fmin=SETTINGS.fmin,
        fmax=SETTINGS.fmax,
        dtype=np.float32,
    )


def hann() -> np.ndarray:
    """Periodic Hann window, float32."""
    return scipy.signal.get_window("hann", N_FFT).astype(np.float32)


def decibels(power: np.ndarray) -> np.ndarray:
    """Power to dB with the fixed floor."""
    return np.float32(10.0) * np.log10(np.maximum(power, FLOOR))


class Window:
    """The newest samples of a stream."""

    def __init__(self, length: int) -> None:
        self.samples = np.zeros(length, dtype=np.float32)

    def push(self, hop: np.ndarray) -> np.ndarray:
        """Take a hop; return the newest samples, a view."""
        self.samples[: -len(hop)] = self.samples[len(hop) :]
        self.samples[-len(hop) :] = hop
        return self.samples


class Decimator:
    """48 kHz to 24 kHz, block by block."""

    def __init__(self) -> None:
        taps = scipy.signal.firwin(DECIMATING_TAPS, 11_500.0, window=("kaiser", 7.9), fs=48_000)
        self._taps = taps.astype(np.float32)
        self._line = Window(DECIMATING_TAPS - 1 + DEVICE_BLOCK)
        self._first = (DECIMATING_TAPS - 1) // 2

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take 512 samples, return 256."""
        every = scipy.signal.upfirdn(self._taps, self._line.push(samples), 1, 2)
        return every[self._first : self._first + HOP]


def spectral_peaks(
    power: np.ndarray, low: int, high: int, bin_hz: float, range_db: float
) -> tuple[np.ndarray, np.ndarray]:
    """Peaks between two bins, by a parabola through their log power: MIDI pitch and weight."""
    here, left, right = power[low:high], power[low - 1 : high - 1], power[low + 1 : high + 1]
    threshold = max(float(here.max()) * 10.0 ** (-range_db / 10.0), 1e-6)
    (at,) = np.nonzero((here >= threshold) & (here > left) & (here >= right))
    a, b, c = np.log(left[at] + FLOOR), np.log(here[at]), np.log(right[at] + FLOOR)
    shift = 0.5 * (a - c) / np.minimum(a - 2.0 * b + c, -1e-9)
    return 12.0 * np.log2((low + at + shift) * bin_hz / 440.0) + 69.0, np.sqrt(here[at])


def share_out(pitch: np.ndarray, weight: np.ndarray, count: int) -> np.ndarray:
    """Share weights between the two nearest of ``count`` places; they sum to 1."""
    nearest = np.floor(pitch).astype(np.int64)
    part = pitch - nearest
    inside = (nearest >= 0) & (nearest < count - 1)
    nearest, part, weight = nearest[inside], part[inside], weight[inside]
    out = np.bincount(nearest, weight * (1.0 - part), count)
    out += np.bincount(nearest + 1, weight * part, count)
    total = out.sum()
    return out / total if total > 0.0 else out


class NumpyFeatures:
    """All features of a stream, hop by hop."""

    def __init__(self) -> None:
        self._window, self._mel = hann(), dense_mel()
        self._frame, self._line = Window(N_FFT), Window(PAST + HOP)
        self._bins = np.arange(N_FFT // 2 + 1, dtype=np.float32)
        self._low, self._high = int(np.ceil(FMIN_HZ / BIN_HZ)), int(FMAX_HZ / BIN_HZ) + 1
        self._history = [np.full(SETTINGS.n_mels, GATE_DB, np.float32)] * SETTINGS.onset_lag
        self._negative = False
        levels = (SETTINGS.levels, *range(SETTINGS.levels, 0, -1))
        self._new = [slice(PAST >> level, (PAST + HOP) >> level) for level in levels]

    def push(self, hop: np.ndarray) -> np.ndarray:
        """Take 256 samples; return the frame's features in the order of `dsp.features`."""
        spectrum = scipy.fft.rfft(self._frame.push(hop) * self._window)
        power = spectrum.real**2 + spectrum.imag**2
        log_mel = decibels(self._mel @ power)
        return np.concatenate(
            [
                log_mel,
                self.wavelet(hop),
                [self.energy(hop), self.crossings(hop), self.centroid(power), self.onset(log_mel)],
                self.chroma(power),
            ]
        )

    def wavelet(self, hop: np.ndarray) -> np.ndarray:
        """Band powers in dB, of the coefficients that the hop's samples make."""
        bands = pywt.wavedec(self._line.push(hop), EARLY, mode="zero", level=SETTINGS.levels)
        new = [band[part] for band, part in zip(bands, self._new, strict=True)]
        power = np.asarray([np.dot(band, band) for band in new]) / HOP
        return np.float32(10.0) * np.log10(np.maximum(power, 1e-12))

    def energy(self, hop: np.ndarray) -> float:
        """Mean square, dB."""
        return 10.0 * np.log10(max(np.dot(hop, hop) / HOP, 1e-12))

    def crossings(self, hop: np.ndarray) -> float:
        """Zero crossings a sample."""
        negative = hop < 0.0
        count = np.count_nonzero(negative[1:] != negative[:-1]) + (negative[0] != self._negative)
        self._negative = negative[-1]
        return count / HOP

    def centroid(self, power: np.ndarray) -> float:
        """Centre of mass of the magnitudes, Hz."""
        magnitude = np.sqrt(power)
        return float(np.dot(magnitude, self._bins) / max(magnitude.sum(), 1e-9) * BIN_HZ)

    def onset(self, log_mel: np.ndarray) -> float:
        """Rise against the frame before the last, dB."""
        now = np.maximum(log_mel, GATE_DB)
        rise = np.maximum(now - self._history[0], 0.0).mean()
        self._history = [*self._history[1:], now]
        return float(rise)

    def chroma(self, power: np.ndarray) -> np.ndarray:
        """Pitch classes of the peaks, sum 1."""
        pitch, weight = spectral_peaks(power, self._low, self._high, BIN_HZ, RANGE_DB)
        nearest = np.floor(pitch).astype(np.int64)
        part = pitch - nearest
        chroma = np.bincount(nearest % 12, weight * (1.0 - part), 12)
        chroma += np.bincount((nearest + 1) % 12, weight * part, 12)
        return chroma / max(chroma.sum(), 1e-12)
