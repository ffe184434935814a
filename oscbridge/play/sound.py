"""The sound of the game as a source: what the band plays is heard here, and by whoever listens.

Conventions
-----------
Mono, 24 kHz, paced as in real life. The band plays on exactly as blocks are read: its position is
the time of the game.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsp.types import AudioBlock
from oscbridge.sources.base import Awaited, Health
from oscbridge.sources.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from oscbridge.play.band import Band

BLOCK = 512


class GameSound:
    """What the band plays, as a source.

    Parameters
    ----------
    band : Band
        Who plays.
    hear : callable
        Is given the samples of each block as well; must not wait.

    Attributes
    ----------
    name : str
        ``"the game"``.
    sample_rate : int
        24000 Hz.
    latency_s, block_s : float
        One block.
    """

    name = "the game"

    def __init__(self, band: Band, hear: Callable[[np.ndarray], None]) -> None:
        self.sample_rate = band.sample_rate
        self.latency_s = self.block_s = BLOCK / self.sample_rate
        self.health = Health(True, "the music of the game")
        self._band = band
        self._hear = hear
        self._pace = Pace(self.sample_rate)
        self._finished = False

    @property
    def finished(self) -> bool:
        """Never, until it is closed."""
        return self._finished

    @property
    def awaited(self) -> Awaited:
        """The end of the next block."""
        if self._finished:
            return Awaited(0.0)
        return Awaited(self._pace.due_s(self._band.position + BLOCK))

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; see `oscbridge.sources.base.Source`."""
        start = self._band.position
        if self._finished or not self._pace.wait(start + BLOCK, timeout_s):
            return None
        samples = self._band.render(BLOCK)
        self._hear(samples)
        arrived_s = self._pace.due_s(start + BLOCK)
        return AudioBlock(samples, start, self.sample_rate, arrived_s=arrived_s)

    def want(self, count: int) -> None:
        """Blocks come as they are."""

    def close(self) -> None:
        """Stop; a second call does nothing."""
        self._finished = True
