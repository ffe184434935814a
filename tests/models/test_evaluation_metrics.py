"""Figures and intervals, held to scikit-learn, scipy and to arithmetic that can be done by hand."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import confusion_matrix, r2_score, roc_auc_score

from models import metrics
from models.intervals import Resampling, bootstrap
from models.training.mcnemar import mcnemar

RNG = np.random.default_rng(3)
N = 300
TRUTH = RNG.integers(1, 5, N)
PROBABILITIES = RNG.dirichlet((1.0, 1.0, 1.0, 1.0), N)
PROBABILITIES[np.arange(N), TRUTH - 1] += 0.3
PROBABILITIES /= PROBABILITIES.sum(axis=1, keepdims=True)
SAID = metrics.guess(PROBABILITIES)
X = RNG.normal(size=N).round(1)  # rounded: there are ties
Y = (X + RNG.normal(size=N)).round(1)
GROUPS = [str(i) for i in RNG.integers(0, 90, N)]


def test_areas_under_curves_are_sklearns() -> None:
    arousal = PROBABILITIES[:, 0] + PROBABILITIES[:, 1]
    valence = PROBABILITIES[:, 0] + PROBABILITIES[:, 3]
    assert metrics.arousal_auc(TRUTH, PROBABILITIES) == pytest.approx(
        roc_auc_score(TRUTH <= 2, arousal)
    )
    assert metrics.valence_auc(TRUTH, PROBABILITIES) == pytest.approx(
        roc_auc_score(np.isin(TRUTH, (1, 4)), valence)
    )
    assert metrics.quadrant_auc(TRUTH, PROBABILITIES) == pytest.approx(
        roc_auc_score(TRUTH, PROBABILITIES, multi_class="ovr", average="macro")
    )


def test_ties_count_half_in_the_area() -> None:
    positive, score = TRUTH <= 2, X
    assert metrics.roc_auc(positive, score) == pytest.approx(roc_auc_score(positive, score))
    assert metrics.roc_auc(positive, np.zeros(N)) == pytest.approx(0.5)


def test_the_area_of_one_class_alone_is_not_a_number() -> None:
    assert np.isnan(metrics.roc_auc(np.ones(5, bool), np.arange(5.0)))


def test_correlations_are_scipys_and_sklearns() -> None:
    assert metrics.pearson(X, Y) == pytest.approx(stats.pearsonr(X, Y).statistic)
    assert metrics.spearman(X, Y) == pytest.approx(stats.spearmanr(X, Y).statistic)
    assert metrics.r_squared(X, Y) == pytest.approx(r2_score(X, Y))


def test_concordance_is_one_for_equal_values_only() -> None:
    covariance = np.cov(X, Y, ddof=0)
    by_hand = 2 * covariance[0, 1] / (X.var() + Y.var() + (X.mean() - Y.mean()) ** 2)
    assert metrics.concordance(X, Y) == pytest.approx(by_hand)
    assert metrics.concordance(X, X) == pytest.approx(1.0)
    assert metrics.concordance(X, X + 1.0) < metrics.pearson(X, X + 1.0)


@pytest.mark.parametrize(
    ("figure", "arrays"),
    [
        (metrics.accuracy, (TRUTH, SAID)),
        (metrics.macro_f1, (TRUTH, SAID)),
        (metrics.arousal_accuracy, (TRUTH, SAID)),
        (metrics.valence_within_arousal, (TRUTH, SAID)),
        (metrics.calibration_error, (TRUTH, PROBABILITIES)),
        (metrics.quadrant_auc, (TRUTH, PROBABILITIES)),
        (metrics.pearson, (X, Y)),
        (metrics.spearman, (X, Y)),
        (metrics.concordance, (X, Y)),
        (metrics.r_squared, (X, Y)),
    ],
)
def test_a_weight_is_as_good_as_a_repeated_row(
    figure: metrics.Figure, arrays: tuple[np.ndarray, np.ndarray]
) -> None:
    times = RNG.integers(0, 4, N)
    repeated = [np.repeat(array, times, axis=0) for array in arrays]
    weighted = figure.weighted(times[None].astype(float), *arrays)[0]
    assert weighted == pytest.approx(figure(*repeated))


def test_unknown_is_never_right() -> None:
    truth, nothing = np.asarray([1, 2, 3, 4]), np.zeros(4, int)
    for figure in (
        metrics.accuracy,
        metrics.macro_f1,
        metrics.arousal_accuracy,
        metrics.valence_accuracy,
        metrics.valence_within_arousal,
    ):
        assert figure(truth, nothing) == 0.0
    assert metrics.confusion(truth, nothing).sum() == 0


def test_confusion_is_sklearns() -> None:
    assert np.array_equal(metrics.confusion(TRUTH, SAID), confusion_matrix(TRUTH, SAID))


def test_who_copies_arousal_has_no_valence_within_its_halves() -> None:
    truth = np.repeat([1, 2, 3, 4], (60, 20, 60, 20))  # valence follows arousal
    copied = np.where(truth <= 2, 1, 3)
    assert metrics.valence_accuracy(truth, copied) == 0.75
    even = np.repeat([1, 2, 3, 4], 40)
    assert metrics.valence_within_arousal(even, np.where(even <= 2, 1, 3)) == 0.5


def test_the_guess_follows_the_signs_not_the_mode() -> None:
    # quadrant 3 is the most probable one, but arousal is more probably positive than not
    assert metrics.guess(np.asarray([[0.3, 0.3, 0.4, 0.0]])).tolist() == [2]
    assert metrics.guess(np.eye(4)).tolist() == [1, 2, 3, 4]


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        rates = rng.beta(3.0, 2.0, 60)  # groups differ; the mean over all is 0.6
        right = rng.random((60, 5)) < rates[:, None]
        groups = np.repeat(np.arange(60), 5).astype(str).tolist()
        estimate = bootstrap(
            metrics.accuracy, groups, np.ones(300), right.ravel().astype(float), draws=400
        )
        held += estimate.low <= 0.6 <= estimate.high
    assert 180 <= held <= 198


def test_a_paired_difference_is_narrower_than_two_intervals() -> None:
    other = SAID.copy()
    other[:20] = TRUTH[:20] % 4 + 1
    draws = Resampling(GROUPS)
    gain = draws.difference(metrics.accuracy, TRUTH, SAID, other)
    alone = draws.estimate(metrics.accuracy, TRUTH, SAID)
    assert gain.value == pytest.approx(
        metrics.accuracy(TRUTH, SAID) - metrics.accuracy(TRUTH, other)
    )
    assert gain.high - gain.low < alone.high - alone.low
    assert draws.difference(metrics.accuracy, TRUTH, SAID, SAID).rounded == [0.0, 0.0, 0.0]


def test_mcnemar_is_the_coin_that_it_should_be() -> None:
    truth = np.ones(20, int)
    one, other = truth.copy(), truth.copy()
    other[:8] = 2  # eight gains, no loss: a fair coin does that in 2 · 2^-8
    assert mcnemar(truth, one, other) == pytest.approx(2 * 0.5**8)
    assert mcnemar(truth, one, one) == 1.0
