"""Framing: blocks of any size in, overlapping frames out.

Conventions
-----------
Frame ``i`` covers the samples ``[(i + 1) * hop_length - n_fft, (i + 1) * hop_length)``; what lies
before the stream is silence. So a frame is complete as soon as its last hop is, the first one after
``hop_length`` samples, and a frame never waits for what comes later. The output depends on the
samples alone, never on how they were split into blocks.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel

_FILL, _COMPLETE, _FIRST = 0, 1, 2
"""Where the counters stand: samples in the buffer, frames of the last push, index of its first."""


@kernel
def push_framing(n, state):
    """Take the ``n`` samples that stand in ``incoming``. Returns how many frames are complete.

    ``state`` is that of a `Framing`. Frame ``i`` begins at ``i * hop_length`` of the buffer.
    """
    incoming, buffer, counters, n_fft, hop_length = state
    fill = counters[_FILL]
    done = counters[_COMPLETE] * hop_length
    if done:  # what the last push left over moves to the front, in pieces that do not overlap
        for start in range(done, fill, done):
            piece = buffer[start : min(start + done, fill)]
            target = buffer[start - done : start]
            for i in range(piece.shape[0]):
                target[i] = piece[i]
        fill -= done
        counters[_FIRST] += counters[_COMPLETE]
    target = buffer[fill : fill + n]
    for i in range(n):
        target[i] = incoming[i]
    counters[_FILL] = fill + n
    counters[_COMPLETE] = (fill + n - n_fft + hop_length) // hop_length
    return counters[_COMPLETE]


class Framing:
    """Gather a stream into stretches of whole overlapping frames, without copying a frame.

    Parameters
    ----------
    n_fft, hop_length : int
        Frame length and distance, samples; ``1 <= hop_length <= n_fft``.
    max_block : int
        Longest block that `push` will be given, samples.

    Attributes
    ----------
    max_frames : int
        Most frames that one push can complete.
    delay : int
        ``n_fft``: so many samples until a frame holds no silence from before the start.
    state : tuple
        What `push_framing` takes.
    rows : np.ndarray, shape=(max_frames, hop_length), float32
        Where `hops` stand in the buffer.

    Raises
    ------
    ValueError
        Lengths out of range.
    """

    def __init__(self, n_fft: int, hop_length: int, max_block: int = 16384) -> None:
        if not 1 <= hop_length <= n_fft:
            raise ValueError(f"need 1 <= hop_length <= n_fft, not {hop_length} and {n_fft}")
        if max_block < 1:
            raise ValueError(f"max_block must be 1 or more, not {max_block}")
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.max_block = max_block
        self.delay = n_fft
        self._incoming = np.zeros(max_block, dtype=np.float32)
        self._buffer = np.zeros(n_fft + max_block, dtype=np.float32)
        self._counters = np.zeros(3, dtype=np.int64)
        self.state = (self._incoming, self._buffer, self._counters, n_fft, hop_length)
        self.max_frames = max_block // hop_length + 1
        rows = self._buffer[n_fft - hop_length :][: self.max_frames * hop_length]
        self.rows = rows.reshape(self.max_frames, hop_length)
        self.reset()

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take a block; return the stretch of samples whose frames it completes.

        Parameters
        ----------
        samples : np.ndarray, shape=(n,), float32

        Returns
        -------
        np.ndarray, shape=(n_fft + (n_frames - 1) * hop_length,), float32
            Frame ``i`` of the push is ``stretch[i * hop_length : i * hop_length + n_fft]``; empty
            if no frame is complete. A view, valid until the next push.

        Raises
        ------
        ValueError
            A block longer than ``max_block``.
        """
        complete = push_framing(self.take(samples), self.state)
        if not complete:
            return self._buffer[:0]
        return self._buffer[: self.n_fft + (complete - 1) * self.hop_length]

    def take(self, samples: np.ndarray) -> int:
        """Put a block where `push_framing` finds it; return its length.

        Kernels get the copy: whatever dtype, layout or flags the block has, they are compiled once.

        Raises
        ------
        ValueError
            A block longer than ``max_block``.
        """
        n = len(samples)
        if n > self.max_block:
            raise ValueError(f"block of {n} samples is longer than max_block {self.max_block}")
        self._incoming[:n] = samples
        return n

    @property
    def first(self) -> int:
        """Index of the first frame of the last push."""
        return int(self._counters[_FIRST])

    @property
    def hops(self) -> np.ndarray:
        """New samples of the frames of the last push, shape=(n_frames, hop_length), a view."""
        return self.rows[: self._counters[_COMPLETE]]

    @property
    def frames(self) -> np.ndarray:
        """The frames of the last push, shape=(n_frames, n_fft), overlapping read-only views."""
        step = self._buffer.strides[0]
        return np.lib.stride_tricks.as_strided(
            self._buffer,
            shape=(int(self._counters[_COMPLETE]), self.n_fft),
            strides=(self.hop_length * step, step),
            writeable=False,
        )

    def reset(self) -> None:
        """Start a new stream."""
        self._buffer[:] = 0.0
        self._counters[:] = self.n_fft - self.hop_length, 0, 0
