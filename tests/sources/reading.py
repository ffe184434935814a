"""What a ring holds, copied out of it."""

from __future__ import annotations

import numpy as np

from oscbridge.ring import Ring


def read(ring: Ring, limit: int | None = None, until: int | None = None) -> tuple[np.ndarray, int]:
    """The oldest frames that are still whole, shape=(n, channels), and those lost before them."""

    def take(at: int, count: int) -> np.ndarray:
        return ring.rows[np.arange(at, at + count) % ring.capacity]

    limit = ring.capacity if limit is None else limit
    frames, gap = ring.fetch(take, limit, ring.written if until is None else until)
    return frames.reshape(-1, ring.channels), gap
