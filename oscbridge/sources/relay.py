"""A source that hands on what another delivers, for those that add something to it.

It owns the other: closing the one closes both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsp.types import AudioBlock
    from oscbridge.sources.base import Awaited, Health, Source


class Relay:
    """A source that is another one; those who add something override what it is.

    Parameters
    ----------
    source : Source
        The other; see `oscbridge.sources.base.Source` for what all of this is.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.name = source.name
        self.sample_rate = source.sample_rate
        self.latency_s = source.latency_s
        self.block_s = source.block_s

    @property
    def finished(self) -> bool:
        """True when no block will ever come again."""
        return self._source.finished

    @property
    def health(self) -> Health:
        """How the source is right now."""
        return self._source.health

    @property
    def awaited(self) -> Awaited:
        """When it is worth asking for the next block."""
        return self._source.awaited

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; None when none came within ``timeout_s`` seconds or the source finished."""
        return self._source.read(timeout_s)

    def want(self, count: int) -> None:
        """Take note that fewer than ``count`` more samples lead to nothing."""
        self._source.want(count)

    def close(self) -> None:
        """Release the source; a second call does nothing."""
        self._source.close()
