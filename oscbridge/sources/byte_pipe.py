"""The reading end of a pipe, for a reader who waits with a time limit.

Conventions
-----------
`take` returns what has arrived, ``b""`` at the end of the stream, None when nothing came in time.
Where the system can wait for a pipe with a time limit, the reader itself does and is woken at once;
elsewhere (Windows) a thread waits and hands over, which costs a change of threads.
"""

from __future__ import annotations

import os
import select
import threading
from typing import Protocol

from oscbridge.sources.handover import Handover

_QUEUED_READS = 16


class BytePipe(Protocol):
    """Bytes that arrive from somewhere else."""

    @property
    def fd(self) -> int | None:
        """What can be waited for beside other things; None where only `take` can wait."""
        ...

    def take(self, timeout_s: float) -> bytes | None:
        """What has arrived; ``b""`` at the end, None when nothing came within ``timeout_s``."""
        ...

    def close(self) -> None:
        """Read no more; the file descriptor stays open."""
        ...


class PolledPipe:
    """A pipe that its reader waits for.

    Parameters
    ----------
    fd : int
        File descriptor to read.
    most : int
        Bytes to take at once.
    """

    def __init__(self, fd: int, most: int) -> None:
        self.fd = fd
        self._most = most
        self._poll = select.poll()
        self._poll.register(fd, select.POLLIN)

    def take(self, timeout_s: float) -> bytes | None:
        """What has arrived; ``b""`` at the end, None when nothing came within ``timeout_s``."""
        if not self._poll.poll(max(timeout_s, 0.0) * 1e3):
            return None
        try:
            return os.read(self.fd, self._most)
        except OSError:
            return b""

    def close(self) -> None:
        """Read no more: nothing reads but `take`."""


class ThreadedPipe:
    """A pipe that a thread reads.

    Parameters
    ----------
    fd, most
        As of `PolledPipe`.
    """

    fd = None

    def __init__(self, fd: int, most: int) -> None:
        self._fd = fd
        self._most = most
        self._reads: Handover[bytes] = Handover(_QUEUED_READS)
        threading.Thread(target=self._run, name="pipe-reader", daemon=True).start()

    def take(self, timeout_s: float) -> bytes | None:
        """What has arrived; ``b""`` at the end, None when nothing came within ``timeout_s``."""
        return self._reads.take(timeout_s)

    def close(self) -> None:
        """Read no more; a read under way ends with the stream."""
        self._reads.close()

    def _run(self) -> None:
        data = b"?"
        while data and not self._reads.closed:
            try:
                data = os.read(self._fd, self._most)
            except OSError:
                data = b""
            self._reads.put(data)


def open_pipe(fd: int, most: int) -> BytePipe:
    """Begin to read ``fd``, at most ``most`` bytes at once, in the way that suits this system."""
    return PolledPipe(fd, most) if hasattr(select, "poll") else ThreadedPipe(fd, most)
