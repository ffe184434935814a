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
def _centroid(power, bin_hz, out):
    for f in range(power.shape[0]):
        weight = np.float32(0.0)
        moment = np.float32(0.0)
        for k in range(power.shape[1]):
            magnitude = np.sqrt(power[f, k])
            weight += magnitude
            moment += magnitude * np.float32(k)
        if weight * weight > SILENCE_POWER:
            out[f] = moment / weight * bin_hz
        else:
            out[f] = np.float32(0.0)


class SpectralCentroid:
    """Brightness of each frame.

    Parameters
    ----------
    sample_rate, n_fft : int
        Hz and samples; they give the width of a bin.
    max_frames : int
        Most frames that `push` will be given.
    """

    delay = 0

    def __init__(self, sample_rate: int, n_fft: int, max_frames: int = 72) -> None:
        self._bin_hz = np.float32(sample_rate / n_fft)
        self._out = np.zeros(max_frames, dtype=np.float32)

    def push(self, power: np.ndarray) -> np.ndarray:
        """Centroid of each frame, shape=(n_frames,), Hz; a view, valid until the next push.

        Parameters
        ----------
        power : np.ndarray, shape=(n_frames, n_bins), float32
        """
        out = self._out[: len(power)]
        _centroid(power, self._bin_hz, out)
        return out

    def reset(self) -> None:
        """Do nothing: the centroid remembers nothing."""
