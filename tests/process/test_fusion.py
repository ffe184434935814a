"""What the player feels from many sensors: right, calibrated, and no surer than it may be.

The pairs of sensors here are drawn so that they err independently given the truth, as no real ones
do: what fusing gains here is the most that it can gain. `test_where_sensors_err_together…` shows
what is left of the calibration where they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from oscbridge.feeling.kinds import KINDS, kind_of
from oscbridge.feeling.pool import PRIOR_SD, Belief, Opinion, mixed, pooled, voted
from oscbridge.fusion import NEGATIVE, NOBODY, Feeling, Fusion, FusionSettings
from oscbridge.orders import Felt, Forget

SENSORS = ("text", "camera", "heart_rate")
PRESENT = [set(some) for count in (1, 2, 3) for some in combinations(SENSORS, count)]
NOISE = ({}, {"text": 0.2}, {"camera": 0.2}, {"text": 0.2, "camera": 0.2, "heart_rate": 0.2})
"""How good readings are where they are bad, by sensor; the others are as good as can be."""
DRAWS = 1500
BEST = {"text": 1.0, "camera": 0.4, "heart_rate": 1.0}
"""The highest confidence of each."""


def confidence_of(sensor: str, quality: float) -> float:
    guess = kind_of(sensor).guess
    return guess + (BEST[sensor] - guess) * quality


def guess_at(
    truth: np.ndarray, share: float, dice: np.random.Generator, shared: np.ndarray | float = 0.0
) -> np.ndarray:
    """The best guess of somebody who knows ``share`` of the variance of the truth."""
    own = dice.normal(size=truth.shape)
    error = np.sqrt(1.0 - 0.8**2) * own + 0.8 * shared if np.ndim(shared) else own
    return share * truth + np.sqrt(share * (1.0 - share)) * PRIOR_SD * error


def readings(
    truth: np.ndarray, noise: dict[str, float], seed: int, *, together: bool = False
) -> dict[str, list[Felt]]:
    """What each sensor says of each player; ``truth`` is (n, 2)."""
    dice = np.random.default_rng(seed)
    shared = dice.normal(size=len(truth)) if together else 0.0
    said: dict[str, list[Felt]] = {}
    for sensor in SENSORS:
        confidence = confidence_of(sensor, noise.get(sensor, 1.0))
        shares = kind_of(sensor).shares(confidence)
        valence, arousal = (
            guess_at(truth[:, axis], share, dice, shared) for axis, share in enumerate(shares)
        )
        said[sensor] = [
            Felt(sensor, float(v) if shares[0] else None, float(a), confidence)
            for v, a in zip(valence, arousal, strict=True)
        ]
    return said


def felt(said: dict[str, list[Felt]], present: Sequence[str] | set[str]) -> list[Feeling]:
    feelings: list[Feeling] = []
    for words in zip(*(said[sensor] for sensor in sorted(present)), strict=True):
        fusion = Fusion()
        for word in words:
            fusion.update(word, 0.0)
        feelings.append(fusion.feeling(0.0))
    return feelings


def error(feelings: list[Feeling], truth: np.ndarray) -> float:
    points = np.array([(feeling.valence, feeling.arousal) for feeling in feelings])
    return float(np.sqrt(np.mean((points - truth) ** 2)))


def rightness(feelings: list[Feeling], truth: np.ndarray) -> float:
    says = np.array([feeling.negative > 0.5 for feeling in feelings])
    return float(np.mean(says == (truth[:, 0] < NEGATIVE)))


def calibration_error(feelings: list[Feeling], truth: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error of the probability of a negative state, equal-width bins."""
    said = np.array([feeling.negative for feeling in feelings])
    happened = truth[:, 0] < NEGATIVE
    places = np.minimum((said * bins).astype(int), bins - 1)
    return float(
        sum(
            np.mean(places == place)
            * abs(said[places == place].mean() - happened[places == place].mean())
            for place in np.unique(places)
        )
    )


