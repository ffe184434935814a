"""Vectors: what a kernel runs is what numpy's definition says."""

import numpy as np
import pytest

from dsp import vectors
from dsp.jit import kernel
from dsp.vectors import LANES, interleaved, load, store, turned, weighted
from tests.dsp.signals import noise

X, Y = noise(200).reshape(2, 100), noise(200, seed=1).reshape(2, 100)
SAMPLES = noise(120, seed=2)


@kernel
def _arithmetic(x, y, out):
    a, b = load(x, 3), load(y, 40)
    store(out, 0, a + b)
    store(out, 16, a - b)
    store(out, 32, a * b)
    store(out, 48, weighted(a, b))
    store(out, 64, turned(a))


@kernel
def _memory(x, samples, out, power):
    store(out, 5, vectors.load_mirrored(x, 60))
    store(out, 30, vectors.load_pairs(samples, 7))
    store(out, 60, vectors.spread(x, 9))
    vectors.store_power(power, 1, load(x, 2))
    vectors.store_power_mirrored(power, 40, load(x, 20))


@kernel
def _run(x, out):
    a, b, c, d = load(x, 0), load(x, 16), load(x, 32), load(x, 48)
    for i, lanes in enumerate(interleaved(1, a, b, c, d)):
        store(out[0], LANES * i, lanes)
    for i, lanes in enumerate(interleaved(4, a, b, c, d)):
        store(out[1], LANES * i, lanes)


def definition(function: object) -> object:
    """The kernel's text as plain Python."""
    return getattr(function, "py_func", function)


def both(function: object, *arrays: np.ndarray, shape: tuple[int, ...] = (2, 100)) -> np.ndarray:
    """What the kernel and its plain text write into an array, stacked."""
    results = np.zeros((2, *shape), np.float32)
    for result, run in zip(results, (function, definition(function)), strict=True):
        run(*arrays, result)
    return results


@pytest.mark.compiled
def test_arithmetic_is_numpys() -> None:
    compiled, plain = both(_arithmetic, X, Y)
    assert np.abs(plain).max() > 0.0
    assert np.allclose(compiled, plain, atol=1e-8)


@pytest.mark.compiled
def test_what_is_read_and_written_is_what_the_definition_says() -> None:
    powers = np.zeros((2, 60), np.float32)
    results = np.zeros((2, 2, 100), np.float32)
    for run, out, power in zip((_memory, definition(_memory)), results, powers, strict=True):
        run(X, SAMPLES, out, power)
    assert np.array_equal(*results)
    assert np.allclose(*powers, atol=1e-9)


@pytest.mark.compiled
def test_interleaving_is_that_of_the_definition() -> None:
    compiled, plain = both(_run, X, shape=(2, 2, 64))
    assert np.array_equal(compiled, plain)


def test_interleaving_takes_one_or_four_of_each_in_turn() -> None:
    a, b, c, d = (np.full(LANES, k) + np.arange(LANES) / 100 for k in range(4))
    ones = np.concatenate(interleaved(1, a, b, c, d))
    assert np.allclose(ones[:6], [0.0, 1.0, 2.0, 3.0, 0.01, 1.01])
    fours = np.concatenate(interleaved(4, a, b, c, d))
    assert np.allclose(fours[:6], [0.0, 0.01, 0.02, 0.03, 1.0, 1.01])


def test_a_quarter_turn_is_a_product_with_minus_i() -> None:
    lanes = np.arange(LANES) * np.complex64(1 + 2j)
    assert np.array_equal(turned(lanes), -1j * lanes)


@pytest.mark.compiled
def test_a_bad_number_stays_in_its_lane() -> None:
    x = X.copy()
    x[0, 5] = np.nan
    out = np.zeros((2, 100), np.float32)
    _arithmetic(x, Y, out)
    assert np.flatnonzero(np.isnan(out[0])).tolist() == [2, 18, 34, 50]
