"""Spectral centroid: the centre of mass of the power spectrum.

Conventions
-----------
Hz; ``Σ f·|X| / Σ |X|`` over the magnitude spectrum as in librosa. Silence (all power under
`SILENCE_POWER`) has centroid 0.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel

SILENCE_POWER = 1e-10
"""Total power of a frame under which it counts as silent."""


@kernel(reorder=True)
def push_centroid(power, bin_hz):
    """Centroid of one spectrum, shape=(n_bins,), Hz."""
    weight = np.float32(0.0)
    moment = np.float32(0.0)
    for k in range(power.shape[0]):
        magnitude = np.sqrt(power[k])
        weight += magnitude
        moment += magnitude * np.float32(k)
    if weight * weight > SILENCE_POWER:
        return moment / weight * np.float32(bin_hz)
    return np.float32(0.0)


@kernel
def _centroids(power, bin_hz, out):
    for f in range(out.shape[0]):
        out[f] = push_centroid(power[f], bin_hz)


class SpectralCentroid:
    """Brightness of each frame.

    Parameters
    ----------
    sample_rate, n_fft : int
        Hz and samples; they give the width of a bin.
    max_frames : int
        Most frames that `push` will be given.

    Attributes
    ----------
    bin_hz : float
        Width of a bin, Hz.
    """

    delay = 0

    def __init__(self, sample_rate: int, n_fft: int, max_frames: int = 72) -> None:
        self.bin_hz = sample_rate / n_fft
        self._out = np.zeros(max_frames, dtype=np.float32)

    def push(self, power: np.ndarray) -> np.ndarray:
        """Centroid of each frame, shape=(n_frames,), Hz; a view, valid until the next push.

        Parameters
        ----------
        power : np.ndarray, shape=(n_frames, n_bins), float32
        """
        out = self._out[: len(power)]
        _centroids(power, self.bin_hz, out)
        return out

    def reset(self) -> None:
        """Do nothing: the centroid remembers nothing."""