def players(seed: int, count: int = DRAWS) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, PRIOR_SD, (count, 2))


@pytest.mark.parametrize("noise", NOISE, ids=["clean", "text bad", "camera bad", "all bad"])
def test_in_every_cell_of_missing_and_noise_all_together_are_no_worse_than_the_best_alone(
    noise: dict[str, float],
) -> None:
    truth = players(1)
    said = readings(truth, noise, 2)
    alone = {sensor: felt(said, [sensor]) for sensor in SENSORS}
    for present in PRESENT:
        fused = felt(said, present)
        assert error(fused, truth) <= min(error(alone[s], truth) for s in present) + 1e-9
        assert rightness(fused, truth) >= max(rightness(alone[s], truth) for s in present)
        assert calibration_error(fused, truth) <= 0.05


def test_where_sensors_err_together_it_is_too_sure_by_a_known_amount() -> None:
    truth = players(3)
    said = readings(truth, {}, 4, together=True)
    fused = felt(said, SENSORS)
    assert rightness(fused, truth) >= rightness(felt(said, ["camera"]), truth)
    assert calibration_error(fused, truth) <= 0.1


@pytest.mark.parametrize("seed", range(5))
def test_the_pool_is_bayes_rule_for_sensors_that_err_independently(seed: int) -> None:
    dice = np.random.default_rng(seed)
    opinions = [
        Opinion(float(dice.uniform(-0.8, 0.8)), float(dice.uniform(0.05, 0.9)), 1.0)
        for _ in range(3)
    ]
    grid = np.linspace(-8.0, 8.0, 160_001)
    density = norm.pdf(grid, 0.0, PRIOR_SD)
    for point, share, _ in opinions:
        # Somebody whose best guess is x measured x/r, with an error of variance s0² (1 - r)/r.
        density *= norm.pdf(point / share, grid, PRIOR_SD * np.sqrt((1.0 - share) / share))
    density /= density.sum()
    mean = float((grid * density).sum())
    deviation = float(np.sqrt((density * (grid - mean) ** 2).sum()))
    belief = pooled(opinions)
    assert belief.mean == pytest.approx(mean, abs=1e-4)
    assert belief.sd == pytest.approx(deviation, abs=1e-4)
    assert belief.below(-0.1) == pytest.approx(float(density[grid < -0.1].sum()), abs=1e-3)


words = st.lists(
    st.builds(
        Felt,
        st.sampled_from([*KINDS, "text:anna", "cam"]),
        st.none() | st.floats(-1.0, 1.0),
        st.none() | st.floats(-1.0, 1.0),
        st.floats(0.0, 1.0),
    ),
    max_size=8,
)


@given(words, st.floats(0.0, 400.0), st.sampled_from(["pool", "s0"]))
def test_what_is_said_is_in_range_and_within_what_sensors_said(
    said: list[Felt], age_s: float, mode: str
) -> None:
    fusion = Fusion(FusionSettings(mode=mode))  # type: ignore[arg-type]
    for word in said:
        fusion.update(word, 0.0)
    feeling = fusion.feeling(age_s)
    valences = [0.0, *(word.valence for word in said if word.valence is not None)]
    arousals = [0.0, *(word.arousal for word in said if word.arousal is not None)]
    assert min(valences) - 1e-9 <= feeling.valence <= max(valences) + 1e-9
    assert min(arousals) - 1e-9 <= feeling.arousal <= max(arousals) + 1e-9
    assert 0.0 <= feeling.confidence <= 1.0
    assert 0.0 <= feeling.negative <= 1.0
    assert feeling.valence_sd > 0.0
    assert (feeling.channels == 0) == (feeling.source == NOBODY)


