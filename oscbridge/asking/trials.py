"""What is being tried on the player, and what it brings.

Conventions
-----------
A trial begins with the first request after there was reason to act, and ends when there is none any
more, when a person chooses other music, when it is stopped, after `LONGEST_S`, or when it has
failed: after `FAIR_S` the player feels worse than at its beginning by `WORSE`. Then another
strategy is next. Its reward is the
change of the player's valence, half the way that arousal came nearer to the goal, less `ANNOYED`
where a person has chosen, within -1..1. Times are seconds that the caller gives.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from models.types import quadrant_of
from oscbridge.asking.bandit import Bandit, Choice

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.fusion import Feeling

LONGEST_S = 90.0
FAIR_S = 20.0
WORSE = 0.08
ANNOYED = 0.5


class Trial(NamedTuple):
    """One line for the log, by which other policies can be judged.

    Attributes
    ----------
    context : str
        ``"q2"``: the player's quadrant, and what goes on in the game where it says so.
    choice : Choice
        What was tried.
    propensity : float
        The probability with which it was chosen, 0..1.
    reward : float
        What it brought, -1..1.
    """

    context: str
    choice: Choice
    propensity: float
    reward: float


class _Running(NamedTuple):
    context: str
    choice: Choice
    propensity: float
    begin: Feeling
    goal_arousal: float
    since_s: float


class Trials:
    """Tries, and keeps account.

    Parameters
    ----------
    seed : int
        Of what the bandit tries.
    """

    def __init__(self, seed: int) -> None:
        self.bandit = Bandit(seed)
        self._running: _Running | None = None
        self._feeling: Feeling | None = None
        self._annoyed = False
        self._failed = ""  # the strategy that failed just now
        self._over: list[Trial] = []

    def applied_to(self, settings: PolicySettings) -> PolicySettings:
        """The settings with what is being tried in their place."""
        if self._running is None or not settings.bandit or settings.strategy in ("off", "director"):
            return settings
        strategy, step = self._running.choice
        return replace(settings, strategy=strategy, step=min(step, settings.step))

    def begin(
        self, settings: PolicySettings, feeling: Feeling, context: str, now_s: float
    ) -> PolicySettings:
        """Choose what to try, unless something is being tried; the settings with it."""
        if self._running is None and settings.strategy != "director":
            situation = f"q{quadrant_of(feeling.valence, feeling.arousal)} {context}".rstrip()
            choice, propensity = self.bandit.choose(situation, self._failed)
            self._running = _Running(
                situation, choice, propensity, feeling, settings.goal_arousal, now_s
            )
            self._annoyed, self._failed = False, ""
        return self.applied_to(settings)

    def update(self, feeling: Feeling, now_s: float) -> None:
        """Take how the player feels."""
        if feeling.channels > 0:
            self._feeling = feeling
        running = self._running
        if running is None or now_s < running.since_s + FAIR_S:
            return
        failed = feeling.channels > 0 and feeling.valence < running.begin.valence - WORSE
        if failed:
            self._failed = running.choice.strategy
        if failed or now_s >= running.since_s + LONGEST_S:
            self.end()

    def annoy(self) -> None:
        """A person did not like it."""
        self._annoyed = True

    def end(self) -> None:
        """What is being tried is over."""
        running, self._running = self._running, None
        if running is None or self._feeling is None:
            return
        before, after = running.begin, self._feeling
        nearer = abs(before.arousal - running.goal_arousal) - abs(
            after.arousal - running.goal_arousal
        )
        reward = after.valence - before.valence + nearer / 2.0 - ANNOYED * self._annoyed
        trial = Trial(
            running.context,
            running.choice,
            running.propensity,
            math.copysign(min(abs(reward), 1.0), reward),
        )
        self.bandit.learn(trial.context, trial.choice, trial.reward)
        self._over.append(trial)

    def take(self) -> list[Trial]:
        """Trials that are over since the last call."""
        over, self._over = self._over, []
        return over
