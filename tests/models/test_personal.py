"""One listener's own valence and arousal: identity at first, then what she said, safely."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import lstsq

from models import personal
from models.personal import Correction, Heard, Personal
from models.personal_features import FEATURES, LIMIT, WIDTH, Description
from models.personal_lessons import Saying, at_point, in_quadrant, in_region, not_there, sort_out
from models.types import AffectState

MIDDLES = {1: (0.5, 0.5), 2: (-0.5, 0.5), 3: (-0.5, -0.5), 4: (0.5, -0.5)}


def moments(count: int, seed: int = 0) -> list[Heard]:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-0.7, 0.7, (count, 2))
    features = rng.standard_normal((count, len(FEATURES)))
    return [
        Heard(v, a, tuple(f)) for (v, a), f in zip(points.tolist(), features.tolist(), strict=True)
    ]


def state_of(heard: Heard, confidence: float = 0.6) -> AffectState:
    return AffectState(
        heard.valence, heard.arousal, confidence, "music", 100, 100, features=heard.features
    )


def test_who_has_taught_nothing_gets_the_very_answers_of_the_base() -> None:
    for heard in moments(20):
        state = state_of(heard)
        assert Personal().state(state) is state


def test_what_is_unknown_stays_unknown() -> None:
    heard = moments(1)[0]
    state = state_of(heard, confidence=0.0)
    assert Personal([at_point(heard, 1.0, 1.0)]).state(state) is state


def test_a_steady_bias_is_learned_from_fifteen_corrections() -> None:
    taught = [at_point(heard, heard.valence + 0.3, heard.arousal - 0.3) for heard in moments(15)]
    learned = Personal(taught)
    left = [
        np.subtract(learned.point(heard), (heard.valence + 0.3, heard.arousal - 0.3))
        for heard in moments(200, seed=1)
    ]
    assert np.abs(np.mean(left, axis=0)).max() < 0.2 * 0.3


def test_a_listener_who_hears_everything_milder_is_understood_in_time() -> None:
    milder = Personal(
        [at_point(heard, 0.5 * heard.valence, heard.arousal) for heard in moments(300)]
    )
    tests = moments(200, seed=1)
    error = [milder.point(h)[0] - 0.5 * h.valence for h in tests]
    before = [0.5 * h.valence for h in tests]
    assert np.std(error) < 0.5 * np.std(before)


def test_a_taste_that_hangs_on_one_feature_is_learned_in_time() -> None:
    taught = [at_point(h, h.valence + 0.2 * h.features[3], h.arousal) for h in moments(300)]
    learned = Personal(taught)
    tests = moments(200, seed=1)
    error = [learned.point(h)[0] - np.clip(h.valence + 0.2 * h.features[3], -1, 1) for h in tests]
    before = [h.valence - np.clip(h.valence + 0.2 * h.features[3], -1, 1) for h in tests]
    assert np.std(error) < 0.6 * np.std(before)


def test_the_weights_are_those_of_weighted_least_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "ODD", 1e9)  # without the second thoughts it is plain ridge
    heard = moments(40)
    rng = np.random.default_rng(2)
    taught = [at_point(h, *rng.uniform(-1, 1, 2)) for h in heard]
    inputs = np.asarray([[1.0, h.valence, h.arousal, *h.features] for h in heard])
    roots = np.sqrt(personal.FORGETTING ** np.arange(40)[::-1])
    order = ("shift", "stretch", "other")
    stiff = [personal.STIFFNESS[name] for name in order] + [personal.STIFFNESS["feature"]] * len(
        FEATURES
    )
    rows = np.vstack([inputs * roots[:, None], np.diag(np.sqrt(stiff))])
    left = np.asarray([c.valence - h.valence for c, h in zip(taught, heard, strict=True)]) * roots
    expected = lstsq(rows, np.concatenate([left, np.zeros(len(stiff))]))[0]
    assert Personal(taught).weights[0] == pytest.approx(expected)


def test_one_word_is_honoured_for_what_plays_and_hardly_moves_other_music() -> None:
    heard = Heard(0.6, 0.2, (0.5,) * len(FEATURES))
    other = Heard(0.6, 0.2, (-1.5,) * len(FEATURES))
    learned = Personal([at_point(heard, -0.4, 0.2)])
    assert learned.point(heard)[0] < 0.0
    assert abs(learned.point(other)[0] - 0.6) <= personal.REACH + 1e-3
    assert learned.point(heard)[1] == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("seed", range(20))
def test_no_answer_ever_leaves_the_plane_or_the_trust_region(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 60))
    taught = [at_point(h, *rng.choice([-1.0, 1.0], 2)) for h in moments(count, seed)]
    learned = Personal(taught)
    assert learned.reach <= personal.FARTHEST
    for heard in moments(20, seed + 100):
        state = learned.state(state_of(heard))
        assert -1.0 <= state.valence <= 1.0
        assert -1.0 <= state.arousal <= 1.0
        assert sum(state.quadrant_probabilities) == pytest.approx(1.0)
        assert state.confidence == max(state.quadrant_probabilities)
        elsewhere = heard._replace(features=(50.0,) * len(FEATURES))  # of no music that was taught
        moved = np.subtract(learned.point(elsewhere), elsewhere[:2])
        assert np.abs(moved).max() <= learned.reach + 1e-12


def test_the_newest_words_count_most() -> None:
    heard = moments(200)
    first = [at_point(h, h.valence - 0.4, h.arousal) for h in heard[:100]]
    then = [at_point(h, h.valence + 0.4, h.arousal) for h in heard[100:]]
    assert Personal([*first, *then]).weights[0, 0] > 0.05


def test_a_thousand_corrections_are_learned_at_once_and_older_ones_are_let_go() -> None:
    taught = [at_point(h, h.valence, h.arousal) for h in moments(1200)]
    wild = [at_point(h, -1.0, -1.0) for h in moments(200, seed=3)]
    assert Personal([*wild, *taught]).weights == pytest.approx(Personal(taught).weights)


def test_an_axis_of_which_nothing_is_said_stays() -> None:
    learned = Personal([Correction(h, None, h.arousal + 0.3) for h in moments(15)])
    for heard in moments(10, seed=1):
        assert learned.point(heard)[0] == heard.valence
        assert learned.point(heard)[1] != heard.arousal


@pytest.mark.parametrize("quadrant", MIDDLES)
def test_a_quadrant_that_was_right_is_confirmed_and_a_wrong_one_is_left(quadrant: int) -> None:
    there = Heard(0.8 * np.sign(MIDDLES[quadrant][0]), 0.9 * np.sign(MIDDLES[quadrant][1]))
    kept = in_quadrant(there, quadrant)
    assert (kept.valence, kept.arousal) == there[:2]
    opposite = Heard(-there.valence, -there.arousal)
    moved = in_quadrant(opposite, quadrant)
    assert (moved.valence, moved.arousal) == MIDDLES[quadrant]


def test_there_is_no_fifth_quadrant() -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        in_quadrant(moments(1)[0], 5)


def test_a_region_pulls_only_from_outside_and_says_nothing_of_an_axis_it_spans() -> None:
    inside = in_region(Heard(0.1, 0.1), (0.0, 0.0), (0.4, 0.4))
    assert (inside.valence, inside.arousal) == (0.1, 0.1)
    outside = in_region(Heard(0.9, 0.1), (0.0, 0.0), (0.4, 0.4))
    assert (outside.valence, outside.arousal) == (0.0, 0.0)
    energy = in_region(Heard(0.9, -0.9), (0.0, 0.8), (100.0, 0.1))
    assert (energy.valence, energy.arousal) == (None, 0.8)


@pytest.mark.parametrize("told", [(0.6, 0.2), (-0.1, 0.9), (-0.5, -0.5), (1.0, 1.0), (0.0, -0.3)])
def test_wrong_is_what_bayes_makes_of_it(told: tuple[float, float]) -> None:
    heard = Heard(*told)
    said = not_there(heard, *told)
    if max(map(abs, told)) < 1.0:  # enumerate both signs of both axes, strike out what was told
        right_v, right_a = (1 + abs(told[0])) / 2, (1 + abs(told[1])) / 2
        left = {
            (sv, sa): (right_v if sv > 0 else 1 - right_v) * (right_a if sa > 0 else 1 - right_a)
            for sv in (1, -1)
            for sa in (1, -1)
            if (sv, sa) != (1, 1)
        }
        total = sum(left.values())
        mean_v = sum(sv * p for (sv, _), p in left.items()) / total
        mean_a = sum(sa * p for (_, sa), p in left.items()) / total
        sign_v, sign_a = (1 if t >= 0 else -1 for t in told)
        assert said.valence == pytest.approx(sign_v * mean_v)
        assert said.arousal == pytest.approx(sign_a * mean_a)
    assert said.gain < 1.0
    moved = Personal([said]).point(heard)
    assert sum(abs(a - b) for a, b in zip(moved, told, strict=True)) > 0.02


def saying(heard: Heard, quadrant: int, at_s: float) -> Saying:
    return Saying(in_quadrant(heard, quadrant), at_s)


def test_who_changes_her_mind_is_believed_the_second_time() -> None:
    heard = moments(1)[0]
    found = sort_out([saying(heard, 1, 0.0), saying(heard, 3, 5.0)])
    assert found.held_back == 0
    assert [c.valence for c in found.counting] == [in_quadrant(heard, 3).valence]


def test_who_goes_back_and_forth_is_held_back_until_the_same_is_said_twice() -> None:
    heard = moments(1)[0]
    burst = [saying(heard, 1, 0.0), saying(heard, 3, 3.0), saying(heard, 1, 6.0)]
    assert sort_out(burst) == ([], 3)
    settled = sort_out([*burst, saying(heard, 1, 9.0)])
    assert settled.held_back == 0
    assert len(settled.counting) == 3
    assert all(c.valence == in_quadrant(heard, 1).valence for c in settled.counting)


def test_other_music_and_another_day_are_no_contradiction() -> None:
    here, there = Heard(0.1, 0.1, (0.0,) * 12), Heard(0.1, 0.1, (2.0,) * 12)
    for pair in (
        [saying(here, 1, 0.0), saying(there, 3, 1.0), saying(here, 1, 2.0)],
        [saying(here, 1, 0.0), saying(here, 3, 86400.0), saying(here, 1, 2 * 86400.0)],
    ):
        assert sort_out(pair).held_back == 0
        assert len(sort_out(pair).counting) == 3


def test_features_are_limited_and_finite_whatever_the_summary_holds() -> None:
    description = Description(WIDTH)
    for value in (0.0, 1e30, -1e30, np.nan, np.inf):
        features = description.of(np.full(WIDTH, value, dtype=np.float32))
        assert len(features) == len(FEATURES)
        assert all(np.isfinite(features))
        assert max(map(abs, features)) <= LIMIT


def test_features_are_refused_for_other_summaries() -> None:
    with pytest.raises(ValueError, match="513"):
        Description(100)


def test_what_is_said_of_the_section_before_a_mark_is_no_contradiction() -> None:
    heard = moments(1)[0]
    said = [saying(heard, 1, 0.0), saying(heard, 3, 3.0), saying(heard, 1, 6.0)]
    assert sort_out(said, marks=[2.0, 5.0]).held_back == 0
    assert len(sort_out(said, marks=[2.0, 5.0]).counting) == 3
    assert sort_out(said, marks=[-1.0]).held_back == 3