@given(words, st.floats(0.0, 100.0), st.integers(0, 7))
def test_a_sensor_that_is_missing_never_makes_the_rest_surer(
    said: list[Felt], age_s: float, which: int
) -> None:
    whole, less = Fusion(), Fusion()
    missing = said[which % len(said)].source if said else ""
    for word in said:
        whole.update(word, 0.0)
        if missing not in (word.source, word.source.partition(":")[0]):
            less.update(word, 0.0)
    all_of_them, the_rest = whole.feeling(age_s), less.feeling(age_s)
    assert the_rest.confidence <= all_of_them.confidence + 1e-9
    assert the_rest.valence_sd >= all_of_them.valence_sd - 1e-9
    assert the_rest.arousal_sd >= all_of_them.arousal_sd - 1e-9
    whole.update(Forget(missing), 0.0)
    assert whole.feeling(age_s) == the_rest


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_said_fades_until_nothing_is_left(kind: str) -> None:
    fusion = Fusion()
    fusion.update(Felt(kind, 0.6, 0.6, 1.0), 0.0)
    life_s = KINDS[kind].lifetime_s
    sure = [fusion.feeling(life_s * part).confidence for part in (0.0, 0.3, 0.6, 0.9, 0.999, 1.0)]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == len(sure)
    assert sure[-1] == 0.0
    assert fusion.feeling(life_s).source == NOBODY


def test_one_source_alone_is_believed_as_it_is_however_unsure() -> None:
    for confidence in (0.1, 0.5, 1.0):
        fusion = Fusion()
        fusion.update(Felt("osc", 0.4, -0.7, confidence), 0.0)
        feeling = fusion.feeling(0.0)
        assert (feeling.valence, feeling.arousal) == pytest.approx((0.4, -0.7))


def test_several_that_look_at_the_same_thing_are_no_surer_than_one() -> None:
    one, many = Fusion(), Fusion()
    one.update(Felt("camera", -0.4, 0.2, 0.4), 0.0)
    for source in ("camera:a", "camera:b", "face"):
        many.update(Felt(source, -0.4, 0.2, 0.4), 0.0)
    assert many.feeling(0.0)[:3] == pytest.approx(one.feeling(0.0)[:3])
    assert many.feeling(0.0).channels == 1


def test_the_heart_says_nothing_of_valence_even_if_it_tries() -> None:
    fusion = Fusion()
    fusion.update(Felt("heart_rate", -0.9, 0.5, 1.0), 0.0)
    feeling = fusion.feeling(0.0)
    assert feeling.valence_sd == PRIOR_SD
    assert feeling.negative == pytest.approx(Feeling().negative)


def test_nobody_that_is_trusted_is_heard_and_trust_is_a_weight() -> None:
    said = Felt("text", -0.5, 0.0, 1.0)
    sure: list[float] = []
    for trust in (0.0, 0.5, 1.0):
        fusion = Fusion(FusionSettings(text=trust))
        fusion.update(said, 0.0)
        sure.append(fusion.feeling(0.0).confidence)
    assert sure[0] == 0.0
    assert sure[0] < sure[1] < sure[2]


# What S0 did.

TABLE = {0.1: 0.8179, 0.3: 0.8421, 0.5: 0.8539, 0.7: 0.8727, 0.9: 0.8635}
"""S0, Table 3: weight of the text to accuracy of both together, on 1000 pairs of its own."""
TEXT, FACE, TOGETHER = 1.08, 0.86, 0.65
"""Distances of two classes from the middle, and the correlation of the errors, that give such a
table: with independent errors 0.7/0.3 would be right in more than 0.9."""


def test_a_table_like_that_of_s0_comes_out_of_pairs_whose_errors_go_together() -> None:
    dice = np.random.default_rng(0)
    count = 100_000
    truth = dice.choice([-1.0, 1.0], count)
    errors = dice.multivariate_normal([0.0, 0.0], [[1.0, TOGETHER], [TOGETHER, 1.0]], count)
    positive = {
        name: 1.0 / (1.0 + np.exp(-2.0 * apart * (apart * truth + errors[:, place])))
        for place, (name, apart) in enumerate((("text", TEXT), ("face", FACE)))
    }
    right: dict[float, float] = {}
    for weight in TABLE:
        label = voted(positive, {"text": weight, "face": 1.0 - weight})  # type: ignore[arg-type]
        right[weight] = float(np.mean((label > 0.5) == (truth > 0.0)))  # type: ignore[operator]
    assert max(right, key=lambda weight: right[weight]) == 0.7
    for weight, published in TABLE.items():
        assert right[weight] == pytest.approx(published, abs=0.012)
    votes = {name: np.round(p) for name, p in positive.items()}
    hard = voted(votes, {"text": 0.7, "face": 0.3})  # type: ignore[arg-type]
    assert np.array_equal(hard > 0.5, positive["text"] > 0.5), "votes make it the text's alone"


