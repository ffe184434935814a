"""Clip models on a stream: what they hear, when they answer, what they forget."""

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from models.base import AffectModel
from models.types import AffectState
from models.weights import Weights
from models.zoo.window import FADE_S, FORGET_S, Answer, WindowModel, fill
from tests import naive
from tests.dsp.signals import RATE, noise

WEIGHTS = Weights("listener", {}, {"sha256": "0123456789abcdef"})
STEP = 47 * 256
COUNTING = np.arange(1, 8 * RATE + 1, dtype=np.float32)


class Listener:
    """A clip model that notes what it was asked and answers by the mean level."""

    def __init__(self) -> None:
        self.asked: list[np.ndarray] = []

    def __call__(self, samples: np.ndarray) -> Answer:
        self.asked.append(samples.copy())
        loud = float(np.clip(np.abs(samples).mean() * 4, 0.05, 0.95))
        return Answer(np.asarray([loud, 0.0, 1.0 - loud, 0.0]), dominance=loud)


def listen(
    signal: np.ndarray,
    sizes: tuple[int, ...] = (8192,),
    listener: Listener | None = None,
    restart: tuple[int, int] | None = None,
) -> list[AffectState]:
    """States of a signal; ``restart`` = (from which sample it is told, boundary)."""
    model = WindowModel(WEIGHTS, listener or Listener(), window_s=3.0)
    return run(model, signal, sizes, restart)


def run(
    model: WindowModel,
    signal: np.ndarray,
    sizes: tuple[int, ...] = (8192,),
    restart: tuple[int, int] | None = None,
) -> list[AffectState]:
    extractor = FeatureExtractor()
    states: list[AffectState] = []
    heard = 0
    for piece in naive.pieces(signal, sizes):
        if restart and heard >= restart[0]:
            model.restart(restart[1])
            restart = None
        states += model.update(extractor.push(piece))
        heard += len(piece)
    return states


def test_a_window_model_keeps_the_contract_of_models() -> None:
    model = WindowModel(WEIGHTS, Listener(), window_s=3.0)
    assert isinstance(model, AffectModel)
    assert (model.name, model.digest, model.delay) == ("listener", "0123456789ab", STEP)


def test_the_system_hears_the_newest_samples_in_order_and_no_more_than_its_window() -> None:
    listener = Listener()
    listen(COUNTING, listener=listener)
    asked = listener.asked[1:]  # the first call warms up
    assert [len(a) for a in asked[:5]] == [2 * STEP, 3 * STEP, 4 * STEP, 5 * STEP, 3 * RATE]
    for i, heard in enumerate(asked):
        newest = (i + 2) * STEP
        assert np.array_equal(heard, COUNTING[newest - len(heard) : newest])


def test_nothing_is_said_before_a_second_was_heard() -> None:
    states = listen(noise(4 * RATE))
    assert [s.stop for s in states] == [(i + 1) * STEP for i in range(4 * RATE // STEP)]
    assert [s.confidence > 0 for s in states[:3]] == [False, True, True]
    assert states[0].dominance is None
    assert states[1].dominance == pytest.approx(states[1].quadrant_probabilities[0])


@pytest.mark.parametrize("sizes", [(1, 17, 509), (256,), (16384,)])
def test_no_split_changes_an_answer(sizes: tuple[int, ...]) -> None:
    signal = np.concatenate([noise(3 * RATE), np.zeros(RATE, np.float32), noise(2 * RATE)])
    assert listen(signal, sizes) == listen(signal)


def test_answers_agree_with_themselves() -> None:
    for state in listen(noise(6 * RATE)):
        q = state.quadrant_probabilities
        assert sum(q) == pytest.approx(1.0)
        assert state.valence == pytest.approx(q[0] + q[3] - q[1] - q[2])
        assert state.arousal == pytest.approx(q[0] + q[1] - q[2] - q[3])
        if state.quadrant:
            assert state.confidence == q[state.quadrant - 1]


def test_silence_from_the_start_is_unknown() -> None:
    assert {s.confidence for s in listen(np.zeros(3 * RATE, np.float32))} == {0.0}


def test_in_silence_the_answer_fades_and_after_a_while_the_piece_is_forgotten() -> None:
    listener = Listener()
    pause = round((FORGET_S + 1.0) * RATE)
    states = listen(
        np.concatenate([noise(4 * STEP), np.zeros(pause, np.float32), noise(3 * STEP)]),
        listener=listener,
    )
    fading = [abs(s.valence) for s in states[3 : 3 + round(FADE_S * RATE / STEP)]]
    assert fading == sorted(fading, reverse=True)
    assert states[20].confidence == 0.0
    assert len(listener.asked[-1]) < 4 * STEP  # what came before the pause is gone


def test_a_short_silence_does_not_enter_the_window() -> None:
    listener = Listener()
    gap = np.zeros(2 * STEP, np.float32)
    listen(np.concatenate([COUNTING[: 3 * STEP], gap, COUNTING[:STEP]]), listener=listener)
    expected = np.concatenate([COUNTING[: 3 * STEP], COUNTING[:STEP]])
    assert np.array_equal(listener.asked[-1], expected)


@pytest.mark.parametrize("boundary", [5 * STEP, 5 * STEP + 100, 2 * RATE + 7])
def test_after_a_restart_only_the_sound_since_the_boundary_counts(boundary: int) -> None:
    listener = Listener()
    told = 8 * STEP + 2 * 256
    listen(COUNTING[: 9 * STEP + 256], (256,), listener, restart=(told, boundary))
    last = listener.asked[-1]
    assert last[0] == max(boundary, 9 * STEP - 3 * RATE) + 1
    assert last[-1] == 9 * STEP


def test_a_restart_within_the_open_step_waits_for_a_second_of_new_sound() -> None:
    listener = Listener()
    boundary = 8 * STEP + 1000
    states = listen(COUNTING, (256,), listener, restart=(8 * STEP + 1024, boundary))
    assert [s.confidence > 0 for s in states[7:12]] == [True, False, False, True, True]
    first_since = next(a for a in listener.asked[1:] if a[0] == boundary + 1)
    assert len(first_since) == 3 * STEP - 1000


def test_reset_after_ragged_input_is_a_new_model() -> None:
    model = WindowModel(WEIGHTS, Listener(), window_s=3.0)
    run(model, noise(3 * RATE + 12345))
    model.restart(2 * RATE)
    model.reset()
    assert run(model, noise(4 * RATE)) == listen(noise(4 * RATE))


def test_a_short_window_is_filled_by_repetition_or_with_zeros_and_a_long_one_cut() -> None:
    short = np.asarray([1.0, 2.0], dtype=np.float32)
    assert fill(short, 5, "repeat").tolist() == [1, 2, 1, 2, 1]
    assert fill(short, 5, "zeros").tolist() == [1, 2, 0, 0, 0]
    assert fill(np.arange(6.0), 2, "repeat").tolist() == [4, 5]
