"""A log-mel spectrogram of any length in a fixed number of columns.

Conventions
-----------
Columns hold the mean of as many frames as needed, in dB. When the columns run out, neighbours are
merged and each holds twice as many frames: two hours of music need no more memory than two minutes.
"""

from __future__ import annotations

import numpy as np

MAX_COLUMNS = 2048
"""Even, so that neighbours can always be merged in pairs."""


class Spectrogram:
    """Collects frames into at most `MAX_COLUMNS` columns.

    Parameters
    ----------
    n_bands : int
        Values of a frame.
    """

    def __init__(self, n_bands: int) -> None:
        self._columns = np.zeros((MAX_COLUMNS, n_bands), np.float32)
        self._full = 0
        self._frames_per_column = 1
        self._sum = np.zeros(n_bands, np.float64)
        self._summed = 0

    @property
    def n_frames(self) -> int:
        """Frames taken so far."""
        return self._full * self._frames_per_column + self._summed

    def push(self, frames: np.ndarray) -> None:
        """Take ``frames``, shape=(n, n_bands), dB."""
        at = 0
        while at < len(frames):
            taken = frames[at : at + self._frames_per_column - self._summed]
            self._sum += taken.sum(axis=0, dtype=np.float64)
            self._summed += len(taken)
            at += len(taken)
            if self._summed == self._frames_per_column:
                self._close_column()

    def columns(self) -> np.ndarray:
        """Columns so far, shape=(n_columns, n_bands), dB; the last one may hold fewer frames."""
        if self._summed == 0:
            return self._columns[: self._full].copy()
        last = (self._sum / self._summed).astype(np.float32)
        return np.vstack([self._columns[: self._full], last])

    def _close_column(self) -> None:
        self._columns[self._full] = self._sum / self._frames_per_column
        self._full += 1
        self._sum[:] = 0.0
        self._summed = 0
        if self._full == MAX_COLUMNS:
            self._full //= 2
            self._columns[: self._full] = 0.5 * (self._columns[0::2] + self._columns[1::2])
            self._frames_per_column *= 2
