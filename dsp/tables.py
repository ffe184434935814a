"""Tables that all streams of a process share: the same numbers stand in memory once.

Conventions
-----------
A *table* is an array that nobody changes once it is built: windows, filters, weights. Stages build
their tables as if they were alone, and `shared` returns the one array of the process that holds
these numbers, so that a processor's caches keep it once for all streams. It is read-only,
contiguous and begins with a line of cache (64 bytes), so that no vector lies across two. When the
last stage that has a table is gone, so is the table.
"""

from __future__ import annotations

import hashlib
from weakref import WeakValueDictionary

import numpy as np

LINE = 64
"""Bytes of a line of cache."""

_TABLES: WeakValueDictionary[tuple[str, tuple[int, ...], bytes], np.ndarray] = WeakValueDictionary()


def shared(table: np.ndarray) -> np.ndarray:
    """Return the array of the process that holds the numbers of ``table``, of any shape."""
    table = np.ascontiguousarray(table)
    digest = hashlib.sha256(table.tobytes()).digest()
    key = (table.dtype.str, table.shape, digest)
    found = _TABLES.get(key)
    if found is None:
        found = _TABLES[key] = _aligned(table)
    return found


def _aligned(table: np.ndarray) -> np.ndarray:
    """Copy a table to where a line of cache begins; nobody can write there."""
    memory = np.empty(table.nbytes + LINE, dtype=np.uint8)
    start = -memory.ctypes.data % LINE
    copy = memory[start : start + table.nbytes].view(table.dtype).reshape(table.shape)
    copy[...] = table
    copy.flags.writeable = False
    return copy
