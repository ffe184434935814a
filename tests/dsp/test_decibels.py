"""The logarithm that loops take of many values at once: numpy's."""

import numpy as np
import pytest

from dsp.decibels import decibels, log2
from dsp.jit import kernel


@kernel
def _logarithms(values, out):
    for i in range(values.shape[0]):
        out[i] = log2(values[i])


def logarithms(values: np.ndarray) -> np.ndarray:
    """Of all values in one loop, float64 for comparison."""
    out = np.zeros(len(values), np.float32)
    _logarithms(values.astype(np.float32), out)
    return out.astype(np.float64)


def test_logarithms_are_numpys_over_the_whole_range() -> None:
    values = (2.0 ** np.linspace(-120.0, 120.0, 4001)).astype(np.float32)
    assert np.abs(logarithms(values) - np.log2(values.astype(np.float64))).max() < 4e-6
    audible = np.abs(np.log2(values)) < 34.0
    error = logarithms(values)[audible] - np.log2(values[audible].astype(np.float64))
    assert np.abs(error).max() < 1e-6 * 2.0


def test_near_one_the_logarithm_is_exact_to_the_last_digits() -> None:
    values = (1.0 + np.linspace(-1e-3, 1e-3, 400)).astype(np.float32)
    exact = np.log2(values.astype(np.float64))
    assert np.abs(logarithms(values) - exact).max() < 2e-7 * np.abs(exact).max()


def test_powers_of_two_are_whole_numbers() -> None:
    exponents = np.arange(-126, 128)
    assert np.array_equal(logarithms(2.0**exponents), exponents)


def test_what_is_no_number_stays_none_and_infinity_stays_infinite() -> None:
    answer = logarithms(np.asarray([np.nan, np.inf, 4.0]))
    assert np.isnan(answer[0])
    assert answer[1:].tolist() == [np.inf, 2.0]


@pytest.mark.parametrize(("power", "expected"), [(0.0, -100.0), (1e-12, -100.0), (1e-30, -100.0)])
def test_decibels_stop_at_the_floor(power: float, expected: float) -> None:
    assert decibels(np.float32(power), -100.0) == expected


@pytest.mark.parametrize(("power", "expected"), [(1.0, 0.0), (100.0, 20.0), (0.5, -3.0103)])
def test_decibels_are_ten_times_the_common_logarithm(power: float, expected: float) -> None:
    assert decibels(np.float32(power), -100.0) == pytest.approx(expected, abs=1e-4)
