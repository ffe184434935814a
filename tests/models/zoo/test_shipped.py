"""S0 and both variants of S1 as they ship: they run live, are consistent and know no volume."""

from collections.abc import Callable

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from models import catalogue
from models.base import AffectModel
from models.cards import read_card
from models.training.fixture import build_fixture
from models.types import AffectState
from models.weights import FOLDER, Weights, WeightsError, read_weights
from models.zoo import crnn, pad_cnn
from tests import naive
from tests.dsp.signals import RATE, noise

NAMES = [name for name in catalogue.names() if name in ("pad_cnn", "crnn", "crnn_wavelet")]
FIXTURE = build_fixture(RATE)[: 6 * RATE] + noise(6 * RATE, level=0.003)


def answers(model: AffectModel, signal: np.ndarray, size: int = 8192) -> list[AffectState]:
    extractor = FeatureExtractor()
    states: list[AffectState] = []
    for piece in naive.pieces(signal, (size,)):
        states += model.update(extractor.push(piece))
    return states


def test_s0_and_both_variants_of_s1_ship() -> None:
    assert NAMES == ["crnn", "crnn_wavelet", "pad_cnn"]


@pytest.mark.parametrize("name", NAMES)
def test_a_system_answers_twice_a_second_whatever_the_blocks(name: str) -> None:
    states = answers(catalogue.load(name), FIXTURE)
    assert states == answers(catalogue.load(name), FIXTURE, 1021)
    known = [state for state in states if state.quadrant]
    assert len(known) >= 9
    for state in known:
        q = state.quadrant_probabilities
        assert sum(q) == pytest.approx(1.0)
        assert state.confidence == q[state.quadrant - 1]
        assert (state.dominance is not None) == (name == "pad_cnn")


@pytest.mark.parametrize("name", NAMES)
def test_a_turn_of_the_volume_knob_changes_no_answer(name: str) -> None:
    model = catalogue.load(name)
    loud = answers(model, FIXTURE)
    model.reset()
    quiet = answers(model, FIXTURE * np.float32(10 ** (-18 / 20)))
    for one, other in zip(loud, quiet, strict=True):
        assert one.valence == pytest.approx(other.valence, abs=0.02)
        assert one.arousal == pytest.approx(other.arousal, abs=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_the_card_is_whole_and_the_weights_are_small(name: str) -> None:
    weights = read_weights(name)
    card = read_card(weights.card)
    assert card.figure("quadrant accuracy")
    assert card.data[0].non_commercial
    assert "paired" in str(card.figures) or name == "pad_cnn"
    assert (FOLDER / f"{name}.npz").stat().st_size < 2_000_000
    assert float(weights.arrays["temperature"][0]) > 0


@pytest.mark.parametrize(("load", "name"), [(pad_cnn.load, "pad_cnn"), (crnn.load, "crnn")])
def test_weights_of_another_front_end_are_refused(
    load: Callable[[Weights], AffectModel], name: str
) -> None:
    weights = read_weights(name)
    weights.card["front_end"] = "another"
    with pytest.raises(WeightsError, match="front_end 'another'"):
        load(weights)
