"""The 50 descriptors of S4: their counts, their truth on synthetic sound, min-max of training."""

from __future__ import annotations

import librosa
import numpy as np
import pytest

from models.zoo.descriptors import (
    WIDTH,
    WIDTHS,
    describe,
    find_formants,
    fit_scaling,
    predict_linear,
    scale,
    track_pitch,
    zero_crossings,
)
from models.zoo.mel import power_spectra, split_frames

RATE = 24000


def _tone(hz: float, seconds: float = 3.0) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    partials = (np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 6))
    return (0.2 * sum(partials)).astype(np.float32)


@pytest.fixture
def noise() -> np.ndarray:
    return (0.1 * np.random.default_rng(0).standard_normal(3 * RATE)).astype(np.float32)


def test_the_descriptors_are_18_8_10_6_8_and_50_together() -> None:
    assert tuple(WIDTHS.values()) == (18, 8, 10, 6, 8)
    assert WIDTH == 50


@pytest.mark.parametrize("seconds", [2.0, 3.0])
def test_segments_of_2_and_3_seconds_have_50_finite_values(
    noise: np.ndarray, seconds: float
) -> None:
    values = describe(noise[: round(seconds * RATE)])
    assert values.shape == (50,)
    assert np.isfinite(values).all()


def test_silence_has_finite_values() -> None:
    assert np.isfinite(describe(np.zeros(3 * RATE, np.float32))).all()


def test_the_volume_changes_nothing(noise: np.ndarray) -> None:
    music = _tone(220.0) + noise
    np.testing.assert_allclose(describe(music / 16.0), describe(music), atol=2e-3)


def test_linear_prediction_is_librosas(noise: np.ndarray) -> None:
    coloured = np.convolve(noise, [1.0, 0.8, 0.3, -0.2])[:8192].astype(np.float64)
    windowed = coloured * np.hanning(len(coloured))
    correlation = np.correlate(windowed, windowed, "full")[len(windowed) - 1 :]
    # Burg's estimate is another one of the same model: close on a long stretch, not equal
    expected = librosa.lpc(coloured, order=8)
    np.testing.assert_allclose(predict_linear(correlation, 8), expected, atol=0.05)


def test_formants_are_where_the_poles_were_put() -> None:
    wanted_hz = np.asarray([700.0, 1800.0, 3200.0, 6000.0])
    poles = 0.97 * np.exp(2j * np.pi * wanted_hz / RATE)
    a = np.poly(np.concatenate([poles, poles.conj()])).real
    hz, level_db = find_formants(a, RATE)
    np.testing.assert_allclose(hz, wanted_hz, rtol=1e-6)
    assert (level_db > 0.0).all()


@pytest.mark.parametrize("hz", [110.0, 220.0, 440.0])
def test_the_pitch_of_a_tone_is_found(hz: float) -> None:
    found_hz, clear = track_pitch(power_spectra(_tone(hz), 2048, 1024))
    np.testing.assert_allclose(found_hz, hz, rtol=0.02)
    assert clear.min() > 0.9


def test_noise_has_no_clear_pitch(noise: np.ndarray) -> None:
    _, clear = track_pitch(power_spectra(noise, 2048, 1024))
    assert clear.mean() < 0.3


def test_zero_crossings_of_a_sine() -> None:
    t = np.arange(RATE) / RATE
    frames = split_frames(np.sin(2 * np.pi * 1200.0 * t + 0.1), 2048, 1024)
    np.testing.assert_allclose(zero_crossings(frames), 0.1, atol=1e-3)


def test_scaling_is_min_max_of_the_training_segments_and_clips_the_rest() -> None:
    train = np.asarray([[0.0, 10.0], [2.0, 30.0]])
    limits = fit_scaling(train)
    np.testing.assert_allclose(scale(train, limits), [[0.0, 0.0], [1.0, 1.0]])
    np.testing.assert_allclose(scale(np.asarray([[1.0, 99.0]]), limits), [[0.5, 1.0]])


def test_a_value_that_never_changed_in_training_scales_to_a_finite_one() -> None:
    limits = fit_scaling(np.ones((4, 2)))
    assert np.isfinite(scale(np.ones((1, 2)), limits)).all()
