"""S3: cepstra and chords in, the network's penultimate layer into a linear SVM of training rows."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import torch
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from models.training.zoo import cnn_svm as training
from models.training.zoo.system import Part
from models.zoo.chords import CHORD_WIDTH
from models.zoo.cnn_svm import CEPSTRA, EMBEDDING, MODES, WIDTH, CnnSvm, chords_of, read_frames
from models.zoo.window import SAMPLE_RATE


@pytest.fixture
def network() -> training.Network:
    torch.manual_seed(0)
    mean = np.linspace(-1.0, 1.0, CEPSTRA, dtype=np.float32)
    return training.Network(mean, np.full(CEPSTRA, 3.0, np.float32)).eval()


@pytest.fixture
def part() -> Part:
    rng = np.random.default_rng(0)
    inputs = np.abs(rng.standard_normal((24, 2, 80, WIDTH))).astype(np.float32)
    return Part(inputs, np.tile([1, 2, 3, 4], 6), np.arange(24).astype(str), np.arange(24), 2)


def _chord(semitones: tuple[int, ...], seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tones = (np.sin(2 * np.pi * 261.63 * 2.0 ** (n / 12) * t) for n in semitones)
    return (0.1 * sum(tones)).astype(np.float32)


def test_a_frame_has_20_cepstra_their_slopes_the_slopes_of_these_and_chroma() -> None:
    frames = read_frames(np.random.default_rng(0).standard_normal(48000).astype(np.float32))
    assert frames.shape[1] == WIDTH == 3 * 20 + 12
    slopes = librosa.feature.delta(frames[:, :20], width=9, mode="nearest", axis=0)
    np.testing.assert_allclose(frames[:, 20:40], slopes, atol=1e-4)
    again = librosa.feature.delta(frames[:, 20:40], width=9, mode="nearest", axis=0)
    np.testing.assert_allclose(frames[:, 40:60], again, atol=1e-4)


def test_the_embedding_is_the_penultimate_layer_of_128(network: training.Network) -> None:
    assert EMBEDDING == 128
    assert network.out.in_features == 128
    frames = np.random.default_rng(1).standard_normal((3, 120, WIDTH)).astype(np.float32)
    with torch.no_grad():
        expected = network.embed(torch.from_numpy(frames)).numpy()
    # weights are stored in half precision
    np.testing.assert_allclose(CnnSvm(network.arrays()).embed(frames), expected, atol=1e-2)


def test_the_chords_of_sound_are_heard() -> None:
    major, minor = (read_frames(_chord(notes, 3.0)) for notes in ((0, 4, 7), (9, 12, 16)))
    assert chords_of(major)[0] > 0.9
    assert chords_of(major)[26] == pytest.approx(1.0)
    assert chords_of(minor)[12 + 9] > 0.9
    assert chords_of(minor)[26] == pytest.approx(-1.0)


def test_paper_mode_hears_the_first_40_seconds_and_fills_up_with_zeros() -> None:
    paper = MODES["paper"]
    assert (paper.window_s, paper.filling) == (40.0, "zeros")
    short = paper.fit_length(np.ones(SAMPLE_RATE, np.float32))
    assert len(short) == 40 * SAMPLE_RATE
    assert short[:SAMPLE_RATE].all()
    assert not short[SAMPLE_RATE:].any()
    long = np.arange(50 * SAMPLE_RATE, dtype=np.float32)
    np.testing.assert_array_equal(paper.fit_length(long), long[: 40 * SAMPLE_RATE])


def test_the_default_hears_the_last_seconds_and_repeats_what_there_is() -> None:
    default = MODES["default"]
    length = round(default.window_s * SAMPLE_RATE)
    assert default.fit_length(np.arange(2 * length))[0] == length
    assert default.fit_length(np.ones(SAMPLE_RATE, np.float32)).all()


def test_weights_of_one_mode_are_told_from_those_of_the_other() -> None:
    assert len({mode.front_end for mode in MODES.values()}) == len(MODES)


def test_the_svm_is_scikit_learns_linear_one_on_standardised_rows() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((80, 6)) * [1, 10, 100, 1, 1, 1] + 5.0
    quadrants = np.tile([1, 2, 3, 4], 20)
    w, b = training.fit_svm(rows, quadrants, 0.1)
    pipeline = make_pipeline(StandardScaler(), LinearSVC(C=0.1, dual=False))
    expected = pipeline.fit(rows, quadrants).decision_function(rows)
    np.testing.assert_allclose(rows @ w.T + b, expected, atol=1e-6)


def test_c_is_chosen_without_an_artist_on_both_sides(
    part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    artists = np.repeat(np.arange(8), 3).astype(str)
    known: list[set[str]] = []
    embed = training.fit_embedding

    def remember(some: Part, inner: Part | None, epochs: int, seed: int) -> object:
        known.append(set(some.groups))
        return embed(some, inner, epochs, seed)

    monkeypatch.setattr(training, "fit_embedding", remember)
    whole = Part(part.inputs, part.quadrants, artists, part.rows, part.windows)
    assert training.choose_c(whole, 1, 0) in training.C_VALUES
    assert len(known) == training.INNER_FOLDS
    clips_known = sum(np.isin(artists, list(some)).sum() for some in known)
    # every clip is held out exactly once, together with all clips of its artist
    assert clips_known == (training.INNER_FOLDS - 1) * len(artists)


def test_neither_scaler_nor_network_sees_the_clips_that_are_set_aside(part: Part) -> None:
    inner = part.take(np.arange(20, 24))
    loud = Part(inner.inputs * 1000.0, inner.quadrants, inner.groups, inner.rows, inner.windows)
    known = part.take(np.arange(20))
    fitted = [training.fit(known, aside, 1, 0).arrays for aside in (inner, loud)]
    for name, array in fitted[0].items():
        np.testing.assert_array_equal(array, fitted[1][name], err_msg=name)


def test_a_window_has_four_decision_values(part: Part) -> None:
    arrays = training.fit(part, None, 1, 0).arrays
    assert arrays["svm_w"].shape == (4, EMBEDDING + CHORD_WIDTH)
    assert CnnSvm(arrays).logits(part.inputs[0]).shape == (2, 4)
