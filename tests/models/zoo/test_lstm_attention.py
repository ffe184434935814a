"""S4: 3 s segments, three LSTMs, attention that sums to one and is causal, modes as printed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dsp.features import FeatureExtractor
from models.training.zoo import lstm_attention as training
from models.weights import Weights
from models.zoo import lstm_attention as run_time
from models.zoo.descriptors import SEGMENT_S, WIDTH
from models.zoo.layers import additive_attention
from models.zoo.lstm_attention import (
    LAYERS,
    MEMORY,
    LstmAttention,
    SegmentModel,
    causal_attention,
)
from models.zoo.window import SAMPLE_RATE

LIMITS = np.stack([np.full(WIDTH, -3.0), np.full(WIDTH, 3.0)])


def _network(mode: str = "default", classes: int = 4) -> training.Network:
    torch.manual_seed(0)
    return training.Network(LIMITS, training.MODES[mode], classes).eval()


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(0).standard_normal((20, WIDTH)).astype(np.float32)


@pytest.fixture
def model() -> SegmentModel:
    arrays = {**_network().arrays(), "temperature": np.ones(1, np.float32)}
    card = {"front_end": run_time.FRONT_END, "sha256": "0" * 64}
    return SegmentModel(Weights("lstm_attention", arrays, card))


def _attention(size: int = 6, inner: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return (
        rng.standard_normal((inner, size)),
        rng.standard_normal(inner),
        rng.standard_normal(inner),
    )


def _music(seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    notes = 220.0 * 2.0 ** (np.asarray([0, 4, 7, 12, 3])[(t * 3).astype(int) % 5] / 12)
    return (0.2 * np.sin(2 * np.pi * np.cumsum(notes) / SAMPLE_RATE)).astype(np.float32)


def test_attention_weights_sum_to_one() -> None:
    h = np.random.default_rng(0).standard_normal((1, 9, 6))
    _, weights = additive_attention(h, *_attention())
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() > 0.0


def test_causal_attention_is_full_attention_on_every_prefix() -> None:
    h = np.random.default_rng(0).standard_normal((9, 6))
    contexts = causal_attention(h, *_attention())
    for t in range(len(h)):
        expected, _ = additive_attention(h[None, : t + 1], *_attention())
        np.testing.assert_allclose(contexts[t], expected[0], atol=1e-12)


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_huge_scores_neither_overflow_nor_vanish(size: float) -> None:
    h = np.linspace(-1.0, 1.0, 24).reshape(4, 6)
    w, b, v = _attention()
    contexts = causal_attention(h, w, b, v * size)
    assert np.isfinite(contexts).all()
    assert np.abs(contexts).max() <= 1.0


def test_there_are_three_lstm_layers_and_a_layer_of_64() -> None:
    network = _network()
    assert network.lstm.num_layers == LAYERS == 3
    assert network.hidden.out_features == 64


@pytest.mark.parametrize("classes", [4, 6])
def test_the_softmax_has_four_nodes_or_the_printed_six(classes: int) -> None:
    outputs = _network(classes=classes)(torch.zeros(2, 5, WIDTH))
    assert outputs.shape == (2, 5, classes)


def test_paper_mode_is_what_is_printed() -> None:
    paper = training.MODES["paper"]
    assert (paper.recipe.optimiser, paper.recipe.learning_rate) == ("sgd", 0.002)
    assert (paper.recipe.batch, paper.epochs, paper.dropout_head) == (128, 1000, 0.7)
    assert paper.sigmoid
    assert SEGMENT_S == 3.0


@pytest.mark.parametrize("mode", ["default", "paper"])
def test_numpy_says_what_torch_says(mode: str, rows: np.ndarray) -> None:
    network = _network(mode)
    with torch.no_grad():
        expected = network(torch.from_numpy(rows)[None])[0].numpy()
    # weights are stored in half precision
    np.testing.assert_allclose(LstmAttention(network.arrays()).logits(rows), expected, atol=2e-3)


def test_what_comes_later_changes_no_answer(rows: np.ndarray) -> None:
    network = LstmAttention(_network().arrays())
    np.testing.assert_allclose(network.logits(rows[:7]), network.logits(rows)[:7], atol=1e-6)


def test_the_live_path_cuts_segments_as_training_does(model: SegmentModel) -> None:
    music = _music(12.0)
    extractor = FeatureExtractor(max_block=4096)
    said = []
    for start in range(0, len(music), 4096):
        said += model.update(extractor.push(music[start : start + 4096]))
    network = LstmAttention({**_network().arrays(), "temperature": np.ones(1, np.float32)})
    rows = training.read_segments(music)
    assert len(said) == len(rows)
    for i in (0, 2, 5, len(said) - 1):
        expected = network.answer(rows[: i + 1]).quadrants
        np.testing.assert_allclose(said[i].quadrant_probabilities, expected, atol=1e-5)


def test_after_a_boundary_the_sequence_begins_with_the_segments_since(
    model: SegmentModel,
) -> None:
    music = _music(12.0)
    extractor = FeatureExtractor(max_block=len(music))
    model.update(extractor.push(music[: 9 * SAMPLE_RATE]))
    step = model.delay
    model.restart(4 * step)
    said = model.update(extractor.push(music[9 * SAMPLE_RATE : 9 * SAMPLE_RATE + step]))
    rows = training.read_segments(music)
    network = LstmAttention({**_network().arrays(), "temperature": np.ones(1, np.float32)})
    # segments of 3 s that began at or after the boundary end at steps 7, 8 and 9
    expected = network.answer(rows[6:9]).quadrants
    np.testing.assert_allclose(said[-1].quadrant_probabilities, expected, atol=1e-5)


def test_an_answer_rests_on_half_a_minute_at_most(model: SegmentModel) -> None:
    music = np.concatenate([_music(20.0)[::-1], _music(40.0)])
    extractor = FeatureExtractor(max_block=len(music))
    said = []
    for start in range(0, len(music), SAMPLE_RATE):
        said += model.update(extractor.push(music[start : start + SAMPLE_RATE]))
    network = LstmAttention({**_network().arrays(), "temperature": np.ones(1, np.float32)})
    expected = network.answer(training.read_segments(music)[len(said) - MEMORY : len(said)])
    np.testing.assert_allclose(said[-1].quadrant_probabilities, expected.quadrants, atol=1e-5)
