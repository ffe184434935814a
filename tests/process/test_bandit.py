"""What the bandit tries: true probabilities, choices that get better, trials that judge others."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.asking.bandit import CHOICES, EXPLORE, Bandit, Choice
from oscbridge.asking.off_policy import judged
from oscbridge.asking.settings import PolicySettings
from oscbridge.asking.trials import ANNOYED, FAIR_S, LONGEST_S, Trial, Trials
from oscbridge.fusion import Feeling

WORTH = {"match": -0.1, "iso 0.1": 0.1, "iso 0.175": 0.2, "iso 0.25": 0.3, "compensate": 0.0}
"""Expected reward of each choice, for players that are made up."""


def play(seed: int, rounds: int) -> list[Trial]:
    """Trials on players whose rewards are noisy around `WORTH`."""
    bandit, dice = Bandit(seed), random.Random(seed + 1)
    trials: list[Trial] = []
    for _ in range(rounds):
        choice, propensity = bandit.choose("q3")
        reward = min(max(dice.gauss(WORTH[choice.name], 0.3), -1.0), 1.0)
        bandit.learn("q3", choice, reward)
        trials.append(Trial("q3", choice, propensity, reward))
    return trials


@given(st.lists(st.tuples(st.sampled_from(CHOICES), st.floats(-1.0, 1.0)), max_size=30))
def test_probabilities_sum_to_one_and_none_dies_out(
    history: list[tuple[Choice, float]],
) -> None:
    bandit = Bandit(0)
    for choice, reward in history:
        bandit.learn("q2", choice, reward)
    for context in ("q2", "q3"):
        probabilities = bandit.probabilities(context)
        assert sum(probabilities) == pytest.approx(1.0)
        assert min(probabilities) >= EXPLORE / len(CHOICES) - 1e-12
    assert bandit.probabilities("q3") == Bandit(0).probabilities("q3")
    others = bandit.probabilities("q2", without="iso")
    assert sum(others) == pytest.approx(1.0)
    assert {c.strategy for c, p in zip(CHOICES, others, strict=True) if p} == {
        "match",
        "compensate",
    }


def test_choices_are_made_as_often_as_is_said() -> None:
    bandit = Bandit(3)
    bandit.learn("q3", CHOICES[1], 0.8)
    said = dict(zip(CHOICES, bandit.probabilities("q3"), strict=True))
    made = Counter(bandit.choose("q3")[0] for _ in range(20_000))
    for choice, probability in said.items():
        assert made[choice] / 20_000 == pytest.approx(probability, abs=0.015)


def test_what_helps_is_preferred_and_the_rest_still_tried() -> None:
    chance = sum(WORTH.values()) / len(WORTH)
    late = [trial for seed in range(5) for trial in play(seed, 600)[-200:]]
    assert sum(WORTH[trial.choice.name] for trial in late) / len(late) > 2.0 * chance
    assert Counter(trial.choice.name for trial in late).most_common(1)[0][0] == "iso 0.25"
    assert {trial.choice for trial in late} == set(CHOICES)


def test_what_was_logged_judges_a_policy_that_was_never_followed() -> None:
    trials = play(11, 3000)
    for name, worth in WORTH.items():
        estimate = judged(trials, lambda _, choice, name=name: float(choice.name == name))
        assert estimate.reward == pytest.approx(worth, abs=0.08)
        assert 50 < estimate.effective < 3000
    with pytest.raises(ValueError, match="nothing that this policy would do"):
        judged(trials, lambda context, choice: 0.0)


def test_a_seed_decides() -> None:
    assert play(5, 50) == play(5, 50)
    assert play(5, 50) != play(6, 50)


def at(valence: float, arousal: float) -> Feeling:
    return Feeling(valence, arousal, 0.9, "osc", 0.1, 0.1, 0.9, 1, True)


OWN = PolicySettings(strategy="iso", bandit=True, goal_arousal=0.0, step=0.2)


def test_a_trial_is_worth_what_the_player_gained_less_the_annoyance() -> None:
    trials = Trials(0)
    for annoyed in (False, True):
        tried = trials.begin(OWN, at(-0.6, -0.4), "combat", 0.0)
        assert tried.step <= OWN.step
        trials.update(at(-0.2, -0.2), 30.0)
        if annoyed:
            trials.annoy()
        trials.end()
        (over,) = trials.take()
        assert over.context == "q3 combat"
        assert over.reward == pytest.approx(0.4 + 0.2 / 2.0 - ANNOYED * annoyed)
        assert 0.0 < over.propensity < 1.0
    assert trials.take() == []


def test_what_fails_ends_soon_and_another_strategy_is_next() -> None:
    for seed in range(10):
        trials = Trials(seed)
        first = trials.begin(OWN, at(-0.3, -0.4), "", 0.0)
        trials.update(at(-0.5, -0.4), FAIR_S - 1.0)
        assert trials.take() == []
        trials.update(at(-0.5, -0.4), FAIR_S)
        (over,) = trials.take()
        assert over.reward < 0.0
        assert trials.begin(OWN, at(-0.5, -0.4), "", 30.0).strategy != first.strategy


def test_a_trial_goes_on_until_it_has_lasted_long_enough() -> None:
    trials = Trials(0)
    first = trials.begin(OWN, at(-0.6, -0.4), "", 0.0)
    assert trials.begin(OWN, at(-0.6, -0.4), "", 50.0) == first
    trials.update(at(-0.6, -0.4), LONGEST_S - 1.0)
    assert trials.take() == []
    trials.update(at(-0.6, -0.4), LONGEST_S)
    assert len(trials.take()) == 1
    assert trials.applied_to(OWN) == OWN
