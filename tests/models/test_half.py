"""Half precision in kernels: numpy's halves, and refusal of what they cannot hold."""

from __future__ import annotations

import numpy as np
import pytest

from dsp.jit import kernel
from models.half import halve, widen
from models.weights import WeightsError


@kernel
def widen_all(bits, values):
    for i in range(bits.shape[0]):
        values[i] = widen(bits[i])


def test_every_half_is_the_number_that_numpy_says() -> None:
    bits = np.arange(1 << 16, dtype=np.uint16)
    values = np.zeros(len(bits), np.float32)
    widen_all(bits, values)
    np.testing.assert_array_equal(values, bits.view(np.float16).astype(np.float32))


def test_a_weight_is_off_by_at_most_half_a_step_of_its_size() -> None:
    weights = np.random.default_rng(1).normal(0.0, 0.3, 10_000).astype(np.float32)
    values = np.zeros(len(weights), np.float32)
    widen_all(halve(weights, "any"), values)
    assert (np.abs(values - weights) <= np.maximum(np.abs(weights) / 2048.0, 3e-8)).all()


@pytest.mark.parametrize("value", [1e6, -1e6, np.nan, np.inf])
def test_what_a_half_cannot_hold_is_refused_with_the_name_of_the_model(value: float) -> None:
    with pytest.raises(WeightsError, match="'toy'"):
        halve(np.asarray([0.5, value]), "toy")
