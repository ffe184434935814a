"""Training of the model of played notes: what is drawn, what is learned, what is exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from models import metrics
from models.notes import Notes
from models.symbolic import LONGEST_S, SymbolicModel, feature_names, features_digest
from models.training.corpora import Clip
from models.training.note_kernel import CLEAN_WEIGHT, GAMMA, RIDGE, fit_kernel, kernel_matrix
from models.training.note_networks import Recipe, fit, predict
from models.training.notes import Score, cut, head, read_score, rows_to_learn, vary, with_gain
from models.weights import read_weights, write_weights

SMALL = Recipe(networks=2, hidden=8, steps=150, batch=64)


def score(seconds: float = 30.0, seed: int = 0) -> Score:
    """Notes at random, a quarter of a second apart."""
    rng = np.random.default_rng(seed)
    onsets = np.arange(0.0, seconds, 0.25)
    held = onsets + rng.uniform(0.1, 0.4, len(onsets))
    pitches = rng.integers(40, 90, len(onsets))
    notes = Notes(onsets, held, held + 0.1, pitches, rng.integers(20, 110, len(onsets)) * 1.0)
    return Score(notes, seconds + 0.5)


def test_a_gain_rounds_and_clips_as_a_keyboard_does() -> None:
    notes = with_gain(replace(score().notes, velocity=np.array([1.0, 64.0, 100.0])), 1.5)
    assert notes.velocity.tolist() == [2.0, 96.0, 127.0]
    assert with_gain(notes, 0.001).velocity.tolist() == [1.0, 1.0, 1.0]


def test_varied_copies_stay_within_what_they_may_change() -> None:
    original = score()
    for seed in range(20):
        copy = vary(original, np.random.default_rng(seed))
        speed = copy.stop_s / original.stop_s
        moved = copy.notes.pitch - original.notes.pitch
        assert 0.95 <= speed <= 1.05
        assert np.allclose(copy.notes.onset_s, speed * original.notes.onset_s)
        assert len(set(moved.tolist())) == 1
        assert abs(moved[0]) <= 2
        louder = np.argsort(original.notes.velocity, kind="stable")
        assert np.all(np.diff(copy.notes.velocity[louder]) >= 0)
        assert np.all((copy.notes.velocity >= 1) & (copy.notes.velocity <= 127))


def test_stretches_are_cut_from_what_there_is() -> None:
    for seed in range(50):
        part = cut(score(), np.random.default_rng(seed))
        assert part.stop_s <= 30.5
        assert np.all(part.notes.end_s <= part.stop_s)
    assert head(score(), 5.0).stop_s == 5.0
    long = head(score(100.0), None)
    assert long.notes.onset_s[0] >= 100.5 - LONGEST_S


def test_rows_depend_on_the_seed_and_the_place_alone() -> None:
    scores = [score(seed=1), score(seed=2)]
    rows, owners = rows_to_learn(scores, 4, seed=7)
    again, _ = rows_to_learn(scores, 4, seed=7)
    first, _ = rows_to_learn(scores[:1], 4, seed=7)
    other, _ = rows_to_learn(scores, 4, seed=8)
    assert np.array_equal(rows, again)
    assert np.array_equal(rows[owners == 0], first)
    assert not np.array_equal(rows, other)
    assert rows.shape[1] == len(feature_names())


def test_a_clip_is_read_with_its_pedal(tmp_path: Path) -> None:
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    for message in (
        mido.Message("control_change", control=64, value=127, time=0),
        mido.Message("note_on", note=60, velocity=80, time=0),
        mido.Message("note_off", note=60, time=480),
        mido.Message("control_change", control=64, value=0, time=480),
    ):
        track.append(message)
    file.tracks.append(track)
    file.save(tmp_path / "a.mid")
    read = read_score(Clip(tmp_path / "a.mid", 1, "a"))
    assert read.notes.release_s.tolist() == [0.5]
    assert read.notes.end_s.tolist() == [1.0]
    assert read.stop_s == 1.0


def test_networks_learn_what_can_be_learned_and_run_as_the_product_runs_them(
    tmp_path: Path,
) -> None:
    """A hundred noisy features tell the quadrant, the others are noise alone."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(600, len(feature_names())))
    targets = rng.integers(0, 2, (600, 2)).astype(float)
    rows[:, :50] += 0.4 * (2.0 * targets[:, :1] - 1.0)
    rows[:, 50:100] += 0.4 * (2.0 * targets[:, 1:] - 1.0)
    data = rows[:400], targets[:400], np.ones(400)
    networks = fit(*data, replace(SMALL, input_dropout=0.1))
    arrays = networks | fit_kernel(rows[:50], targets[:50], *data, networks)
    logits = predict(arrays, rows[400:])
    assert np.mean((logits > 0) == (targets[400:] > 0)) > 0.85
    write_weights("symbolic", arrays, {"features": features_digest()}, folder=tmp_path)
    model = SymbolicModel(read_weights("symbolic", tmp_path))
    assert model._logits(rows[0]) == pytest.approx(predict(arrays, rows[:1])[0], abs=1e-5)
    again = fit(*data, replace(SMALL, input_dropout=0.1))
    assert all(np.array_equal(networks[name], again[name]) for name in networks)


def test_the_kernel_machine_is_the_ridge_regression_of_scikit_learn() -> None:
    """With every row a landmark and weights of one: the same scores, but for the offset's ridge."""
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(80, 12))
    targets = (rows[:, :2] > 0).astype(float)
    networks = {"mean": np.zeros(12), "scale": np.ones(12)}
    arrays = fit_kernel(rows, targets, rows[:0], targets[:0], np.ones(0), networks)
    witness = KernelRidge(alpha=RIDGE / CLEAN_WEIGHT, kernel="rbf", gamma=GAMMA)
    centre = arrays["beta"]
    witness.fit(rows, 2.0 * targets - 1.0 - centre)
    said = kernel_matrix(rows, arrays["landmarks"], GAMMA) @ arrays["alpha"] + centre
    assert said == pytest.approx(witness.predict(rows) + centre, abs=0.02)


def test_probabilities_of_quadrants_are_products_of_those_of_the_signs() -> None:
    assert metrics.joint(np.array([[0.9, 0.2]]))[0] == pytest.approx([0.18, 0.72, 0.08, 0.02])
