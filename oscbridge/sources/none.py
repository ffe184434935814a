"""No sound: blocks of silence that keep time for those who listen to a keyboard alone."""

from __future__ import annotations

import numpy as np

from dsp.types import AudioBlock
from oscbridge.sources.base import Awaited, Health
from oscbridge.sources.pace import Pace

SAMPLE_RATE = 24_000
BLOCK_SIZE = 480
"""20 ms: how long a key waits before it is taken."""


class NoSound:
    """A source of silence, at the pace of real life; a `oscbridge.sources.base.Source`."""

    name = "no sound"
    sample_rate = SAMPLE_RATE
    latency_s = block_s = BLOCK_SIZE / SAMPLE_RATE
    health = Health(True, name)

    def __init__(self) -> None:
        self._pace = Pace(SAMPLE_RATE)
        self._samples = np.zeros(BLOCK_SIZE, dtype=np.float32)
        self._start = 0
        self._closed = False

    @property
    def finished(self) -> bool:
        """Never, until it is closed."""
        return self._closed

    @property
    def awaited(self) -> Awaited:
        """The end of the next block."""
        return Awaited(0.0 if self._closed else self._pace.due_s(self._start + BLOCK_SIZE))

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block when it is due; None when that is later than ``timeout_s`` seconds."""
        if self._closed or not self._pace.wait(self._start + BLOCK_SIZE, timeout_s):
            return None
        block = AudioBlock(self._samples, self._start, SAMPLE_RATE)
        self._start += BLOCK_SIZE
        return block

    def want(self, count: int) -> None:
        """Blocks come as they are."""

    def close(self) -> None:
        """End; a second call does nothing."""
        self._closed = True
