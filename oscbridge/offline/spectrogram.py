"""A log-mel spectrogram of any length in a fixed number of columns, and its picture.

Conventions
-----------
Columns hold the mean of as many frames as needed, in dB. When the columns run out, neighbours are
merged and each holds twice as many frames: two hours of music need no more memory than two minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout

RANGE_DB = 70.0
"""Dynamic range of the picture below its loudest column."""
MEL_TICKS_HZ = (100, 300, 1000, 3000, 10_000)
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


def draw_spectrogram(axes: Any, spectrogram: Spectrogram, layout: FeatureLayout) -> None:
    """Draw a spectrogram of the frames of ``layout`` on matplotlib axes: seconds, mel."""
    from dsp.features import FeatureSettings
    from dsp.mel import hz_to_mel

    settings = FeatureSettings()
    edges_hz = settings.fmin, min(settings.fmax, layout.sample_rate / 2)
    columns = spectrogram.columns()
    end_s = spectrogram.n_frames * layout.hop_length / layout.sample_rate
    low, high = (float(hz_to_mel(hz)) for hz in edges_hz)
    top_db = float(np.percentile(columns, 99.7)) if columns.size else 0.0
    axes.imshow(
        columns.T, origin="lower", aspect="auto", extent=(0.0, end_s, low, high), cmap="magma",
        vmin=top_db - RANGE_DB, vmax=top_db, interpolation="antialiased",
    )  # fmt: skip
    ticks = [hz for hz in MEL_TICKS_HZ if low <= float(hz_to_mel(hz)) <= high]
    axes.set_yticks([float(hz_to_mel(hz)) for hz in ticks], [f"{hz:,}" for hz in ticks])
    axes.set_ylabel("frequency (Hz)")
