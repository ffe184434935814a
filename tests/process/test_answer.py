"""How a player answers to music is learned from what is felt while it plays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oscbridge.asking.answer import DRIFT, OWN_SD, PRIOR, TAU_S, Answer
from oscbridge.asking.evidence import LASTING_S
from oscbridge.feeling.pool import PRIOR_SD
from oscbridge.fusion import Feeling

MUSIC = (-0.5, 0.5, -0.2, 0.6)
"""Valence of one piece of a minute after the other."""


def felt(valence: float, sd: float) -> Feeling:
    return Feeling(valence=valence, valence_sd=sd, channels=1)


def listened(gain: float, tau_s: float, seed: int) -> Answer:
    """What is learned in four minutes of a player with this gain, seen by a fair sensor."""
    dice, answer, truth = np.random.default_rng(seed), Answer(), -0.5
    sd = 0.3
    explained = 1.0 - (sd / PRIOR_SD) ** 2
    error = 0.0
    for second in range(240):
        music = MUSIC[second // 60]
        truth += (gain * music - truth) / tau_s + float(dice.normal(0.0, 0.02))
        error += (float(dice.normal(0.0, 0.5)) - error) / 2.0
        answer.update(felt(explained * (truth + error), sd), music, float(second))
    return answer


@pytest.mark.parametrize("tau_s", [10.0, 25.0, 40.0])
@pytest.mark.parametrize("gain", [1.0, -1.0])
def test_it_is_learned_whether_a_player_goes_along_however_fast_it_answers(
    gain: float, tau_s: float
) -> None:
    right = [listened(gain, tau_s, seed).against == (gain < 0.0) for seed in range(20)]
    assert sum(right) >= 18


def test_it_learns_what_conditioning_on_all_words_at_once_gives() -> None:
    music, words, sd = [-0.4, -0.4, 0.6, 0.6, 0.6], [-0.3, -0.2, -0.4, -0.1, -0.35], 0.3
    answer = Answer()
    for second, (m, word) in enumerate(zip(music, words, strict=True)):
        answer.update(felt(word, sd), m, float(second))
    kept = math.exp(-1.0 / TAU_S)
    unknown = np.diag([PRIOR_SD**2, OWN_SD**2, PRIOR[1] ** 2, *[DRIFT**2] * len(words)])
    rows, row = list[np.ndarray](), np.eye(3 + len(words))[0]  # felt, as a sum of what is unknown
    for place, m in enumerate(music):
        row = kept * row
        row[1] += 1.0 - kept
        row[2] += (1.0 - kept) * m
        row[3 + place] += 1.0
        rows.append(row)
    seen = np.array(rows)
    explained = 1.0 - (sd / PRIOR_SD) ** 2
    noise = sd**2 / explained * LASTING_S
    shared = seen @ unknown @ seen.T + noise * np.eye(len(words))
    surprise = np.array(words) / explained - seen[:, 2] * PRIOR[0]
    gain = unknown[2] @ seen.T @ np.linalg.inv(shared)
    mean = PRIOR[0] + gain @ surprise
    deviation = math.sqrt(PRIOR[1] ** 2 - gain @ seen @ unknown[:, 2])
    assert answer.probability == pytest.approx(0.5 * math.erfc(mean / deviation / math.sqrt(2.0)))


def test_who_is_not_seen_teaches_nothing() -> None:
    answer = Answer()
    before = answer.probability
    for second in range(300):
        answer.update(Feeling(), 0.5 if second % 60 < 30 else -0.5, float(second))
    assert answer.probability == pytest.approx(before)
    assert not answer.against


def test_a_long_silence_is_no_answer() -> None:
    answer = listened(1.0, 20.0, 0)
    before = answer.probability
    answer.update(felt(-0.6, 0.3), 0.6, 1000.0)
    assert answer.probability == pytest.approx(before, abs=0.05)
