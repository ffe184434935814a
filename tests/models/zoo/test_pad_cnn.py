"""S0: the shapes and counts that the paper prints, its table, and torch's numbers."""

import itertools

import numpy as np
import pytest
import torch

from models.training.zoo.dominance import DOMINANT, SUBMISSIVE, label
from models.training.zoo.pad_cnn import PadCnn
from models.zoo import pad_cnn
from models.zoo.pad_rules import fuse, polarity, rationality, strict_table2, variation

LABELS = list(itertools.product((-1, 0, 1), repeat=3))
RNG = np.random.default_rng(0)
FEATURES = RNG.normal(0, 2, (4, 194)).astype(np.float32)


def arrays(outputs: int) -> tuple[PadCnn, dict[str, np.ndarray]]:
    torch.manual_seed(0)
    network = PadCnn(outputs).eval()
    tables = {"mean": np.zeros(194, np.float32), "scale": np.ones(194, np.float32)}
    return network, {**network.arrays(), **tables}


def test_the_paper_mode_has_the_printed_maps_and_956579_parameters() -> None:
    network, weights = arrays(3)
    shapes = [layer.shape[1:] for layer in pad_cnn.maps(weights, FEATURES)]
    assert shapes == [(5, 190), (5, 186), (930,), (1024,), (3,)]
    assert sum(p.numel() for p in network.parameters()) == 956_579
    stored = [array for name, array in weights.items() if name not in ("mean", "scale")]
    assert sum(array.size for array in stored) == 956_579


@pytest.mark.parametrize("outputs", [3, 9])
def test_outputs_are_torchs_within_the_rounding_of_half_precision(outputs: int) -> None:
    network, weights = arrays(outputs)
    with torch.no_grad():
        theirs = network(torch.from_numpy(np.clip(FEATURES, -5, 5))).numpy()
    assert np.allclose(pad_cnn.maps(weights, FEATURES)[-1], theirs, atol=2e-3)
    assert theirs.std() > 0.01


def test_three_heads_of_three_classes_make_quadrants_of_pleasure_and_arousal() -> None:
    _, weights = arrays(9)
    said = pad_cnn.heads(weights, FEATURES)
    assert said.shape == (4, 3, 3)
    assert np.allclose(said.sum(axis=2), 1.0, atol=1e-6)
    q = np.exp(pad_cnn.logits(weights, FEATURES))
    assert np.allclose(q.sum(axis=1), 1.0, atol=1e-5)
    assert np.allclose(q[:, 0] + q[:, 3], said[:, 0, 2] + said[:, 0, 1] / 2, atol=1e-5)
    assert np.allclose(q[:, 0] + q[:, 1], said[:, 1, 2] + said[:, 1, 1] / 2, atol=1e-5)


def test_paper_mode_rounds_its_outputs_to_labels() -> None:
    assert pad_cnn.round_labels(np.asarray([-3.0, -0.4, 0.4, 0.6])).tolist() == [-1, 0, 0, 1]


def test_table_2_names_twelve_of_27_labels_and_leaves_anger_out() -> None:
    said = [strict_table2(*pad) for pad in LABELS]
    assert (said.count("positive"), said.count("negative"), said.count("undefined")) == (4, 8, 15)
    assert strict_table2(-1, 1, 1) == "undefined"
    # the rows of figure 8 that the paper assigns although its table does not
    assert {strict_table2(*pad) for pad in [(0, 0, -1), (0, 1, 0), (1, 1, 0)]} == {"undefined"}


def test_the_total_rule_agrees_with_the_sign_of_pleasure_and_covers_every_label() -> None:
    for p, a, d in LABELS:
        said = polarity(p, a, d)
        if p:
            assert said == ("positive" if p > 0 else "negative")
        else:
            assert said == {1: "positive", 0: "neutral", -1: "negative"}[a * d]
    assert polarity(-1, 1, 1) == "negative"


def test_the_total_rule_contradicts_table_2_nowhere_that_pleasure_is_felt() -> None:
    defined = [pad for pad in LABELS if strict_table2(*pad) != "undefined" and pad[0]]
    assert all(polarity(*pad) == strict_table2(*pad) for pad in defined)


def test_a_label_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="-1, 0 or 1, not 2"):
        strict_table2(2, 0, 0)
    with pytest.raises(ValueError, match="not 5"):
        polarity(0, 0, 5)


def test_heart_rate_measures_are_the_papers_formulas() -> None:
    assert rationality(99.0, 75.0) == pytest.approx(0.32)
    assert variation(80.0, 100.0) == pytest.approx(0.2)
    assert variation(120.0, 100.0) == pytest.approx(0.2)


def synthetic_pairs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth and calibrated probabilities of two sensors with evidence of their own.

    Of normal evidence around ±d, 2·d·evidence is the logarithm of the odds.
    """
    truth = RNG.integers(0, 2, 20000)
    sensors = []
    for d in (0.65, 0.75):  # right in about 0.74 and 0.77
        evidence = d * (2 * truth - 1) + RNG.normal(size=len(truth))
        p = 1.0 / (1.0 + np.exp(-2.0 * d * evidence))
        sensors.append(np.stack([1.0 - p, p], axis=1))
    return truth, sensors[0], sensors[1]


def test_fusion_over_the_papers_grid_beats_either_sensor_on_probabilities() -> None:
    truth, text, face = synthetic_pairs()
    right = {
        weight: np.mean(fuse(text, face, weight).argmax(axis=1) == truth)
        for weight in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
    }
    assert max(right, key=lambda w: right[w]) in (0.3, 0.5, 0.7)
    assert right[0.7] > max(right[0.0], right[1.0])


def test_fusion_of_hard_votes_at_7_to_3_is_the_text_alone() -> None:
    _, text, face = synthetic_pairs()
    votes = [np.eye(2)[sensor.argmax(axis=1)] for sensor in (text, face)]
    assert np.array_equal(fuse(*votes).argmax(axis=1), text.argmax(axis=1))
    with pytest.raises(ValueError, match=r"0\.\.1, not 1\.5"):
        fuse(text, face, 1.5)


def test_dominance_of_mood_words_is_the_majority_of_strong_and_yielding_ones() -> None:
    assert label("Fiery; Rebellious; Sad") == 1
    assert label("Gentle; Wistful") == -1
    assert label("Fiery; Gentle; Calm") == label("Calm") == label("") == 0
    assert not DOMINANT & SUBMISSIVE
