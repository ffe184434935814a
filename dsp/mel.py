"""Mel filterbank: built once, stored as sparse triangles.

Conventions
-----------
Slaney's mel scale (linear below 1 kHz, logarithmic above; Auditory Toolbox, 1998) and his area
normalisation: equal to ``librosa.filters.mel(htk=False, norm="slaney")``. Band ``b`` touches the
bins ``starts[b] .. starts[b] + counts[b]``; its weights follow each other in one array. Decibels
have a **fixed** reference of 1 and a floor of `FLOOR_DB`: nothing depends on the loudest moment of
a piece.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dsp.decibels import decibels
from dsp.jit import kernel
from dsp.tables import shared

FLOOR_DB = -100.0
"""10·log10 of the smallest power told apart from silence."""

_HZ_PER_MEL = 200.0 / 3.0
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


def mel_to_hz(mel: np.ndarray) -> np.ndarray:
    """Hertz of values on Slaney's mel scale, same shape."""
    mel = np.asarray(mel, dtype=np.float64)
    above = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(mel, _BREAK_MEL) - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _HZ_PER_MEL, above)


def hz_to_mel(hz: np.ndarray | float) -> np.ndarray:
    """Slaney's mel scale of values in hertz, same shape."""
    hz = np.asarray(hz, dtype=np.float64)
    above = _BREAK_MEL + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(hz < _BREAK_HZ, hz / _HZ_PER_MEL, above)


@dataclass(frozen=True, slots=True)
class MelBank:
    """Triangular filters on FFT bins.

    Attributes
    ----------
    starts, counts : np.ndarray, shape=(n_mels,), int64
        First bin and number of bins of each band.
    weights : np.ndarray, shape=(counts.sum(),), float32
        The triangles, one after the other.
    centres_hz : np.ndarray, shape=(n_mels,), float64
        Where each triangle peaks.
    """

    starts: np.ndarray
    counts: np.ndarray
    weights: np.ndarray
    centres_hz: np.ndarray


def build_mel(sample_rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float) -> MelBank:
    """Build the filterbank.

    Parameters
    ----------
    sample_rate : int
        Hz.
    n_fft, n_mels : int
        Frame length and number of bands.
    fmin, fmax : float
        Edges of the lowest and highest band, Hz.

    Raises
    ------
    ValueError
        Edges out of order or above half the sample rate, or a band so narrow that no bin falls in
        it.
    """
    if not 0.0 <= fmin < fmax <= sample_rate / 2:
        raise ValueError(f"need 0 <= fmin < fmax <= {sample_rate / 2} Hz, not {fmin} and {fmax}")
    if n_mels < 1:
        raise ValueError(f"n_mels must be 1 or more, not {n_mels}")
    bins_hz = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    edges = mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))
    starts, counts, rows = [], [], []
    for low, centre, high in zip(edges[:-2], edges[1:-1], edges[2:], strict=True):
        rising = (bins_hz - low) / (centre - low)
        falling = (high - bins_hz) / (high - centre)
        row = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (high - low))
        touched = np.flatnonzero(row)
        if len(touched) == 0:
            raise ValueError(
                f"no FFT bin falls into the mel band at {centre:.1f} Hz: use fewer bands, a longer "
                f"n_fft or a higher fmin"
            )
        starts.append(touched[0])
        counts.append(touched[-1] - touched[0] + 1)
        rows.append(row[touched[0] : touched[-1] + 1])
    return MelBank(
        starts=np.asarray(starts, dtype=np.int64),
        counts=np.asarray(counts, dtype=np.int64),
        weights=np.concatenate(rows).astype(np.float32),
        centres_hz=edges[1:-1],
    )


@kernel(reorder=True)
def push_mel(power, state, out):
    """Log-mel power of one spectrum, shape=(n_mels,), dB, with the state of `MelBands`."""
    starts, counts, weights = state
    at = 0
    for b in range(starts.shape[0]):
        count = counts[b]
        triangle = weights[at : at + count]
        bins = power[starts[b] : starts[b] + count]
        total = np.float32(0.0)
        for i in range(count):
            total += triangle[i] * bins[i]
        at += count
        out[b] = total
    for b in range(out.shape[0]):
        out[b] = decibels(out[b], FLOOR_DB)


@kernel
def _bands(power, state, out):
    for f in range(out.shape[0]):
        push_mel(power[f], state, out[f])


class MelBands:
    """Power spectra to log-mel power.

    Parameters
    ----------
    bank : MelBank
        The filters.
    max_frames : int
        Most frames that `push` will be given.
    """

    delay = 0

    def __init__(self, bank: MelBank, max_frames: int = 72) -> None:
        self.state = (shared(bank.starts), shared(bank.counts), shared(bank.weights))
        self._out = np.zeros((max_frames, len(bank.starts)), dtype=np.float32)

    def push(self, power: np.ndarray) -> np.ndarray:
        """Log-mel power of each frame.

        Parameters
        ----------
        power : np.ndarray, shape=(n_frames, n_bins), float32

        Returns
        -------
        np.ndarray, shape=(n_frames, n_mels), float32
            dB, `FLOOR_DB` at least; a view, valid until the next push.
        """
        out = self._out[: len(power)]
        _bands(power, self.state, out)
        return out

    def reset(self) -> None:
        """Do nothing: a filterbank remembers nothing."""
