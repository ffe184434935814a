"""Naive twins: every kernel of `dsp` again, in plain numpy, straight from its definition.

Slow, whole-signal, float64. They share no code and no tables with the kernels.
"""

from __future__ import annotations

import numpy as np


def frames(signal: np.ndarray, n_fft: int, hop_length: int) -> np.ndarray:
    """All complete frames of a signal with silence before it, shape=(n_frames, n_fft)."""
    padded = np.concatenate([np.zeros(n_fft - hop_length), signal])
    count = max((len(padded) - n_fft) // hop_length + 1, 0)
    return np.asarray(
        [padded[i * hop_length : i * hop_length + n_fft] for i in range(count)]
    ).reshape(count, n_fft)


def power_spectrum(frame: np.ndarray) -> np.ndarray:
    """|DFT|² of a periodic-Hann-windowed frame by the definition of the transform."""
    n = len(frame)
    t = np.arange(n)
    windowed = frame * (0.5 - 0.5 * np.cos(2 * np.pi * t / n))
    basis = np.exp(-2j * np.pi * np.outer(np.arange(n // 2 + 1), t) / n)
    return np.abs(basis @ windowed) ** 2


def wavelet(signal: np.ndarray, low: np.ndarray, high: np.ndarray, levels: int) -> list[np.ndarray]:
    """Causal pyramid by the sums themselves: [approx, detail of the deepest level, …, level 1]."""
    details = []
    approx = np.asarray(signal, dtype=np.float64)
    for _ in range(levels):
        coarse, fine = [], []
        for k in range(len(approx) // 2):
            pairs = [(t, 2 * k + 1 - t) for t in range(len(low)) if 2 * k + 1 - t >= 0]
            coarse.append(sum(low[t] * approx[i] for t, i in pairs))
            fine.append(sum(high[t] * approx[i] for t, i in pairs))
        details.append(np.asarray(fine))
        approx = np.asarray(coarse)
    return [approx, *details[::-1]]


def energy_db(hop: np.ndarray) -> float:
    """Mean square in dB, -120 at least."""
    mean = float(np.mean(np.asarray(hop, dtype=np.float64) ** 2))
    return 10 * np.log10(max(mean, 1e-12))


def zero_crossing_rate(hop: np.ndarray, before: float) -> float:
    """Share of neighbouring pairs of [before, hop…] with different signs."""
    negative = np.concatenate([[before], hop]) < 0
    return float(np.mean(negative[1:] != negative[:-1]))


def onset_strength(log_mel: np.ndarray, lag: int, gate_db: float) -> np.ndarray:
    """Mean rise against the frame ``lag`` earlier, shape=(n_frames,)."""
    gated = np.maximum(log_mel, gate_db)
    result = np.zeros(len(gated))
    for f in range(lag, len(gated)):
        result[f] = np.mean(np.maximum(gated[f] - gated[f - lag], 0))
    return result


def centroid_hz(power: np.ndarray, bin_hz: float) -> float:
    """Centre of mass of the magnitude spectrum."""
    magnitude = np.sqrt(power)
    return float(np.sum(magnitude * np.arange(len(power)) * bin_hz) / np.sum(magnitude))


def pieces(signal: np.ndarray, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Split a signal into runs of the given sizes, over and over."""
    result, start, turn = [], 0, 0
    while start < len(signal):
        size = sizes[turn % len(sizes)]
        result.append(signal[start : start + size])
        start += size
        turn += 1
    return result
