"""A narrow spectrogram for the eye: the loudest of each band since it was last asked for.

Conventions
-----------
`push` is called by the analysis for every block, so it costs microseconds; `take` by whoever shows
it, some times a second. A band is a byte: 0 at `FLOOR_DB` and below, 255 at `FULL_DB` and above, dB
as of the feature ``log_mel``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dsp.types import FeatureFrames

BANDS = 24
FLOOR_DB, FULL_DB = -50.0, 20.0


class Spectrum:
    """Keeps what was loudest."""

    def __init__(self) -> None:
        self._loudest: np.ndarray | None = None

    def push(self, frames: FeatureFrames) -> None:
        """Take the frames of a block."""
        loudest = self._loudest
        newest = frames["log_mel"].max(axis=0)
        self._loudest = newest if loudest is None else np.maximum(loudest, newest)

    def take(self) -> bytes:
        """Bands since the last call, lowest first; empty where nothing was heard."""
        loudest, self._loudest = self._loudest, None
        if loudest is None:
            return b""
        starts = np.arange(BANDS) * len(loudest) // BANDS
        bands = np.maximum.reduceat(loudest, starts)
        return bytes(
            np.clip((bands - FLOOR_DB) * (255.0 / (FULL_DB - FLOOR_DB)), 0, 255).astype(np.uint8)
        )
