"""Lines through a pipe, read with a time limit and written without waiting.

Conventions
-----------
A line has no line end in it. What a full pipe takes in part is completed by the next line. A line
of more than `LONGEST` bytes is none of ours: it is passed over whole, and memory stays bounded.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from typing import IO

from oscbridge.sources.byte_pipe import open_pipe

LONGEST = 1 << 20
_MOST_BYTES = 65_536


class LineReader:
    """Reads lines.

    Parameters
    ----------
    fd : int
        File descriptor.

    Attributes
    ----------
    ended : bool
        Whether the other side has closed its end; lines may still wait.
    rest : bytes
        What came after the last line end: the begin of a line, or one that will never be whole.
    """

    def __init__(self, fd: int) -> None:
        self._pipe = open_pipe(fd, _MOST_BYTES)
        self._lines: deque[bytes] = deque()
        self.rest = b""
        self._passing = False  # the rest of a line that is too long
        self.ended = False

    def take(self, timeout_s: float) -> bytes | None:
        """Next line; None when none came within ``timeout_s`` seconds, or when all have ended."""
        deadline_s = time.monotonic() + timeout_s
        while not self._lines and not self.ended:
            data = self._pipe.take(deadline_s - time.monotonic())
            if data is None:
                return None
            self.ended = not data
            self._divide(data)
        return self._lines.popleft() if self._lines else None

    def _divide(self, data: bytes) -> None:
        """Add what came to the lines."""
        *whole, self.rest = (self.rest + data).split(b"\n")
        if whole and self._passing:
            self._passing = False
            del whole[0]
        self._lines += whole
        if self._passing or len(self.rest) > LONGEST:
            self._passing = True
            self.rest = b""

    def close(self) -> None:
        """Read no more."""
        self._pipe.close()


class LineWriter:
    """Writes lines; any thread may.

    Parameters
    ----------
    pipe : file
        The writing end of a pipe.

    Attributes
    ----------
    prompt : bool
        Whether `put` never waits; Windows learned it with Python 3.12.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._rest = b""  # of a line that the pipe took in part
        self._writing = threading.Lock()
        try:
            os.set_blocking(pipe.fileno(), False)
            self.prompt = True
        except (OSError, AttributeError):
            self.prompt = False

    def put(self, line: bytes) -> bool:
        """Write a line; False where the other side takes nothing, then it is lost whole."""
        with self._writing:
            if self._pipe.closed:
                return False
            fd = self._pipe.fileno()
            try:
                while self._rest:
                    self._rest = self._rest[os.write(fd, self._rest) :]
                data = line + b"\n"
                self._rest = data[os.write(fd, data) :]
            except OSError:  # full, or nobody reads
                return False
            return True

    def close(self) -> None:
        """End the lines; a second call does nothing."""
        with self._writing, contextlib.suppress(OSError):
            self._pipe.close()
