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
def push_onset(log_mel, state):
    """Strength of one frame, dB.

    ``state``: the last ``lag`` frames, shape=(lag, n_mels), and the number of all frames so far.
    """
    history, seen = state
    lag, bands = history.shape
    old = history[seen[0] % lag]
    gate = np.float32(GATE_DB)
    rise = np.float32(0.0)
    for b in range(bands):
        now = max(log_mel[b], gate)
        rise += max(now - old[b], np.float32(0.0))
        old[b] = now
    seen[0] += 1
    return rise / np.float32(bands) if seen[0] > lag else np.float32(0.0)


@kernel
def _flux(log_mel, state, out):
    for f in range(out.shape[0]):
        out[f] = push_onset(log_mel[f], state)


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
        history = np.full((lag, n_mels), GATE_DB, dtype=np.float32)
        self.state = (history, np.zeros(1, dtype=np.int64))
        self._out = np.zeros(max_frames, dtype=np.float32)

    def push(self, log_mel: np.ndarray) -> np.ndarray:
        """Strength of each frame, shape=(n_frames,), dB; a view, valid until the next push.

        Parameters
        ----------
        log_mel : np.ndarray, shape=(n_frames, n_mels), float32, dB
        """
        out = self._out[: len(log_mel)]
        _flux(log_mel, self.state, out)
        return out

    def reset(self) -> None:
        """Start a new stream."""
        history, seen = self.state
        history[:] = GATE_DB
        seen[:] = 0
