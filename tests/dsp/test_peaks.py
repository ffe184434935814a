"""Peaks of a spectrum: where sines stand, between the bins."""

import numpy as np
import pytest

from dsp.fft import PowerSpectrum
from dsp.peaks import build_peaks, find_peaks
from tests.dsp.signals import RATE, noise, sine

N_FFT = 2048
BIN_HZ = RATE / N_FFT


def peaks_of(power: np.ndarray, range_db: float = 50.0) -> tuple[np.ndarray, np.ndarray]:
    """Places in bins and magnitudes of all peaks of a spectrum."""
    state = build_peaks(9, 342, N_FFT, range_db)
    count = find_peaks(power, state)
    return state[3][:count], state[4][:count]


def power_of(signal: np.ndarray) -> np.ndarray:
    return PowerSpectrum(N_FFT, N_FFT).push(signal)[0].copy()


@pytest.mark.parametrize("hz", [220.0, 441.3, 987.0, 2000.0])
def test_a_sine_is_found_within_a_twentieth_of_a_bin(hz: float) -> None:
    places, magnitudes = peaks_of(power_of(sine(hz, N_FFT)))
    assert places[magnitudes.argmax()] == pytest.approx(hz / BIN_HZ, abs=0.05)


def test_every_peak_is_a_bin_above_its_neighbours() -> None:
    power = power_of(noise(N_FFT))
    places, magnitudes = peaks_of(power, range_db=200.0)
    inside = np.arange(9, 342)
    higher = (power[inside] > power[inside - 1]) & (power[inside] >= power[inside + 1])
    assert np.array_equal(np.round(places), inside[higher])
    assert np.allclose(magnitudes, np.sqrt(power[inside[higher]]))


def test_places_are_the_vertices_of_parabolas_through_the_logarithms() -> None:
    power = power_of(noise(N_FFT, seed=3))
    places, _ = peaks_of(power, range_db=30.0)
    for place in places:
        k = round(float(place))
        curve = np.polyfit([-1.0, 0.0, 1.0], np.log(power[k - 1 : k + 2].astype(np.float64)), 2)
        assert place == pytest.approx(k - curve[1] / (2.0 * curve[0]), abs=1e-4)


def test_what_lies_far_under_the_strongest_peak_is_noise() -> None:
    power = power_of(sine(500.0, N_FFT, 0.5) + sine(1500.0, N_FFT, 0.5e-2))
    strong, _ = peaks_of(power, range_db=30.0)
    all_of_them, _ = peaks_of(power, range_db=50.0)
    assert np.round(strong * BIN_HZ, -1).tolist() == [500.0]
    assert np.round(all_of_them * BIN_HZ, -1).tolist() == [500.0, 1500.0]


@pytest.mark.parametrize("value", [0.0, np.nan, 1.0])
def test_nothing_stands_out_of_a_flat_or_bad_spectrum(value: float) -> None:
    places, _ = peaks_of(np.full(N_FFT // 2 + 1, value, np.float32))
    assert len(places) == 0
