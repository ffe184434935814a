"""A ring in memory that two processes share: the capture process records, we listen.

Conventions
-----------
Whoever starts the other process reserves the memory and hands it on at the start: as an open file
without a name where a process inherits those, as a name elsewhere (Windows). How large it is only
the recording side knows, which maps it first. It is gone when both have let it go, or have ended.
"""

from __future__ import annotations

import mmap
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from oscbridge.ring import Ring, ring_bytes

_MEMORY_FOLDER = Path("/dev/shm")


class SharedMemory:
    """Memory for a ring, of no size yet.

    Attributes
    ----------
    key : int or str
        What the other process needs to know.
    inherited : tuple of int
        File descriptors that it has to inherit.

    Raises
    ------
    OSError
        There is no room for a file.
    """

    def __init__(self) -> None:
        self.key: int | str = f"oscbridge-{secrets.token_hex(8)}"
        self.inherited: tuple[int, ...] = ()
        self._file = None
        if os.name != "nt":
            folder = _MEMORY_FOLDER if _MEMORY_FOLDER.is_dir() else None
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
            self.key = self._file.fileno()
            self.inherited = (self.key,)

    def close(self) -> None:
        """Let it go; a ring that was opened in it lives on."""
        if self._file is not None:
            self._file.close()


def make_ring(key: int | str, capacity: int, channels: int) -> Ring:
    """Lay an empty ring into shared memory. Raises ``OSError`` where there is no room for it."""
    if isinstance(key, int):
        os.truncate(key, ring_bytes(capacity, channels))
    return open_ring(key, capacity, channels)


def open_ring(key: int | str, capacity: int, channels: int) -> Ring:
    """Open the ring that the other side made; sizes as it said. Raises ``OSError`` without one."""
    size = ring_bytes(capacity, channels)
    where: Any = {"fileno": key} if isinstance(key, int) else {"fileno": -1, "tagname": key}
    return Ring(capacity, channels, memoryview(mmap.mmap(length=size, **where)))
