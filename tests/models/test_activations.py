"""Activations against the C library's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.activations import sigmoid, tanh

EVERYWHERE = np.concatenate([np.linspace(-12.0, 12.0, 4801), [0.0, 1e-20, -1e-20, 1e30, -1e30]])


def of_each(function, values: np.ndarray) -> np.ndarray:
    return np.asarray([function(value) for value in values.astype(np.float32)], dtype=np.float64)


def test_tanh_is_that_of_the_library_everywhere() -> None:
    truth = np.tanh(EVERYWHERE.astype(np.float32).astype(np.float64))
    assert np.abs(of_each(tanh, EVERYWHERE) - truth).max() < 6e-7


def test_sigmoid_is_that_of_the_library_everywhere() -> None:
    near = EVERYWHERE[np.abs(EVERYWHERE) < 100.0].astype(np.float32)
    truth = np.asarray([1.0 / (1.0 + math.exp(-float(x))) for x in near])
    assert np.abs(of_each(sigmoid, near) - truth).max() < 6e-7


@pytest.mark.parametrize("function", [tanh, sigmoid])
def test_they_never_fall_where_the_truth_rises_more_than_their_error(function) -> None:
    steps = np.diff(of_each(function, np.linspace(-9.0, 9.0, 20001)))
    assert steps.min() > -6e-7


@pytest.mark.parametrize("function", [tanh, sigmoid])
def test_what_is_no_number_stays_none(function) -> None:
    assert math.isnan(function(np.float32(np.nan)))
