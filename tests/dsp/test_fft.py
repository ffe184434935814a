"""The real FFT: equal to the definition and to scipy's."""

import numpy as np
import pytest
import scipy.fft

from dsp.fft import PowerSpectrum, build_hann
from tests import naive
from tests.dsp.signals import noise, sine


@pytest.mark.parametrize("n_fft", [128, 256, 512, 1024, 2048, 4096, 8192])
def test_power_is_scipys_for_every_size(n_fft: int) -> None:
    frame = noise(n_fft)
    power = PowerSpectrum(n_fft, n_fft).push(frame)[0]
    expected = np.abs(scipy.fft.rfft(frame.astype(np.float64) * build_hann(n_fft))) ** 2
    assert np.abs(power - expected).max() < 1e-6 * expected.max()


@pytest.mark.parametrize("n_fft", [128, 256, 512])
def test_power_is_the_definition_of_the_transform(n_fft: int) -> None:
    frame = noise(n_fft, seed=1)
    power = PowerSpectrum(n_fft, n_fft).push(frame)[0]
    expected = naive.power_spectrum(frame)
    assert np.abs(power - expected).max() < 1e-6 * expected.max()


def test_every_frame_of_a_stretch_is_transformed_alone() -> None:
    signal = noise(128 + 3 * 16)
    together = PowerSpectrum(128, 16).push(signal).copy()
    single = PowerSpectrum(128, 128)
    alone = [single.push(signal[i * 16 : i * 16 + 128])[0].copy() for i in range(4)]
    assert np.array_equal(together, alone)


def test_energy_is_conserved() -> None:
    # Parseval: the power of all bins, both sides, is n times the windowed frame's energy
    n_fft = 512
    frame = noise(n_fft)
    power = PowerSpectrum(n_fft, n_fft).push(frame)[0].astype(np.float64)
    total = power[0] + power[-1] + 2 * power[1:-1].sum()
    assert total == pytest.approx(n_fft * np.sum((frame * build_hann(n_fft)) ** 2), rel=1e-5)


def test_a_sine_on_a_bin_peaks_there_with_a_quarter_of_the_square() -> None:
    n_fft, k = 256, 20
    power = PowerSpectrum(n_fft, n_fft).push(sine(k, n_fft, level=1.0, rate=n_fft))[0]
    assert power.argmax() == k
    assert power[k] == pytest.approx((n_fft / 4) ** 2, rel=1e-4)


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_silence_and_direct_current_stay_where_they_belong(value: float) -> None:
    n_fft = 256
    power = PowerSpectrum(n_fft, n_fft).push(np.full(n_fft, value, dtype=np.float32))[0]
    assert power[0] == pytest.approx((value * n_fft / 2) ** 2, rel=1e-5)
    assert power[2:].max() < 1e-6


def test_a_bad_sample_shows_in_its_frame_and_in_no_other() -> None:
    signal = noise(128 * 3)
    signal[200] = np.nan
    power = PowerSpectrum(128, 128).push(signal)
    assert np.isfinite(power[[0, 2]]).all()
    assert np.isnan(power[1]).all()


@pytest.mark.parametrize("n_fft", [0, 64, 200, 2047])
def test_other_sizes_are_refused(n_fft: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        PowerSpectrum(n_fft, 16)


def test_a_window_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="window"):
        PowerSpectrum(128, 16, window=np.ones(127))
