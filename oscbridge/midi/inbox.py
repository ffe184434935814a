"""MIDI messages that wait to be taken, each with the instant at which it came.

Conventions
-----------
One thread puts, another takes; neither waits for the other. Times are those of ``time.monotonic``,
told as ages, so that they mean something in another process too.
"""

from __future__ import annotations

import time
from collections import deque

MOST_WAITING = 65_536
"""Messages that may wait for a reader; older ones are dropped."""


class Inbox:
    """What came and was not taken yet."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, bytes]] = deque(maxlen=MOST_WAITING)

    def put(self, message: bytes, age_s: float = 0.0) -> None:
        """Keep a message that came ``age_s`` seconds ago."""
        self._waiting.append((time.monotonic() - age_s, message))

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, oldest first, each with its age in seconds."""
        now_s = time.monotonic()
        taken: list[tuple[float, bytes]] = []
        while self._waiting:
            came_s, message = self._waiting.popleft()
            taken.append((max(now_s - came_s, 0.0), message))
        return taken
