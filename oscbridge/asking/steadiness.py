"""What the player feels, without the readings that do not last.

Conventions
-----------
Sensors err now and then, and feelings do not jump: what the policy acts on is the median of the
last seconds, axis by axis. A real change is seen half of that time later, and one wrong reading in
five never. Times are seconds that the caller gives.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oscbridge.fusion import Feeling


class Steadiness:
    """Keeps the last feelings."""

    def __init__(self) -> None:
        self._felt: deque[tuple[float, Feeling]] = deque()

    def update(self, feeling: Feeling, for_s: float, now_s: float) -> Feeling:
        """The feeling with the median of the last ``for_s`` seconds in place of its values."""
        self._felt.append((now_s, feeling))
        while self._felt[0][0] < now_s - for_s:
            self._felt.popleft()
        return feeling._replace(
            valence=median(felt.valence for _, felt in self._felt),
            arousal=median(felt.arousal for _, felt in self._felt),
            negative=median(felt.negative for _, felt in self._felt),
        )
