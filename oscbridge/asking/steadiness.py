"""What the player feels, without the readings that do not last, and what they say together.

Conventions
-----------
Sensors err now and then, and feelings do not jump: what the policy acts on is the median of the
last seconds, axis by axis. A real change is seen half of that time later, and one wrong reading in
five never. How probable it is that the player feels bad is what these medians say together
(`oscbridge.asking.evidence`): a wrong word of half a minute's is outvoted, and many weak ones that
agree are sure. Times are seconds that the caller gives.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from oscbridge.asking.evidence import Gathered
from oscbridge.fusion import NEGATIVE

if TYPE_CHECKING:
    from oscbridge.feeling.pool import Belief
    from oscbridge.fusion import Feeling


class Steadiness:
    """Keeps the last feelings, and what was gathered from them."""

    def __init__(self) -> None:
        self._felt: deque[tuple[float, Feeling]] = deque()
        self._gathered = Gathered()

    @property
    def belief(self) -> Belief:
        """About the player's valence, after all that was said."""
        return self._gathered.belief

    def update(self, feeling: Feeling, for_s: float, now_s: float) -> Feeling:
        """The feeling as it was in the last ``for_s`` seconds, and how probably it is bad by all.

        Its values are the medians; its probability of a negative state is of what was gathered.
        """
        self._felt.append((now_s, feeling))
        while self._felt[0][0] < now_s - for_s:
            self._felt.popleft()
        steady = feeling._replace(
            valence=median(felt.valence for _, felt in self._felt),
            arousal=median(felt.arousal for _, felt in self._felt),
            valence_sd=median(felt.valence_sd for _, felt in self._felt),
        )
        return steady._replace(negative=self._gathered.update(steady, now_s).below(NEGATIVE))
