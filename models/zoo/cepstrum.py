"""Mel-frequency cepstra: pre-emphasis, spectrum, mel bands, cosine transform, deltas.

Conventions
-----------
Frames and spectra as in `models.zoo.mel`: nothing is padded, nothing depends on the loudest moment.
Coefficients are counted from 1: C(0), the overall level, is left out, so that cepstra do not change
when the volume is turned.

Method
------
The front end that Yang (S3) and Yu & Lin (S4) print, with their misprints mended:

- pre-emphasis ``H(z) = 1 − μ z⁻¹``, i.e. ``y(n) = x(n) − μ x(n − 1)`` (S3 eq. 2, 3; printed as
  ``1 − μ n⁻¹``; μ is not given, 0.97 here);
- ``X(m) = Σₙ x(n) exp(−j 2π n m / N)`` (S3 eq. 4, printed with ``m k`` in the exponent):
  `models.zoo.mel.power_spectra`;
- ``Mel(f) = 2595 lg(1 + f / 700)`` (S4 eq. 1);
- ``C(n) = Σ s(m) cos(π n (m − 0.5) / M)``, m = 1 … M, n = 1 … L, s the log mel energies (S3 eq. 5,
  printed with ``m (m − 0.5)``; S4 eq. 2 lacks the cosine).
"""

from __future__ import annotations

import numpy as np

PRE_EMPHASIS = 0.97
FLOOR = 1e-10
"""Power added before the logarithm."""


def pre_emphasise(samples: np.ndarray, coefficient: float = PRE_EMPHASIS) -> np.ndarray:
    """Lift high frequencies: ``y(n) = x(n) − μ x(n − 1)``, shape=(n,), silence before the start."""
    raised = samples.copy()
    raised[1:] -= samples.dtype.type(coefficient) * samples[:-1]
    return raised


def build_mel_bands(
    sample_rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> np.ndarray:
    """Build triangles on the scale ``2595 lg(1 + f / 700)``, shape=(n_mels, n_fft // 2 + 1).

    Each triangle peaks at 1 between its neighbours' peaks, float32.

    Raises
    ------
    ValueError
        Edges out of order or above half the sample rate.
    """
    if not 0.0 <= fmin < fmax <= sample_rate / 2:
        raise ValueError(f"need 0 <= fmin < fmax <= {sample_rate / 2} Hz, not {fmin} and {fmax}")
    low, high = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in (fmin, fmax))
    edges = 700.0 * (10.0 ** (np.linspace(low, high, n_mels + 2) / 2595.0) - 1.0)
    bins = np.arange(n_fft // 2 + 1) * sample_rate / n_fft
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(np.minimum(rise, fall), 0.0).astype(np.float32)


def log_mel(power: np.ndarray, bands: np.ndarray) -> np.ndarray:
    """Log mel energies, shape=(n_frames, n_mels), natural logarithm, floor `FLOOR`."""
    return np.log(power @ bands.T + power.dtype.type(FLOOR))


def build_cosines(n_mels: int, order: int) -> np.ndarray:
    """Build ``cos(π n (m − 0.5) / M)``, shape=(n_mels, order), rows m = 1 … M, columns n = 1 … L.

    Raises
    ------
    ValueError
        More coefficients than bands can tell apart.
    """
    if not 1 <= order < n_mels:
        raise ValueError(f"{n_mels} bands have coefficients 1 to {n_mels - 1}, not {order}")
    m, n = np.arange(1, n_mels + 1)[:, None], np.arange(1, order + 1)
    return np.cos(np.pi * n * (m - 0.5) / n_mels)


def cepstrum(log_energies: np.ndarray, order: int) -> np.ndarray:
    """Cepstral coefficients 1 … ``order`` of log mel energies, shape=(n_frames, order)."""
    cosines = build_cosines(log_energies.shape[-1], order)
    return log_energies @ cosines.astype(log_energies.dtype)


def deltas(rows: np.ndarray, reach: int = 4) -> np.ndarray:
    """Slope over time of each column, same shape: least squares over ``2 * reach + 1`` frames.

    Before the first and after the last frame the nearest one is repeated.
    """
    if not len(rows):
        return rows.copy()
    padded = np.concatenate([rows[:1].repeat(reach, 0), rows, rows[-1:].repeat(reach, 0)])
    slope = np.zeros_like(rows)
    for n in range(1, reach + 1):
        ahead = padded[reach + n : reach + n + len(rows)]
        behind = padded[reach - n : reach - n + len(rows)]
        slope += n * (ahead - behind)
    return slope / rows.dtype.type(2 * sum(n * n for n in range(1, reach + 1)))
