"""The model of played notes: its states, computed apart; its memory; what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models import catalogue
from models.base import NoteModel
from models.cards import read_card
from models.notes import KeyEvent, play
from models.symbolic import FORGET_S, SAMPLE_RATE, STEP_S, SymbolicModel, features_digest, load
from models.symbolic_features import features_of
from models.types import AffectState, quadrant_of
from models.weights import WeightsError, read_weights

RATE = SAMPLE_RATE


def tune(seconds: float, start_s: float = 0.0, velocity: int = 70, seed: int = 0) -> list[KeyEvent]:
    """A piece for two hands: random notes of C major, a chord every second, pedal between."""
    rng = np.random.default_rng(seed)
    events: list[KeyEvent] = []

    def note(at_s: float, pitch: int, held_s: float, loud: float) -> None:
        at = round((start_s + at_s) * RATE)
        level = int(np.clip(loud, 1, 127))
        events.append(KeyEvent(at, "press", 0, pitch, level))
        events.append(KeyEvent(at + round(held_s * RATE), "release", 0, pitch))

    for beat in range(int(seconds * 4)):
        pitch = int(rng.choice([60, 62, 64, 65, 67, 69, 71, 72]))
        note(beat / 4, pitch, 0.2, velocity + rng.integers(-20, 20))
        if beat % 4 == 0:
            for pitch in (48, 52, 55):
                note(beat / 4, pitch, 0.9, velocity - 10)
            events.append(KeyEvent(round((start_s + beat / 4) * RATE), "pedal", 0, 0, 127))
            events.append(KeyEvent(round((start_s + beat / 4 + 0.6) * RATE), "pedal", 0, 0, 0))
    return sorted(events, key=lambda event: event.at)


def hear(model: SymbolicModel, events: list[KeyEvent], stop_s: float) -> list[AffectState]:
    return model.update(events, round(stop_s * RATE))


def test_it_is_a_model_of_notes_that_cannot_be_chosen_to_hear_sound() -> None:
    assert isinstance(load(), NoteModel)
    card = read_card(read_weights("symbolic").card)
    assert card.kind == "notes"
    assert "symbolic" not in catalogue.names()


def test_a_state_is_what_the_networks_say_of_the_features_of_the_notes() -> None:
    """The formulas of the module's docstring, written out apart, in double precision."""
    events = tune(9.0)
    state = hear(load(), events, 8.0)[-1]
    stop = 8 * RATE
    notes = play([event for event in events if event.at < stop], stop, RATE)
    row = np.array(list(features_of(notes, 8.0, relative=True).values()))
    table = {name: a.astype(np.float64) for name, a in read_weights("symbolic").arrays.items()}
    x = np.clip((row - table["mean"]) / table["scale"], -4.0, 4.0)
    quadrants = []
    for w, b, v, c in zip(table["w"], table["b"], table["v"], table["c"], strict=True):
        score = np.exp(v @ np.tanh(w @ x + b) + c)
        quadrants.append(score / score.sum())
    q = np.mean(quadrants, axis=0)
    odds = np.array([(q[0] + q[1]) / (q[2] + q[3]), (q[0] + q[3]) / (q[1] + q[2])])
    similar = [
        np.exp(-table["gamma"] * np.linalg.norm(x - known) ** 2) for known in table["landmarks"]
    ]
    score = np.clip(np.array(similar) @ table["alpha"] + table["beta"], -0.98, 0.98)
    odds = np.sqrt(odds * (1.0 + score) / (1.0 - score))
    sure = 1.0 / (1.0 + odds ** (-1.0 / table["temperature"]))
    assert (state.arousal, state.valence) == pytest.approx(tuple(2.0 * sure - 1.0), abs=1e-9)
    assert state.stop == stop
    assert sum(state.quadrant_probabilities) == pytest.approx(1.0)
    assert state.confidence == pytest.approx(max(state.quadrant_probabilities))
    assert state.quadrant == quadrant_of(state.valence, state.arousal)


