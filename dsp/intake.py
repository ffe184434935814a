"""Intake: what a device or file delivers becomes clean mono.

Conventions
-----------
In: interleaved channels, shape (n, channels), any real dtype that casts to float32, full scale ±1.
Out: mono float32, shape (n,): the mean of the picked channels. NaN and infinite samples become 0
and are counted; samples beyond ±`LIMIT` are limited and counted, so that no power downstream
overflows. ``delay`` is 0. Samples are mixed where they lie, in rows that go round (a ring's) or
that `Intake.push` fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 64.0
"""Accepted range: 36 dB above full scale leaves room for hot float files."""


@kernel
def _mix(interleaved, picked, out, counts):
    n = interleaved.shape[0]
    scale = np.float32(1.0 / picked.shape[0])
    limit = np.float32(LIMIT)
    nonfinite = 0
    clipped = 0
    for i in range(n):
        total = np.float32(0.0)
        for c in picked:
            sample = interleaved[i, c]
            if not np.isfinite(sample):
                sample = np.float32(0.0)
                nonfinite += 1
            elif sample > limit:
                sample = limit
                clipped += 1
            elif sample < -limit:
                sample = -limit
                clipped += 1
            total += sample
        out[i] = total * scale
    counts[0] += nonfinite
    counts[1] += clipped
    return nonfinite + clipped


@kernel
def _mix_rows(at, n, held):
    """Mix ``n`` rows from ``at`` on; after the last comes the first. Returns how many it mended."""
    rows, picked, out, counts = opened(held)
    head = min(n, rows.shape[0] - at)
    mended = _mix(rows[at : at + head], picked, out[:head], counts)
    if head < n:
        mended += _mix(rows[: n - head], picked, out[head:n], counts)
    return mended


class Intake:
    """Mix channels to mono and keep bad samples out.

    Parameters
    ----------
    channels : int
        Channels of the input.
    pick : sequence of int, optional
        Channels to mix, counted from 0; all of them by default.
    max_block : int
        Longest block, frames.
    rows : np.ndarray, shape=(n, channels), float32, optional
        Where `take` finds frames that somebody else puts there; memory of its own by default.

    Attributes
    ----------
    nonfinite, clipped : int
        Samples replaced by 0 and samples limited since the last `reset`.
    mended : int
        Samples of the last block that were replaced or limited.

    Raises
    ------
    ValueError
        No channels, or a picked channel that does not exist.
    """

    delay = 0

    def __init__(
        self,
        channels: int,
        pick: Sequence[int] | None = None,
        max_block: int = 16384,
        rows: np.ndarray | None = None,
    ) -> None:
        if channels < 1:
            raise ValueError(f"channels must be 1 or more, not {channels}")
        picked = list(range(channels)) if pick is None else list(pick)
        if not picked or any(not 0 <= c < channels for c in picked):
            raise ValueError(f"picked channels {picked} must be among 0..{channels - 1}")
        self.channels = channels
        self.max_block = max_block
        if rows is None:
            rows = np.zeros((max_block, channels), dtype=np.float32)
        self._rows = rows
        self._out = np.zeros(max_block, dtype=np.float32)
        self._counts = np.zeros(2, dtype=np.int64)
        self._held = hold(rows, np.asarray(picked, dtype=np.int64), self._out, self._counts)
        self.take(0, 0)

    @property
    def nonfinite(self) -> int:
        """NaN and infinite samples met."""
        return int(self._counts[0])

    @property
    def clipped(self) -> int:
        """Samples beyond the accepted range met."""
        return int(self._counts[1])

    def push(self, interleaved: np.ndarray) -> np.ndarray:
        """Mix one block.

        Parameters
        ----------
        interleaved : np.ndarray, shape=(n, channels), float32

        Returns
        -------
        np.ndarray, shape=(n,), float32
            A view, valid until the next push.

        Raises
        ------
        ValueError
            Wrong number of channels, or a block longer than ``max_block``.
        """
        if interleaved.ndim != 2 or interleaved.shape[1] != self.channels:
            raise ValueError(f"expected shape (n, {self.channels}), got {interleaved.shape}")
        n = len(interleaved)
        if n > self.max_block:
            raise ValueError(f"block of {n} samples is longer than max_block {self.max_block}")
        self._rows[:n] = interleaved
        return self.take(0, n)

    def take(self, at: int, n: int) -> np.ndarray:
        """Mix ``n`` of the rows, `max_block` at most, from ``at`` on; the first follows the last.

        Returns
        -------
        np.ndarray, shape=(n,), float32
            A view, valid until the next call.
        """
        self.mended: int = _mix_rows(at, n, self._held)
        return self._out[:n]

    def reset(self) -> None:
        """Forget the counts."""
        self._counts[:] = 0