def test_s0_weighs_text_and_face_and_what_is_missing_is_nothing_known() -> None:
    text, face = Felt("text", -0.5, 0.1, 1.0), Felt("camera", 0.3, 0.2, 0.4)
    heart = Felt("heart_rate", None, 0.9, 1.0)
    beliefs = {
        "text": pooled([Opinion(-0.5, KINDS["text"].valence, 1.0)]),
        "face": pooled([Opinion(0.3, 0.4, 1.0)]),
    }
    fusion = Fusion(FusionSettings(mode="s0"))
    for word in (text, face, heart):
        fusion.update(word, 0.0)
    feeling = fusion.feeling(0.0)
    assert feeling.valence == pytest.approx(0.7 * -0.5 + 0.3 * 0.3)
    assert feeling.arousal == pytest.approx(0.7 * 0.1 + 0.3 * 0.2)
    assert feeling.negative == pytest.approx(
        0.7 * beliefs["text"].below(NEGATIVE) + 0.3 * beliefs["face"].below(NEGATIVE)
    )
    fusion.update(Forget("text"), 0.0)
    without = fusion.feeling(0.0)
    assert without.valence == pytest.approx(0.3 * 0.3)
    assert without.confidence < feeling.confidence
    assert without.valence_sd == pytest.approx(mixed([(0.7, Belief()), (0.3, beliefs["face"])]).sd)


# What the music expresses is no evidence of the player.


def wander(seed: int, count: int) -> np.ndarray:
    """Music that wanders through the plane, 20 points a second."""
    steps = np.random.default_rng(seed).normal(0.0, 0.025, (count, 2))
    path = np.zeros((count, 2))
    for i in range(1, count):
        path[i] = 0.995 * path[i - 1] + steps[i]
    return path


@pytest.mark.parametrize(
    ("delay", "gain", "shift"), [(0, 1.0, 0.0), (10, 1.0, 0.0), (25, 0.5, 0.2), (4, -1.0, 0.0)]
)
@pytest.mark.parametrize("seed", range(3))
def test_who_only_repeats_the_music_is_left_out(
    delay: int, gain: float, shift: float, seed: int
) -> None:
    music, fusion, alone = wander(seed, 1200), Fusion(), Fusion()
    for i, point in enumerate(music):
        now_s = i / 20
        fusion.hear(*point, now_s)
        if i % 10 == 0:
            repeated = gain * music[max(i - delay, 0)] + shift
            fusion.update(Felt("osc", *map(float, repeated), 1.0), now_s)
            for one in (fusion, alone):
                one.update(Felt("text", -0.4, 0.1, 0.9), now_s)
    mirror = gain < 0.0  # moves against the music: nothing that repeats it
    assert (fusion.feeling(60.0) == alone.feeling(60.0)) != mirror


@pytest.mark.parametrize("seed", range(6))
def test_a_player_who_is_moved_by_the_music_is_heard(seed: int) -> None:
    music, fusion = wander(seed, 1200), Fusion()
    dice, player = np.random.default_rng(100 + seed), np.zeros(2)
    for i, point in enumerate(music):
        player += 0.3 * (point - player) / 20 + dice.normal(0.0, 0.015, 2)
        fusion.hear(*point, i / 20)
        if i % 10 == 0:
            fusion.update(Felt("camera", *map(float, player), 0.4), i / 20)
    assert fusion.feeling(60.0).source == "camera"
