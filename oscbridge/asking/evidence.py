"""What was said of the player's valence, gathered over time: how probable it is that it is bad.

Conventions
-----------
One word of a weak sensor says little; many of them say more, as far as they err independently.
`Gathered` is a Kalman filter over valence as a random walk: each word counts by its own
uncertainty, less the older it is, and sensors' errors last, so that words within `LASTING_S` are
one. What the music expresses is no evidence of what the player feels, and does not come in here.

Words are the fused feelings, of which the readings that do not last were left out before
(`oscbridge.asking.steadiness`). So one that lies farther from what was gathered than errors explain
is a change that lasts, and it counts at once: nothing has to be outvoted. Times are seconds that
the caller gives.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from oscbridge.feeling.pool import PRIOR_SD, Belief

if TYPE_CHECKING:
    from oscbridge.fusion import Feeling

LASTING_S = 4.0
"""Errors of sensors last for so long: words within it are not evidence of their own."""
MOVES = 0.08
"""Deviation by which valence moves in a second, whatever moves it: 0.5 in forty seconds."""
CHANGED = 3.0
"""A word that lies so many deviations away is a change."""


class Reading(NamedTuple):
    """What a word says by itself, without the prior that draws a best guess to neutral.

    Attributes
    ----------
    valence : float
        What was read; beyond -1..1 where errors have it.
    variance : float
        Of its error.
    """

    valence: float
    variance: float

    def noise(self, passed_s: float) -> float:
        """The variance that it counts with, so soon after the last one."""
        return self.variance * max(LASTING_S / passed_s, 1.0)


def reading_of(feeling: Feeling) -> Reading | None:
    """What a feeling says of valence; None where it says nothing.

    Notes
    -----
    A best guess x of deviation s explains the share r = 1 - s²/s0² of the prior's variance: it is
    that of a reading x/r whose error has the variance s²/r.
    """
    explained = 1.0 - (feeling.valence_sd / PRIOR_SD) ** 2
    if explained <= 0.0:
        return None
    return Reading(feeling.valence / explained, feeling.valence_sd**2 / explained)


class Gathered:
    """Gathers.

    Attributes
    ----------
    belief : Belief
        About the player's valence.
    """

    def __init__(self) -> None:
        self.belief = Belief()
        self._at_s = -math.inf

    def update(self, feeling: Feeling, now_s: float) -> Belief:
        """Take what is said now; what is believed then."""
        passed_s = now_s - self._at_s
        if passed_s <= 0.0:
            return self.belief
        self._at_s = now_s
        mean, variance = self.belief.mean, self.belief.sd**2
        variance = min(variance + MOVES**2 * passed_s, PRIOR_SD**2)
        said = reading_of(feeling)
        if said is not None:
            surprise = said.valence - mean
            if surprise**2 > CHANGED**2 * (variance + said.variance):
                mean, variance = feeling.valence, feeling.valence_sd**2
            else:
                gain = variance / (variance + said.noise(passed_s))
                mean, variance = mean + gain * surprise, (1.0 - gain) * variance
        self.belief = Belief(mean, math.sqrt(variance))
        return self.belief
