"""Spectra, mel spectrogram and cepstrum of a window of samples, for models with whole windows.

Conventions
-----------
Time is the first axis: frame ``i`` holds samples ``i·hop_length .. i·hop_length + n_fft``; nothing
is padded, so every frame lies within the window (librosa's ``center=False``). Hann window
(periodic), power spectra, Slaney's mel bands from `dsp.mel`, decibels with the fixed reference 1
and the floor `dsp.mel.FLOOR_DB`: no value depends on the loudest moment. The live path's streaming
spectra are `dsp.logmel`; these serve systems whose papers ask for other frames.

Method: S. Davis & P. Mermelstein (1980) for the cepstrum: orthonormal DCT-II of the decibels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dsp.mel import FLOOR_DB, build_mel


@cache
def _hann(n_fft: int) -> np.ndarray:
    """Periodic Hann window, shape=(n_fft,), float32."""
    return (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)


def split_frames(samples: np.ndarray, n_fft: int, hop_length: int) -> np.ndarray:
    """Overlapping frames of a window, shape=(n_frames, n_fft), a view.

    Raises
    ------
    ValueError
        The window is shorter than one frame.
    """
    if len(samples) < n_fft:
        raise ValueError(f"{len(samples)} samples are less than one frame of {n_fft}")
    return sliding_window_view(samples, n_fft)[::hop_length]


def power_spectra(samples: np.ndarray, n_fft: int, hop_length: int) -> np.ndarray:
    """Power spectrum of each frame, shape=(n_frames, n_fft // 2 + 1), float32.

    Raises
    ------
    ValueError
        The window is shorter than one frame.
    """
    spectra = np.fft.rfft(split_frames(samples, n_fft, hop_length) * _hann(n_fft))
    return spectra.real**2 + spectra.imag**2


def decibels(power: np.ndarray) -> np.ndarray:
    """10·log10 of power, `dsp.mel.FLOOR_DB` at least."""
    return 10.0 * np.log10(np.maximum(power, 10.0 ** (FLOOR_DB / 10.0)))


def cepstrum(log_mel: np.ndarray, n_mfcc: int) -> np.ndarray:
    """First cepstral coefficients of decibels, shape=(n_frames, n_mfcc).

    Parameters
    ----------
    log_mel : np.ndarray, shape=(n_frames, n_mels), dB
    n_mfcc : int
        Coefficients, the zeroth (level) included.
    """
    return log_mel @ cosines(n_mfcc, log_mel.shape[-1]).T


@cache
def cosines(n_mfcc: int, n_mels: int) -> np.ndarray:
    """Rows of the orthonormal DCT-II, shape=(n_mfcc, n_mels), float32."""
    angle = np.pi / n_mels * np.outer(np.arange(n_mfcc), np.arange(n_mels) + 0.5)
    rows = np.sqrt(2.0 / n_mels) * np.cos(angle)
    rows[0] /= np.sqrt(2.0)
    return rows.astype(np.float32)


@dataclass(frozen=True)
class MelSpectrogram:
    """A mel spectrogram with its settings.

    Parameters
    ----------
    sample_rate : int
        Hz.
    n_fft, hop_length : int
        Frame length and distance, samples.
    n_mels : int
        Bands.
    fmin, fmax : float
        Edges of the lowest and the highest band, Hz.

    Raises
    ------
    ValueError
        As `dsp.mel.build_mel`.
    """

    sample_rate: int = 24000
    n_fft: int = 1024
    hop_length: int = 512
    n_mels: int = 64
    fmin: float = 30.0
    fmax: float = 11000.0

    def __post_init__(self) -> None:
        """Build the filters, shape=(n_mels, n_fft // 2 + 1), once."""
        bank = build_mel(self.sample_rate, self.n_fft, self.n_mels, self.fmin, self.fmax)
        matrix = np.zeros((self.n_mels, self.n_fft // 2 + 1), dtype=np.float32)
        at = 0
        for band, (start, count) in enumerate(zip(bank.starts, bank.counts, strict=True)):
            matrix[band, start : start + count] = bank.weights[at : at + count]
            at += count
        object.__setattr__(self, "_matrix", matrix)

    def power(self, samples: np.ndarray) -> np.ndarray:
        """Mel power of each frame, shape=(n_frames, n_mels), float32.

        Raises
        ------
        ValueError
            The window is shorter than one frame.
        """
        return self.join(power_spectra(samples, self.n_fft, self.hop_length))

    def join(self, spectra: np.ndarray) -> np.ndarray:
        """Mel power of power spectra that are there already, shape=(n_frames, n_mels)."""
        matrix: np.ndarray = self.__dict__["_matrix"]
        return spectra @ matrix.T

    def log_power(self, samples: np.ndarray) -> np.ndarray:
        """The same in dB.

        Raises
        ------
        ValueError
            The window is shorter than one frame.
        """
        return decibels(self.power(samples))

    def n_frames(self, n_samples: int) -> int:
        """Frames that lie within ``n_samples`` samples."""
        return max((n_samples - self.n_fft) // self.hop_length + 1, 0)
