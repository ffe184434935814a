"""The contract of an audio source.

A source hands out mono `AudioBlock` s at its own rate; mixing channels and cleaning samples is its
job (`dsp.intake`), resampling to the internal rate is the analyzer's. It is read by one thread, the
analysis thread, and survives trouble while running: a device that goes away is reported by
``health``, waited for, and taken up again, and the samples lost meanwhile are the next block's
``gap``. It raises an `OscbridgeError` only when what it reads can never be of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from dsp.types import AudioBlock


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a source delivers, and a sentence for people."""

    ok: bool
    detail: str


class Awaited(NamedTuple):
    """What a reader of several sources waits for until it asks this one again.

    Attributes
    ----------
    due_s : float
        Instant from which on a block may be there, seconds of ``time.perf_counter``; infinite where
        only ``fd`` knows, 0 where nobody does.
    fd : int, optional
        File descriptor that can be read as soon as a block is there.
    """

    due_s: float
    fd: int | None = None


class Source(Protocol):
    """A stream of audio blocks."""

    name: str
    """What people see: a file name, a device name."""
    sample_rate: int
    """Samples per second of the blocks, Hz."""
    latency_s: float
    """Share of the latency that the source itself causes (device and block), seconds."""
    block_s: float
    """Of that the wait for a block to fill, seconds."""

    @property
    def finished(self) -> bool:
        """True when no block will ever come again (end of a file)."""
        ...

    @property
    def health(self) -> Health:
        """How the source is right now."""
        ...

    @property
    def awaited(self) -> Awaited:
        """When it is worth asking for the next block."""
        ...

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; None when none came within ``timeout_s`` seconds or the source finished."""
        ...

    def want(self, count: int) -> None:
        """Take note that fewer than ``count`` more samples lead to nothing.

        A source whose blocks are small may let its reader sleep until there are so many. Called by
        the reader after each block.
        """
        ...

    def close(self) -> None:
        """Release the device or file; a second call does nothing."""
        ...
