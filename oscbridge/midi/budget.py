"""How much MIDI a port is spared: so many messages a second of each kind, and in all.

Conventions
-----------
Times are seconds of the caller's clock and never go back. A virtual port would take far more, but a
host handles MIDI in the thread of its picture, and a cable carries a thousand messages a second.
"""

from __future__ import annotations

import math
from collections import deque

SPACING_S = 0.02
"""Between two messages of one control or note: 50 a second at most."""
MOST_A_SECOND = 300
"""In all."""
RESERVE = 60
"""Kept back from values, so that every note can end and all controls can be put in order."""


class Budget:
    """Counts what was sent within the last second.

    Any window of one second holds at most `MOST_A_SECOND` messages, as long as those that ask
    nobody are at most `RESERVE` in a second.
    """

    def __init__(self) -> None:
        self._sent_s: deque[float] = deque(maxlen=MOST_A_SECOND)

    def due_s(self, count: int) -> float:
        """Instant from which ``count`` more messages may be sent."""
        most_before = MOST_A_SECOND - RESERVE - count
        if len(self._sent_s) <= most_before:
            return -math.inf
        return self._sent_s[-1 - most_before] + 1.0

    def spend(self, count: int, now_s: float) -> None:
        """Note that ``count`` messages are sent."""
        self._sent_s.extend([now_s] * count)
