"""S4 on MIDI: score and performance are told apart, and the live path hears what training hears."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.base import NoteModel
from models.notes import KeyEvent, Notes, play
from models.training.notes import Score
from models.training.zoo import lstm_attention as training
from models.training.zoo.lstm_attention_notes import read_segments
from models.weights import Weights
from models.zoo.lstm_attention import LstmAttention
from models.zoo.lstm_attention_notes import FRONT_END, NoteSegmentModel
from models.zoo.note_segments import MODES, PERFORMANCE, SCORE, WIDTH, describe_notes
from models.zoo.window import SAMPLE_RATE


def _notes(pitches: list[int], every_s: float = 0.5, velocity: float = 64.0) -> Notes:
    onset = np.arange(len(pitches)) * every_s
    end = onset + 0.8 * every_s
    return Notes(onset, end, end, np.asarray(pitches), np.full(len(pitches), velocity))


def _value(notes: Notes, name: str) -> float:
    return float(describe_notes(notes)[(SCORE + PERFORMANCE).index(name)])


def _piece(seconds: int) -> list[KeyEvent]:
    scale, events = (60, 64, 67, 72, 65, 69), []
    for i in range(seconds * 3):
        at = round(i * SAMPLE_RATE / 3)
        pitch, velocity = scale[i % 6] - 3 * (i > 20), 50 + (i * 7) % 40
        events.append(KeyEvent(at, "press", 0, pitch, velocity))
        events.append(KeyEvent(at + SAMPLE_RATE // 4, "release", 0, pitch))
    return events


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    torch.manual_seed(0)
    limits = np.stack([np.full(WIDTH, -2.0), np.full(WIDTH, 6.0)])
    network = training.Network(limits, training.MODES["default"]).eval()
    return {**network.arrays(), "temperature": np.ones(1, np.float32)}


@pytest.fixture
def model(arrays: dict[str, np.ndarray]) -> NoteSegmentModel:
    card = {"front_end": FRONT_END, "mode": "both", "sha256": "0" * 64}
    return NoteSegmentModel(Weights("lstm_attention_notes", arrays, card))


def test_the_model_keeps_the_contract_of_models_of_notes(model: NoteSegmentModel) -> None:
    assert isinstance(model, NoteModel)


def test_louder_keys_and_the_same_music_have_the_same_values() -> None:
    soft, loud = (_notes([60, 64, 67, 72], velocity=v) for v in (30.0, 120.0))
    np.testing.assert_allclose(describe_notes(soft), describe_notes(loud))


def test_the_score_does_not_hear_the_hands_nor_the_performance_the_key() -> None:
    slow, fast = _notes([60, 64, 67, 60], 0.7), _notes([60, 64, 67, 60], 0.2)
    score, performance = MODES["score"], MODES["performance"]
    np.testing.assert_allclose(describe_notes(slow)[score], describe_notes(fast)[score], atol=0.01)
    high = _notes([62, 66, 69, 62], 0.7)
    np.testing.assert_allclose(
        describe_notes(slow)[performance], describe_notes(high)[performance], atol=1e-6
    )
    assert _value(fast, "interval") < _value(slow, "interval")


def test_major_and_minor_are_told_apart() -> None:
    major, minor = _notes([60, 64, 67, 72, 64, 60]), _notes([60, 63, 67, 72, 63, 60])
    assert _value(major, "major fit") > _value(major, "minor fit")
    assert _value(minor, "minor fit") > _value(minor, "major fit")


def test_a_clash_of_semitones_in_one_chord_is_heard() -> None:
    onset = np.zeros(2)
    clash = Notes(onset, onset + 1.0, onset + 1.0, np.asarray([60, 61]), np.full(2, 64.0))
    fifth = Notes(onset, onset + 1.0, onset + 1.0, np.asarray([60, 67]), np.full(2, 64.0))
    assert _value(clash, "semitone clashes") == 1.0
    assert _value(fifth, "semitone clashes") == 0.0


def test_no_notes_have_no_values() -> None:
    assert not describe_notes(_notes([])).any()


def test_the_live_path_hears_the_segments_of_training(
    model: NoteSegmentModel, arrays: dict[str, np.ndarray]
) -> None:
    events, stop = _piece(12), 12 * SAMPLE_RATE
    said = model.update(events, stop)
    rows = read_segments(Score(play(events, stop, SAMPLE_RATE), 12.0))
    assert len(said) == 12
    network = LstmAttention(arrays)
    for i in (3, 7, 11):
        expected = network.answer(rows[: i + 1]).quadrants
        np.testing.assert_allclose(said[i].quadrant_probabilities, expected, atol=1e-5)


def test_events_in_any_batches_give_the_same_answers(model: NoteSegmentModel) -> None:
    events, stop = _piece(8), 8 * SAMPLE_RATE
    whole = model.update(events, stop)
    model.reset()
    parts = []
    for until in range(7001, stop + 7001, 7001):
        known = [e for e in events if until - 7001 < e.at <= until or (until == 7001 and e.at == 0)]
        parts += model.update(known, min(until, stop))
    assert parts == whole


def test_silence_fades_and_is_forgotten(model: NoteSegmentModel) -> None:
    said = model.update(_piece(6), 30 * SAMPLE_RATE)
    assert said[5].confidence > 0.25
    assert said[-1].quadrant == 0
    assert said[-1].music == 0.0


def test_after_a_boundary_only_what_came_since_counts(model: NoteSegmentModel) -> None:
    events = _piece(12)
    model.update([e for e in events if e.at <= 10 * SAMPLE_RATE], 10 * SAMPLE_RATE)
    model.restart(5 * SAMPLE_RATE)
    rest = [e for e in events if e.at > 10 * SAMPLE_RATE]
    after = model.update(rest, 12 * SAMPLE_RATE)[-1]
    rows = read_segments(Score(play(events, 12 * SAMPLE_RATE, SAMPLE_RATE), 12.0))[7:12]
    expected = model._network.answer(rows).quadrants  # segments that began at 5 s or later
    np.testing.assert_allclose(after.quadrant_probabilities, expected, atol=1e-5)
