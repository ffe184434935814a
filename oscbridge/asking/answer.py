r"""How this player's valence answers to what the music expresses: along with it, or against it.

Conventions
-----------
What is felt, :math:`f`, is taken to go within `TAU_S` to a level that depends on the music's
valence :math:`m`: :math:`\dot f = (c + b m - f) / \tau`. The answer is :math:`b`: positive where
the player goes along, negative where music works the opposite way. A Kalman filter over
:math:`(f, c, b)` learns it from all that is felt before and after the music changes, each word
counting by its own uncertainty; the prior of :math:`b` is that players go along. Times are seconds
that the caller gives.

Limits: one number for all music, and only for valence. What else makes a player feel better or
worse at the very moment at which the music changes is taken for the music's doing.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from oscbridge.asking.evidence import reading_of
from oscbridge.feeling.pool import PRIOR_SD

if TYPE_CHECKING:
    from oscbridge.fusion import Feeling

TAU_S = 20.0
"""Valence in music is recognised, and answered to, in fifteen to twenty seconds."""
PRIOR = (0.5, 0.5)
"""Mean and deviation of the answer of a player who is not known: six of seven go along."""
DRIFT = 0.03
"""Deviation by which a feeling moves in a second for reasons of its own."""
EVERY_S = 1.0
PAUSE_S = 10.0
"""After a longer silence a feeling may be anywhere, and what is known of the answer stays."""
OWN_SD = PRIOR_SD / 2.0
"""Deviation of the level that has nothing to do with music: half of how far players differ."""
TRY = 0.5
"""From this probability of a negative answer, as likely as not, the opposite is the better guess,
and soon shows whether it was."""
ALONG = 0.4
"""Below this one the player is taken to go along again."""
SURE = 0.8
"""Once that was wrong, from this one: who answers to nothing is not led to and fro."""


class Answer:
    """Learns.

    Attributes
    ----------
    against : bool
        Whether the player is taken to feel the opposite of what music expresses.
    """

    def __init__(self) -> None:
        self.against = False
        self._from = TRY
        self._mean = np.array([0.0, 0.0, PRIOR[0]])
        self._covariance = np.diag([PRIOR_SD**2, OWN_SD**2, PRIOR[1] ** 2])
        self._at_s = -math.inf

    @property
    def probability(self) -> float:
        """That the answer is negative."""
        mean, variance = float(self._mean[2]), float(self._covariance[2, 2])
        return NormalDist(mean, math.sqrt(variance)).cdf(0.0)

    def update(self, feeling: Feeling, music: float, now_s: float) -> None:
        """Take how the player feels while music of this valence plays."""
        passed_s = now_s - self._at_s
        if passed_s < EVERY_S:
            return
        self._at_s = now_s
        if passed_s > PAUSE_S:
            self._lose_sight()
            passed_s = EVERY_S
        self._predict(music, passed_s)
        said = reading_of(feeling)
        if said is not None:
            self._correct(said.valence, said.noise(passed_s))
        if self.against and self.probability < ALONG:
            self.against, self._from = False, SURE
        elif self.probability >= self._from:
            self.against = True

    def _predict(self, music: float, passed_s: float) -> None:
        kept = math.exp(-passed_s / TAU_S)
        moves = np.eye(3)
        moves[0] = kept, 1.0 - kept, (1.0 - kept) * music
        self._mean = moves @ self._mean
        self._covariance = moves @ self._covariance @ moves.T
        self._covariance[0, 0] += DRIFT**2 * passed_s

    def _correct(self, felt: float, noise: float) -> None:
        shared = self._covariance[0].copy()
        gain = shared / (shared[0] + noise)
        self._mean = self._mean + gain * (felt - self._mean[0])
        self._covariance = self._covariance - np.outer(gain, shared)

    def _lose_sight(self) -> None:
        """Forget where the player was."""
        self._mean[0] = 0.0
        self._covariance[0, :] = self._covariance[:, 0] = 0.0
        self._covariance[0, 0] = PRIOR_SD**2
