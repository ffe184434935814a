"""Onset strength: how much new sound a frame brings.

Conventions
-----------
Spectral flux on the log-mel spectrogram: the mean over bands of the rise in dB against the frame
``lag`` earlier, falls counted as 0; equal to ``librosa.onset.onset_strength(S=log_mel, lag=lag)``
without its centring shift. Bands below `GATE_DB` count as standing at that level, so that the noise
of near-silence is no rhythm. The first ``lag`` frames have strength 0.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel

GATE_DB = -60.0
"""Band level under which nothing is heard, dB of `dsp.mel`: about -90 dB re full scale."""


@kernel(reorder=True)
def _flux(log_mel, history, seen, gate, out):
    """``history`` holds the last ``lag`` frames, ``seen`` counts all frames so far."""
    lag, bands = history.shape
    for f in range(log_mel.shape[0]):
        old = history[seen[0] % lag]
        rise = np.float32(0.0)
        for b in range(bands):
            now = max(log_mel[f, b], gate)
            rise += max(now - old[b], np.float32(0.0))
            old[b] = now
        out[f] = rise / np.float32(bands) if seen[0] >= lag else np.float32(0.0)
        seen[0] += 1


class OnsetStrength:
    """Half-wave rectified spectral flux.

    Parameters
    ----------
    n_mels : int
        Bands of the spectrogram.
    lag : int
        Distance of the frames compared, frames.
    max_frames : int
        Most frames that `push` will be given.

    Raises
    ------
    ValueError
        No bands or no lag.
    """

    delay = 0

    def __init__(self, n_mels: int, lag: int = 2, max_frames: int = 72) -> None:
        if n_mels < 1 or lag < 1:
            raise ValueError(f"n_mels and lag must be 1 or more, not {n_mels} and {lag}")
        self.lag = lag
        self._history = np.full((lag, n_mels), GATE_DB, dtype=np.float32)
        self._seen = np.zeros(1, dtype=np.int64)
        self._out = np.zeros(max_frames, dtype=np.float32)

    def push(self, log_mel: np.ndarray) -> np.ndarray:
        """Strength of each frame, shape=(n_frames,), dB; a view, valid until the next push.

        Parameters
        ----------
        log_mel : np.ndarray, shape=(n_frames, n_mels), float32, dB
        """
        out = self._out[: len(log_mel)]
        _flux(log_mel, self._history, self._seen, np.float32(GATE_DB), out)
        return out

    def reset(self) -> None:
        """Start a new stream."""
        self._history[:] = GATE_DB
        self._seen[:] = 0
