"""A study: every kind of player with every driver, many seeds, and what the policy was to reach.

Conventions
-----------
Three parts. The *main* part has right readings; the *wrong* part repeats the policy with a share of
readings that have nothing to do with the player; the *incident* part, in which people interfere
and the host refuses, looks for violations only, as the others do, too. Figures are over all kinds
of players, each counting the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from oscbridge.simulation.drivers import ADAPTIVE, FIXED, ORACLE
from oscbridge.simulation.player import KINDS
from oscbridge.simulation.run import Course, Plan, simulate
from oscbridge.simulation.scores import Estimate, Scores, estimate, ratio, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oscbridge.asking.settings import PolicySettings

DEFAULT = "iso"
"""The strategy that the goals are about."""
WRONG = 0.2
MOST_DEGRADED = 1.10
"""Time to target with wrong readings, over that with right ones, at most."""
MOST_OF_FIXED = 0.75
"""Time to target over that with a fixed plan, at most: a quarter shorter."""


class Cell(NamedTuple):
    """One kind of player with one driver."""

    kind: str
    driver: str
    part: str


@dataclass(frozen=True, slots=True)
class Design:
    """What a study is made of.

    Attributes
    ----------
    kinds, drivers : tuple of str
        Players, and who asks for music; the oracle is always there.
    seeds : int
        Sessions of each.
    seconds : float
        Length of a session.
    judged : str
        The driver that the goals are about.
    """

    kinds: tuple[str, ...] = tuple(KINDS)
    drivers: tuple[str, ...] = (*FIXED, *ADAPTIVE)
    seeds: int = 30
    seconds: float = 300.0
    judged: str = DEFAULT

    def plans(self) -> Iterator[tuple[Cell, Plan]]:
        """All sessions, and the cell that each belongs to."""
        for seed in range(self.seeds):
            for kind in self.kinds:
                for driver in dict.fromkeys((*self.drivers, ORACLE)):
                    yield Cell(kind, driver, "main"), Plan(kind, driver, seed, self.seconds)
                for driver in self.policies:
                    wrong = Plan(kind, driver, seed, self.seconds, WRONG)
                    yield Cell(kind, driver, "wrong"), wrong
                    yield Cell(kind, driver, "incidents"), replace(wrong, incidents=True)

    @property
    def policies(self) -> tuple[str, ...]:
        """Those of the drivers that are the policy's."""
        return tuple(driver for driver in self.drivers if driver in ADAPTIVE)

    @property
    def plans_against(self) -> tuple[str, ...]:
        """Those of the drivers that are fixed plans."""
        return tuple(driver for driver in self.drivers if driver in FIXED)

    @property
    def count(self) -> int:
        """How many sessions."""
        return sum(1 for _ in self.plans())


class Goal(NamedTuple):
    """Something that was to be reached, and whether it was."""

    name: str
    wanted: str
    found: Estimate
    reached: bool


@dataclass(slots=True)
class Study:
    """What came of a study.

    Attributes
    ----------
    design : Design
        What it is made of.
    scores : dict of Cell to list of Scores
        One a seed, in order.
    examples : dict of Cell to Course
        The session of the first seed of each cell of the main part.
    """

    design: Design
    scores: dict[Cell, list[Scores]] = field(default_factory=dict)
    examples: dict[Cell, Course] = field(default_factory=dict)

    def of(self, driver: str, figure: str, *, kind: str = "", part: str = "main") -> np.ndarray:
        """A figure of a driver, one a seed: of a kind of player, or the mean over all of them.

        Returns
        -------
        np.ndarray, shape=(n_seeds,), float64
        """
        kinds = (kind,) if kind else self.design.kinds
        rows = [
            [getattr(one, figure) for one in self.scores[Cell(kind, driver, part)]]
            for kind in kinds
        ]
        return np.array(rows).mean(0)

    def regret(self, driver: str, kind: str = "") -> np.ndarray:
        """How much farther from the goal than with the oracle, one a seed."""
        return self.of(driver, "distance", kind=kind) - self.of(ORACLE, "distance", kind=kind)

    @property
    def violations(self) -> int:
        """Requests of the policy in all sessions that ought not to have been made."""
        return round(sum(one.violations for cell in self.scores.values() for one in cell))

    def degradation(self, driver: str) -> Estimate:
        """Time to target with wrong readings, over that with right ones."""
        return ratio(self.of(driver, "time_s", part="wrong"), self.of(driver, "time_s"))

    def against(self, driver: str, plan: str) -> Estimate:
        """Time to target over that with a fixed plan."""
        return ratio(self.of(driver, "time_s"), self.of(plan, "time_s"))

    def goals(self) -> list[Goal]:
        """What the strategy that is judged was to reach."""
        judged, count = self.design.judged, self.violations
        none = Estimate(count, count, count)
        degraded = self.degradation(judged)
        found = [
            Goal("violations of dwell and safety", "none", none, count == 0),
            Goal(
                f"{judged}: time to target where 20 % of readings are wrong",
                f"at most {MOST_DEGRADED:.2f} times that with right ones",
                degraded,
                degraded.mean <= MOST_DEGRADED,
            ),
        ]
        for plan in self.design.plans_against:
            share = self.against(judged, plan)
            wanted = f"at most {MOST_OF_FIXED:.2f} times that with {plan!r}"
            reached = share.mean <= MOST_OF_FIXED
            found.append(Goal(f"{judged}: time to target", wanted, share, reached))
        return found


def conduct(
    design: Design,
    policy: PolicySettings | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Study:
    """Simulate all sessions of a study.

    Parameters
    ----------
    design : Design
        What it is made of.
    policy : PolicySettings, optional
        Limits and goal.
    on_progress : callable
        Gets how many sessions are done, and how many there are.

    Raises
    ------
    SettingsError
        No such kind of player.
    """
    study, count = Study(design), design.count
    for number, (cell, plan) in enumerate(design.plans(), start=1):
        course = simulate(plan, policy)
        study.scores.setdefault(cell, []).append(score(course))
        if cell.part == "main" and plan.seed == 0:
            study.examples[cell] = course
        on_progress(number, count)
    return study


def summary(study: Study, driver: str, kind: str = "") -> dict[str, Estimate]:
    """The figures of a driver, with intervals."""
    names = ("time_s", "reached", "overshoot", "per_minute")
    found = {name: estimate(study.of(driver, name, kind=kind)) for name in names}
    return found | {"regret": estimate(study.regret(driver, kind))}
