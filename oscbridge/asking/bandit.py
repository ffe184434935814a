"""What to try: a contextual bandit over strategies and steps, with the probability of each choice.

Conventions
-----------
A context is a word for the situation, a choice one of `CHOICES`. Rewards are -1..1. Deterministic
for a seed and the rewards that it is told.

Notes
-----
Means of the rewards by context and choice, with one of `HOPES` as their prior, go through a
softmax; a share `EXPLORE` of the probability is spread evenly, so that every choice keeps at least
``EXPLORE / len(CHOICES)`` and what was logged can judge any other policy
(`oscbridge.asking.off_policy`).
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from oscbridge.asking.settings import StrategyName

EXPLORE = 0.2
TEMPERATURE = 0.1
"""Means that differ by so much differ in probability by a factor of e."""


class Choice(NamedTuple):
    """A strategy, and the longest step where it walks."""

    strategy: StrategyName
    step: float

    @property
    def name(self) -> str:
        """For the log: ``"iso 0.25"``; a step means nothing to the others."""
        return f"{self.strategy} {self.step:g}" if self.strategy == "iso" else self.strategy


CHOICES = (
    Choice("match", 0.25),
    Choice("iso", 0.10),
    Choice("iso", 0.175),
    Choice("iso", 0.25),
    Choice("compensate", 0.25),
)


HOPES = dict(zip(CHOICES, (0.0, 0.05, 0.1, 0.15, 0.4), strict=True))
"""Reward that each is thought to have brought once before it was tried."""


class Bandit:
    """Prefers what has helped; before anything has, what is most direct.

    Parameters
    ----------
    seed : int
        Of what it tries.
    """

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._known: dict[tuple[str, Choice], tuple[float, float]] = {}  # count, sum

    def probabilities(self, context: str, without: str = "") -> tuple[float, ...]:
        """Probability of each of `CHOICES`; they sum to 1. ``without``: not this strategy."""
        allowed = [choice.strategy != without for choice in CHOICES]
        weights = [
            math.exp(self._mean(context, choice) / TEMPERATURE) * may
            for choice, may in zip(CHOICES, allowed, strict=True)
        ]
        total, even = sum(weights), EXPLORE / sum(allowed)
        return tuple(
            (1.0 - EXPLORE) * weight / total + even * may
            for weight, may in zip(weights, allowed, strict=True)
        )

    def choose(self, context: str, without: str = "") -> tuple[Choice, float]:
        """A choice, and the probability that it had."""
        probabilities = self.probabilities(context, without)
        (place,) = self._dice.choices(range(len(CHOICES)), probabilities)
        return CHOICES[place], probabilities[place]

    def learn(self, context: str, choice: Choice, reward: float) -> None:
        """Take what a choice has brought."""
        count, total = self._known.get((context, choice), (1.0, HOPES[choice]))
        self._known[context, choice] = count + 1.0, total + reward

    def _mean(self, context: str, choice: Choice) -> float:
        count, total = self._known.get((context, choice), (1.0, HOPES[choice]))
        return total / count
