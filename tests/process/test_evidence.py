"""What is gathered of the player's valence: by Bayes' rule, robust, and as sure as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oscbridge.asking.evidence import LASTING_S, MOVES, Gathered, reading_of
from oscbridge.asking.steadiness import Steadiness
from oscbridge.feeling.pool import PRIOR_SD
from oscbridge.fusion import NEGATIVE, Feeling


def felt(valence: float, sd: float) -> Feeling:
    return Feeling(valence=valence, valence_sd=sd, channels=1)


def test_a_word_alone_is_believed_as_it_is() -> None:
    belief = Gathered().update(felt(-0.2, 0.4), 0.0)
    assert belief == pytest.approx((-0.2, 0.4))


def test_it_gathers_what_conditioning_on_all_words_at_once_gives() -> None:
    at_s, words, sd = [0.0, 1.0, 3.0, 9.0], [-0.3, -0.1, -0.4, 0.1], 0.35
    gathered = Gathered()
    for now_s, word in zip(at_s, words, strict=True):
        gathered.update(felt(word, sd), now_s)
    explained = 1.0 - (sd / PRIOR_SD) ** 2
    walk = MOVES**2 * np.minimum.outer(at_s, at_s) + PRIOR_SD**2
    passed_s = np.diff(at_s, prepend=-math.inf)
    noise = np.diag(sd**2 / explained * np.maximum(LASTING_S / passed_s, 1.0))
    gain = walk[-1] @ np.linalg.inv(walk + noise)
    mean = gain @ np.array(words) / explained
    variance = walk[-1, -1] - gain @ walk[-1]
    assert gathered.belief == pytest.approx((mean, math.sqrt(variance)))


def test_a_change_that_lasts_counts_at_once_where_sensors_are_sure() -> None:
    gathered = Gathered()
    for second in range(60):
        gathered.update(felt(0.5, 0.1), float(second))
    belief = gathered.update(felt(-0.6, 0.1), 60.0)
    assert belief.below(NEGATIVE) > 0.99


def test_who_says_nothing_of_valence_changes_nothing_but_the_certainty() -> None:
    assert reading_of(Feeling()) is None
    gathered = Gathered()
    before = gathered.update(felt(-0.5, 0.2), 0.0)
    after = gathered.update(Feeling(), 10.0)
    assert after.mean == before.mean
    assert before.sd < after.sd <= PRIOR_SD


def seen(wrong: float, seed: int) -> np.ndarray:
    """Whether the truth lay within 1.96 deviations, second by second, of a player who wanders."""
    dice, steadiness, truth, error = np.random.default_rng(seed), Steadiness(), -0.5, 0.0
    sd, inside = 0.35, list[bool]()
    explained = 1.0 - (sd / PRIOR_SD) ** 2
    noise = sd / math.sqrt(explained)
    for tick in range(1200):
        kept = math.exp(-0.25 / 2.0)
        truth = min(max(truth + float(dice.normal(0.0, 0.04)), -1.0), 1.0)
        error = kept * error + math.sqrt(1.0 - kept**2) * float(dice.normal(0.0, noise))
        at = float(dice.uniform(-1.0, 1.0)) if dice.random() < wrong else truth
        steadiness.update(felt(explained * (at + error), sd), 6.0, tick * 0.25)
        belief = steadiness.belief
        inside.append(abs(truth - belief.mean) <= 1.96 * belief.sd)
    return np.array(inside)


@pytest.mark.parametrize("wrong", [0.0, 0.2])
def test_it_is_as_sure_as_it_is_right_even_where_one_reading_in_five_is_wrong(wrong: float) -> None:
    share = np.mean([seen(wrong, seed).mean() for seed in range(10)])
    assert 0.85 <= share <= 0.99
