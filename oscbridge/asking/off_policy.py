"""Judging a policy by what another one has tried: inverse propensity weights.

Conventions
-----------
Trials are those that a bandit has logged (`oscbridge.asking.trials.Trial`), with the probability of
what was chosen. A policy says with which probability it makes a choice in a context.

Notes
-----
The self-normalised estimator Σ w r / Σ w with w = π(choice | context) / propensity (Swaminathan and
Joachims 2015): biased by order 1/n, with far less variance than Σ w r / n. ``effective`` is
(Σ w)² / Σ w², the number of trials that it is worth; where that is small it says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.asking.bandit import Choice
    from oscbridge.asking.trials import Trial

    ChoiceProbability = Callable[[str, Choice], float]


class Estimate(NamedTuple):
    """Expected reward of a policy, and how many trials that rests upon."""

    reward: float
    effective: float


def judged(trials: Sequence[Trial], policy: ChoiceProbability) -> Estimate:
    """What a policy would have brought.

    Raises
    ------
    ValueError
        No trial made a choice that the policy could make.
    """
    weights = [policy(trial.context, trial.choice) / trial.propensity for trial in trials]
    total = sum(weights)
    if total <= 0.0:
        raise ValueError("nothing that this policy would do was ever tried")
    reward = sum(w * trial.reward for w, trial in zip(weights, trials, strict=True)) / total
    return Estimate(reward, total**2 / sum(weight**2 for weight in weights))
