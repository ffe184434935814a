"""When: a gate that opens only after a while, and how often the host may be asked.

Conventions
-----------
No clock: times are seconds that the caller gives, and never go back.
"""

from __future__ import annotations

import math
from collections import deque

MINUTE_S = 60.0
MOST = 10
"""Requests that are remembered, no fewer than may be made in a minute."""


class Gate:
    """Opens when something has been likely for a while, and closes when it no longer is.

    It closes below the threshold less `SLACK`, so that it does not flutter, and just as late.
    """

    SLACK = 0.2

    def __init__(self) -> None:
        self.open = False
        self._since_s = math.inf  # since when the other state would be right

    def update(self, probability: float, threshold: float, for_s: float, now_s: float) -> None:
        """Take the probability now."""
        limit = threshold - self.SLACK if self.open else threshold
        if (probability >= limit) == self.open:
            self._since_s = math.inf
        else:
            self._since_s = min(self._since_s, now_s)
            if now_s - self._since_s >= for_s:
                self.open, self._since_s = not self.open, math.inf

    def wait(self) -> None:
        """Stay as it is, since nothing is known; what was likely has to last anew."""
        self._since_s = math.inf

    def reset(self) -> None:
        """Close, and forget."""
        self.open, self._since_s = False, math.inf


class Pace:
    """How often: a shortest stay, and a limit for each minute."""

    def __init__(self) -> None:
        self._asked_s: deque[float] = deque()
        self._begun_s = -math.inf
        self._not_before_s = -math.inf

    def ask(self, now_s: float) -> None:
        """Note that the host is asked now."""
        self._asked_s.append(now_s)
        self._begun_s = now_s

    def begin(self, now_s: float) -> None:
        """Note that asked-for music begins now: the stay counts from here."""
        self._begun_s = now_s

    def rest(self, until_s: float) -> None:
        """Ask nothing before then."""
        self._not_before_s = max(self._not_before_s, until_s)

    def wait_s(self, stay_s: float, per_minute: int, now_s: float, between_s: float = 0.0) -> float:
        """How long to wait until the host may be asked; 0 for now.

        Parameters
        ----------
        stay_s : float
            Shortest stay in music that was asked for, from its beginning.
        per_minute : int
            Most requests a minute.
        now_s : float
            The time.
        between_s : float
            Shortest time from one request to the next.
        """
        while len(self._asked_s) > MOST:
            self._asked_s.popleft()
        last_s = self._asked_s[-1] if self._asked_s else -math.inf
        ready_s = max(self._begun_s + stay_s, last_s + between_s, self._not_before_s)
        if len(self._asked_s) >= per_minute:  # perhaps long ago, which does not matter
            ready_s = max(ready_s, self._asked_s[-per_minute] + MINUTE_S)
        return max(ready_s - now_s, 0.0)
