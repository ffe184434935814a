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
    first : int
        Index of the first frame of the last push.

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
        self._history = n_fft - hop_length
        self._buffer = np.zeros(self._history + hop_length + max_block, dtype=np.float32)
        self.max_frames = (len(self._buffer) - n_fft) // hop_length + 1
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
        n = len(samples)
        if n > self.max_block:
            raise ValueError(f"block of {n} samples is longer than max_block {self.max_block}")
        self._discard()
        self._buffer[self._fill : self._fill + n] = samples
        self._fill += n
        self._complete = (self._fill - self._history) // self.hop_length
        if not self._complete:
            return self._buffer[:0]
        return self._buffer[: self._history + self._complete * self.hop_length]

    @property
    def frames(self) -> np.ndarray:
        """The frames of the last push, shape=(n_frames, n_fft), overlapping read-only views."""
        step = self._buffer.strides[0]
        return np.lib.stride_tricks.as_strided(
            self._buffer,
            shape=(self._complete, self.n_fft),
            strides=(self.hop_length * step, step),
            writeable=False,
        )

    @property
    def hops(self) -> np.ndarray:
        """New samples of the frames of the last push, shape=(n_frames, hop_length), a view."""
        stop = self._history + self._complete * self.hop_length
        return self._buffer[self._history : stop].reshape(self._complete, self.hop_length)

    def _discard(self) -> None:
        """Move what the last push left over to the front of the buffer."""
        if self._complete:
            done = self._complete * self.hop_length
            left = self._fill - done
            self._buffer[:left] = self._buffer[done : self._fill]
            self._fill = left
            self.first += self._complete
            self._complete = 0

    def reset(self) -> None:
        """Start a new stream."""
        self._buffer[:] = 0.0
        self._fill = self._history
        self._complete = 0
        self.first = 0
