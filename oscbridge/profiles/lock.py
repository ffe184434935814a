"""A file that only one process may hold at a time: the system lets go of it when the process ends.

Conventions
-----------
The lock is the system's (``flock``, on Windows ``locking``), not the file's presence: a process
that was killed leaves the file, and holds nothing.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PID_BYTES = 16
_BEHIND = 1 << 20
"""Where Windows locks a byte: what lies within a lock cannot be read there by others."""


class HeldError(OSError):
    """Somebody else holds the lock.

    Attributes
    ----------
    holder : str
        Number of the process, where it is known.
    """

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"held by process {holder}")


class Lock:
    """A lock that is held until `release`.

    Parameters
    ----------
    path : Path
        The file; made if it is not there.

    Raises
    ------
    HeldError
        Somebody else holds it.
    OSError
        The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        try:
            _take(self._fd)
        except OSError:
            os.lseek(self._fd, 0, os.SEEK_SET)
            holder = os.read(self._fd, _PID_BYTES).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise HeldError(holder or "unknown") from None
        with contextlib.suppress(OSError):  # a full disk: the lock holds without its holder's name
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.write(self._fd, f"{os.getpid()}".ljust(_PID_BYTES).encode())

    def release(self) -> None:
        """Let go; a second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> None:
        os.lseek(fd, _BEHIND, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