def test_the_weights_say_what_they_said_when_they_were_written() -> None:
    weights = read_weights("symbolic")
    fixture = weights.card["fixture"]
    mean, scale = weights.arrays["mean"], weights.arrays["scale"]
    row = mean + 0.5 * scale * np.cos(np.arange(len(mean)))
    model = SymbolicModel(weights)
    logits = model._logits(row) * weights.arrays["temperature"]
    assert logits == pytest.approx(fixture["logits"], abs=1e-3)


@pytest.mark.parametrize("sizes", [(1,), (17,), (509, 1, 24_000), (100_000,)])
def test_any_way_of_handing_over_the_events_gives_the_same_states(sizes: tuple[int, ...]) -> None:
    events, stop = tune(5.0), 6 * RATE
    whole = load().update(events, stop)
    model, states, at, turn = load(), [], 0, 0
    step = max(sizes) if min(sizes) < 100 else 0
    while at < stop:
        size = max(sizes[turn % len(sizes)] * (331 if step else 1), 1)
        after = min(at + size, stop)
        part = [event for event in events if at < event.at <= after or (at == 0 == event.at)]
        states += model.update(part, after)
        at, turn = after, turn + 1
    assert states == whole
    assert [state.stop for state in whole] == [round(STEP_S * RATE) * (i + 1) for i in range(24)]


def test_reset_in_the_middle_leaves_no_trace() -> None:
    model = load()
    hear(model, tune(3.0, seed=3)[:-3], 2.9)
    model.reset()
    assert hear(model, tune(5.0), 5.0) == hear(load(), tune(5.0), 5.0)


def test_how_loudly_the_keyboard_is_set_changes_nothing() -> None:
    """All velocities halved, none rounded or clipped: the very same answer."""
    events = [
        replace(event, velocity=2 * (event.velocity // 2)) if event.kind == "press" else event
        for event in tune(8.0)
    ]
    softer = [
        replace(event, velocity=event.velocity // 2) if event.kind == "press" else event
        for event in events
    ]
    loud, soft = hear(load(), events, 8.0)[-1], hear(load(), softer, 8.0)[-1]
    assert (soft.valence, soft.arousal) == pytest.approx((loud.valence, loud.arousal), abs=1e-9)


def test_a_few_notes_say_nothing() -> None:
    events = [KeyEvent(i * 2400, "press", 0, 60 + i, 80) for i in range(3)]
    for state in hear(load(), events, 2.0):
        assert (state.quadrant, state.confidence, state.music) == (0, 0.0, 0.0)


def test_the_answer_fades_in_silence_and_a_long_one_ends_the_piece() -> None:
    model = load()
    playing = hear(model, tune(6.0), 6.0)[-1]
    fading = hear(model, [], 6.0 + FORGET_S + 2.0)
    sure = [state.confidence for state in fading]
    assert playing.music == 1.0
    assert fading[-1].music == 0.0
    assert fading[-1].quadrant == 0
    assert sure[0] == pytest.approx(playing.confidence, abs=0.1)  # a rest belongs to the music
    assert sure[8] > sure[16] > sure[-1] == 0.0
    start_s = 6.0 + FORGET_S + 3.0
    after = hear(model, tune(4.0, start_s, seed=5), start_s + 4.0)
    fresh = hear(load(), tune(4.0, start_s, seed=5), start_s + 4.0)
    assert after[-1] == fresh[-1]


def test_restart_rests_on_the_notes_since_the_boundary() -> None:
    first, second = tune(10.0, velocity=100, seed=1), tune(6.0, start_s=10.0, seed=2)
    model = load()
    hear(model, first + second, 16.0)
    model.restart(10 * RATE)
    late = tune(2.0, start_s=16.0, seed=4)
    told = hear(model, late, 18.0)[-1]
    alone = hear(load(), second + late, 18.0)[-1]
    assert told == alone


def test_foreign_weights_are_refused() -> None:
    weights = read_weights("symbolic")
    assert weights.card["features"] == features_digest()
    foreign = replace(weights, card=weights.card | {"features": "0" * 12})
    with pytest.raises(WeightsError, match="features"):
        SymbolicModel(foreign)
