"""The corrected front end of S3 and S4 against scipy and librosa (PAPERS: differences <= 1e-6)."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import scipy.fft
import scipy.signal

from models.zoo.cepstrum import build_mel_bands, cepstrum, deltas, log_mel, pre_emphasise
from models.zoo.mel import power_spectra


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(3).standard_normal(24000) * 0.1


def test_pre_emphasis_is_one_minus_mu_over_z(noise: np.ndarray) -> None:
    expected = scipy.signal.lfilter([1.0, -0.97], [1.0], noise)
    np.testing.assert_allclose(pre_emphasise(noise), expected, atol=1e-12)


def test_pre_emphasis_weakens_a_low_tone_and_keeps_a_high_one() -> None:
    t = np.arange(24000) / 24000
    low, high = (np.sin(2 * np.pi * hz * t) for hz in (100.0, 10000.0))
    assert np.std(pre_emphasise(low)) < 0.05 * np.std(low)
    assert np.std(pre_emphasise(high)) > np.std(high)


def test_the_spectrum_is_the_discrete_fourier_transform_of_the_mended_equation(
    noise: np.ndarray,
) -> None:
    n_fft = 64
    n = np.arange(n_fft)
    window = scipy.signal.get_window("hann", n_fft)
    frame = noise[:n_fft] * window
    expected = [np.abs(np.sum(frame * np.exp(-2j * np.pi * n * m / n_fft))) ** 2 for m in range(33)]
    power = power_spectra(noise[:n_fft].astype(np.float32), n_fft, n_fft)
    np.testing.assert_allclose(power[0], expected, atol=1e-6)


def test_mel_bands_are_librosas_on_the_printed_scale() -> None:
    expected = librosa.filters.mel(
        sr=24000, n_fft=2048, n_mels=40, fmin=30.0, fmax=11000.0, htk=True, norm=None
    )
    bands = build_mel_bands(24000, 2048, 40, 30.0, 11000.0)
    np.testing.assert_allclose(bands, expected, atol=1e-6)


@pytest.mark.parametrize(("fmin", "fmax"), [(100.0, 50.0), (0.0, 13000.0), (-1.0, 500.0)])
def test_mel_bands_outside_the_spectrum_are_refused(fmin: float, fmax: float) -> None:
    with pytest.raises(ValueError, match="need 0 <= fmin"):
        build_mel_bands(24000, 512, 20, fmin, fmax)


def test_the_cepstrum_is_the_cosine_transform_of_the_mended_equation(noise: np.ndarray) -> None:
    energies = np.log(np.abs(noise[:400].reshape(10, 40)) + 0.1)
    # scipy's DCT-II has twice the sum
    expected = scipy.fft.dct(energies, type=2, axis=1)[:, 1:21] / 2.0
    np.testing.assert_allclose(cepstrum(energies, 20), expected, atol=1e-9)


def test_cepstra_do_not_change_with_the_volume(noise: np.ndarray) -> None:
    bands = build_mel_bands(24000, 1024, 40, 30.0, 11000.0)
    loud, soft = (
        cepstrum(log_mel(power_spectra(x, 1024, 512).astype(np.float64), bands), 20)
        for x in (noise, noise / 16.0)
    )
    np.testing.assert_allclose(loud, soft, atol=1e-4)


@pytest.mark.parametrize("order", [0, 40, 41])
def test_coefficients_that_the_bands_cannot_tell_apart_are_refused(order: int) -> None:
    with pytest.raises(ValueError, match="coefficients 1 to 39"):
        cepstrum(np.zeros((3, 40)), order)


def test_deltas_are_librosas_with_the_nearest_frame_repeated(noise: np.ndarray) -> None:
    rows = noise[:600].reshape(30, 20)
    expected = librosa.feature.delta(rows, width=9, mode="nearest", axis=0)
    np.testing.assert_allclose(deltas(rows), expected, atol=1e-9)


def test_deltas_of_nothing_are_nothing() -> None:
    assert deltas(np.zeros((0, 20))).shape == (0, 20)
