"""A lock-free ring of interleaved samples: one writes, one reads, nobody waits.

Problem
-------
An audio callback may not lock, and its reader may stall for a while. What the reader has not
fetched in time is overwritten: the newest sound is what live analysis needs, and the reader is told
exactly how many frames it lost and where.

Conventions
-----------
A *frame* is one sample of every channel, ``(channels,) float32``. Positions are integers that count
frames since the start and only grow; position ``p`` lives in row ``p % capacity``. Writer and
reader are two threads with one `Ring`, or two processes with a `Ring` each over the same memory
(`oscbridge.sources.shared_ring`).

Method
------
The writer first *claims* the rows that it is about to overwrite, copies, then publishes. Frames in
``[claimed - capacity, written)`` are whole at any time. The reader copies, then looks at
``claimed`` again: rows that the writer claimed meanwhile may be torn, are thrown away and counted
as lost. Each counter has one writer and is stored in one step, so neither side needs a lock.

A reader that need not hear of every write says up to where it may sleep (`Ring.want`). It cannot
oversleep: until the writer sees the new mark it goes by the old one, which it has passed.

See Also
--------
tests.sources.test_ring : the naive twin, a ``deque(maxlen=capacity)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_CLAIMED, _WRITTEN, _READ, _WANTED = range(4)
_COUNTS_BYTES = 64
"""The counters have a cache line of their own."""
_NOTHING = np.zeros(0, dtype=np.float32)


def ring_bytes(capacity: int, channels: int) -> int:
    """Memory that a ring of ``capacity`` frames takes, bytes."""
    return _COUNTS_BYTES + 4 * capacity * channels


class Ring:
    """Frames on their way from one thread, or process, to another.

    Parameters
    ----------
    capacity : int
        Frames that the ring holds.
    channels : int
        Samples of a frame.
    memory : memoryview, optional
        `ring_bytes` bytes, zero at first, that both sides see; memory of its own by default.

    Attributes
    ----------
    overflow : int
        Frames that the reader lost because it came too late.
    rows : np.ndarray, shape=(capacity, channels), float32
        Where the frames lie.

    Raises
    ------
    ValueError
        ``capacity`` or ``channels`` below 1.
    """

    def __init__(self, capacity: int, channels: int, memory: memoryview | None = None) -> None:
        if capacity < 1 or channels < 1:
            raise ValueError(f"a ring needs room: capacity {capacity}, channels {channels}")
        self.capacity = capacity
        self.channels = channels
        self.overflow = 0
        if memory is None:
            memory = memoryview(bytearray(ring_bytes(capacity, channels)))
        self._counts = memory[:_COUNTS_BYTES].cast("q")
        self._rows = memory[_COUNTS_BYTES:]  # bytes: to copy a slice costs a fraction of numpy's
        self._frame_bytes = 4 * channels
        samples = np.frombuffer(self._rows, np.float32, capacity * channels)
        self.rows = samples.reshape(capacity, channels)

    @property
    def written(self) -> int:
        """Frames that the writer delivered so far."""
        return self._counts[_WRITTEN]

    @property
    def position(self) -> int:
        """Frames that the reader has behind it, lost ones counted."""
        return self._counts[_READ]

    @property
    def wanted(self) -> int:
        """Position before which the reader need not be told of frames."""
        return self._counts[_WANTED]

    def want(self, count: int) -> None:
        """Ask to be told when there are so many frames; for the reader."""
        self._counts[_WANTED] = self._counts[_READ] + count

    def write(self, frames: bytes | memoryview) -> int:
        """Add frames, overwriting the oldest where there is no room. Never waits, never raises.

        Parameters
        ----------
        frames : bytes or memoryview of bytes
            Whole frames of float32; copied.

        Returns
        -------
        int
            Frames that were delivered so far.
        """
        width, capacity = self._frame_bytes, self.capacity
        count = len(frames) // width
        stop = self._counts[_WRITTEN] + count
        self._counts[_CLAIMED] = stop
        if count > capacity:
            frames = frames[(count - capacity) * width :]
            count = capacity
        at = (stop - count) % capacity * width
        head = capacity * width - at
        if head >= count * width:
            self._rows[at : at + count * width] = frames
        else:
            self._rows[at:] = frames[:head]
            self._rows[: count * width - head] = frames[head:]
        self._counts[_WRITTEN] = stop
        return stop

    def fetch(
        self, take: Callable[[int, int], np.ndarray], limit: int, until: int
    ) -> tuple[np.ndarray, int]:
        """Have the oldest frames taken that are still whole, from where they lie.

        Parameters
        ----------
        take : callable
            Is told the first row and how many (after the last row comes the first), and returns
            what it makes of them, one entry a frame.
        limit : int
            Most frames to take.
        until : int
            Position to stop at, which the writer told to have written. Between processes the
            message that told it orders the memory on every machine, which a look at ``written``
            does not.

        Returns
        -------
        taken : np.ndarray, shape=(n, ...)
            What ``take`` made of whole frames; ``n`` is 0 when nothing waits.
        gap : int
            Frames lost just before the first of them.
        """
        counts, capacity = self._counts, self.capacity
        begin = counts[_READ]
        start = max(begin, counts[_CLAIMED] - capacity)
        count = min(until - start, limit)
        if count <= 0:
            return _NOTHING, 0
        taken = take(start % capacity, count)
        torn = counts[_CLAIMED] - capacity - start
        if torn >= count:  # nothing whole: the loss is told with the next frames
            return _NOTHING, 0
        if torn > 0:
            taken = taken[torn:]
            start += torn
            count -= torn
        counts[_READ] = start + count
        self.overflow += start - begin
        return taken, start - begin
