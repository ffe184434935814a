"""A lock-free ring of interleaved samples: one thread writes, one thread reads, nobody waits.

Problem
-------
An audio callback may not lock, and its reader may stall for a while. What the reader has not
fetched in time is overwritten: the newest sound is what live analysis needs, and the reader is told
exactly how many frames it lost and where.

Conventions
-----------
A *frame* is one sample of every channel, ``(channels,) float32``. Positions are integers that count
frames since the start and only grow; position ``p`` lives in row ``p % capacity``.

Method
------
The writer first *claims* the rows that it is about to overwrite, copies, then publishes. Frames in
``[claimed - capacity, written)`` are whole at any time. The reader copies, then looks at
``claimed`` again: rows that the writer claimed meanwhile may be torn, are thrown away and counted
as lost. Each counter has one writer and is stored in one step, so neither side needs a lock.

See Also
--------
tests.sources.test_ring : the naive twin, a ``deque(maxlen=capacity)``.
"""

from __future__ import annotations

import numpy as np


class Ring:
    """Frames on their way from one thread to another.

    Parameters
    ----------
    capacity : int
        Frames that the ring holds.
    channels : int
        Samples of a frame.

    Attributes
    ----------
    overflow : int
        Frames that the reader lost because it came too late.

    Raises
    ------
    ValueError
        ``capacity`` or ``channels`` below 1.
    """

    def __init__(self, capacity: int, channels: int) -> None:
        if capacity < 1 or channels < 1:
            raise ValueError(f"a ring needs room: capacity {capacity}, channels {channels}")
        self.capacity = capacity
        self.channels = channels
        self.overflow = 0
        self._rows = np.zeros((capacity, channels), dtype=np.float32)
        self._out = np.zeros((capacity, channels), dtype=np.float32)
        self._claimed = 0
        self._written = 0
        self._read = 0

    @property
    def written(self) -> int:
        """Frames that the writer delivered so far."""
        return self._written

    @property
    def available(self) -> int:
        """Frames that wait for the reader (at most ``capacity``)."""
        return max(0, min(self._written - self._read, self.capacity))

    def write(self, frames: np.ndarray) -> None:
        """Add frames, overwriting the oldest where there is no room. Never waits, never raises.

        Parameters
        ----------
        frames : np.ndarray, shape=(n, channels), float32
            Copied; the caller may reuse the array.
        """
        count = len(frames)
        stop = self._written + count
        self._claimed = stop
        kept = min(count, self.capacity)
        row = (stop - kept) % self.capacity
        head = min(kept, self.capacity - row)
        source = frames[count - kept :]
        self._rows[row : row + head] = source[:head]
        self._rows[: kept - head] = source[head:]
        self._written = stop

    def read(self, limit: int | None = None) -> tuple[np.ndarray, int]:
        """Fetch the oldest frames that are still whole.

        Parameters
        ----------
        limit : int, optional
            Fetch at most so many frames; all that wait by default.

        Returns
        -------
        frames : np.ndarray, shape=(n, channels), float32
            A view, valid until the next read; ``n`` is 0 when nothing waits.
        gap : int
            Frames lost just before the first of them.
        """
        begin = self._read
        start = max(begin, self._claimed - self.capacity)
        count = max(0, self._written - start)
        if limit is not None:
            count = min(count, limit)
        row = start % self.capacity
        head = min(count, self.capacity - row)
        out = self._out[:count]
        out[:head] = self._rows[row : row + head]
        out[head:] = self._rows[: count - head]
        torn = max(0, self._claimed - self.capacity - start)
        if torn >= count:  # nothing whole: the loss is told with the next frames
            return out[:0], 0
        self._read = start + count
        gap = start + torn - begin
        self.overflow += gap
        return out[torn:], gap
