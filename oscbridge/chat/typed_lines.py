"""Lines of standard input, as they are typed or piped in.

Conventions
-----------
A thread waits for them with a time limit, so that it can be ended while nobody types. At the end of
the input it ends by itself; a last line counts without its end, too.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from oscbridge.piped_lines import LineReader

if TYPE_CHECKING:
    from collections.abc import Callable

STDIN = 0
_POLL_S = 0.25
STOP_S = 2.0


class TypedLines:
    """Reads lines until they end or it is closed.

    Parameters
    ----------
    take : callable
        Takes each line without its end, in a thread of its own.
    fd : int
        File descriptor to read.

    Attributes
    ----------
    detail : str
        Empty: there is no trouble with it.
    """

    name = "standard input"

    def __init__(self, take: Callable[[str], None], fd: int = STDIN) -> None:
        self.detail = ""
        self._take = take
        self._reader = LineReader(fd)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensor-text-stdin", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Read no more; a second call does nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join(STOP_S)
            self._reader.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            line = self._reader.take(_POLL_S)
            if line is not None:
                self._say(line)
            elif self._reader.ended:
                if self._reader.rest:
                    self._say(self._reader.rest)
                return

    def _say(self, line: bytes) -> None:
        self._take(line.decode("utf-8", "replace").rstrip("\r"))
