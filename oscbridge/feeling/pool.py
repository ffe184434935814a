"""How opinions about one axis become one: the logarithmic pool, and S0's fixed weights.

Conventions
-----------
The truth on an axis is -1..1, and before anybody speaks it is N(0, `PRIOR_SD` ²). An `Opinion` is a
best guess: the mean of what its source believes, and the share of the prior's variance that the
guess explains. Alone at full weight it is believed as it is.

Notes
-----
The logarithmic opinion pool is log p = log p0 + Σ w (log p_m - log p0) + const. With the opinion's
belief p_m = N(x, s0² (1 - r)), r its share, it is Gaussian again, with ::

    precision = 1/s0² + Σ w r / ((1 - r) s0²)        mean = Σ w x / ((1 - r) s0²) / precision

Every term of the precision is 0 or more: whoever falls silent never makes the rest surer. Opinions
that err independently (given the truth) and have w = 1 make it Bayes' rule.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRIOR_SD = 0.5
"""Of what players feel, per axis, before anything is known of one."""
MOST_SHARE = 0.99
"""Nobody knows better."""


class Opinion(NamedTuple):
    """What one channel says about one axis.

    Attributes
    ----------
    point : float
        Best guess, -1..1.
    share : float
        Share of the variance that it explains, 0..1.
    weight : float
        How much of it counts, 0..1: fades with age.
    """

    point: float
    share: float
    weight: float

    @property
    def evidence(self) -> float:
        """What it adds to the precision, in units of the prior's."""
        share = min(self.share, MOST_SHARE)
        return self.weight * share / (1.0 - share)


class Belief(NamedTuple):
    """A Gaussian about one axis: mean and standard deviation."""

    mean: float = 0.0
    sd: float = PRIOR_SD

    def below(self, limit: float) -> float:
        """Probability that the truth lies below ``limit``."""
        return 0.5 * math.erfc((self.mean - limit) / (self.sd * math.sqrt(2.0)))


def pooled(opinions: Sequence[Opinion]) -> Belief:
    """Logarithmic pool of opinions that do not look at the same thing, with the prior."""
    precision, moment = 1.0, 0.0  # in units of the prior's precision
    for opinion in opinions:
        precision += opinion.evidence
        moment += opinion.weight * opinion.point / (1.0 - min(opinion.share, MOST_SHARE))
    return Belief(moment / precision, PRIOR_SD / math.sqrt(precision))


def as_one(opinions: Sequence[Opinion]) -> Opinion:
    """One opinion for those on one channel: their mean by weight, and no surer than the surest."""
    weights = [opinion.weight * opinion.share for opinion in opinions]
    total = sum(weights)
    if total <= 0.0:
        return Opinion(0.0, 0.0, 0.0)
    point = sum(w * opinion.point for w, opinion in zip(weights, opinions, strict=True)) / total
    return max(opinions, key=lambda opinion: opinion.evidence)._replace(point=point)


def mixed(beliefs: Sequence[tuple[float, Belief]]) -> Belief:
    """Mean and deviation of a linear pool with weights that sum to 1, as S0 fuses."""
    mean = sum(weight * belief.mean for weight, belief in beliefs)
    variance = sum(
        weight * (belief.sd**2 + (belief.mean - mean) ** 2) for weight, belief in beliefs
    )
    return Belief(mean, math.sqrt(variance))


def voted(probabilities: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """S0's label: the mean of probabilities with fixed weights; they must not be rounded before.

    Rounded to votes, weights of 0.7 and 0.3 always say what the first one says.
    """
    return sum(weight * probabilities[name] for name, weight in weights.items())
