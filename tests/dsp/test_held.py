"""What is held ready for kernels: every kind of argument arrives as it is, and stays alive."""

from __future__ import annotations

import gc
from typing import NamedTuple

import numpy as np
import pytest

from dsp.held import Held, hold, opened
from dsp.jit import build_records, kernel

RECORD = np.dtype([("count", "i8"), ("level", "f4"), ("kept", "f8", (3,))])


class Pair(NamedTuple):
    """Arrays that belong together."""

    left: np.ndarray
    right: np.ndarray


@kernel
def read_all(held, out):
    """Every value of every argument, one after the other."""
    line, table, (whole, halves), factor, pair, records = opened(held)
    at = 0
    for i in range(line.shape[0]):
        out[at] = line[i]
        at += 1
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            out[at] = table[i, j]
            at += 1
    out[at] = whole * factor
    at += 1
    for i in range(halves.shape[0]):
        out[at] = halves[i] + pair.left[i] - pair.right[i]
        at += 1
    record = records[0]
    out[at] = record.count + record.level + record.kept[2]
    record.count += 1
    return at + 1


@kernel
def put(value, held):
    (target,) = opened(held)
    target[-1] = value


def test_kernels_find_what_was_held() -> None:
    line = np.arange(5, dtype=np.float32)
    table = np.arange(24, dtype=np.int16).reshape(4, 6)[:, ::2]  # steps of its own
    halves = np.asarray([0.5, 1.5])
    pair = Pair(np.asarray([10.0, 20.0]), np.asarray([3.0, 4.0]))
    records = build_records(RECORD)
    records["count"], records["level"], records["kept"] = 7, 0.25, (1.0, 2.0, 4.0)
    out = np.zeros(64)
    count = read_all(hold(line, table, (3, halves), 2.5, pair, records), out)
    expected = [*line, *table.ravel(), 7.5, 0.5 + 7.0, 1.5 + 16.0, 11.25]
    np.testing.assert_array_equal(out[:count], expected)
    assert records["count"][0] == 8


def test_what_changes_in_an_array_is_seen_on_both_sides() -> None:
    target = np.zeros(3)
    held = hold(target)
    put(4.0, held)
    put(5.0, held)
    target[0] = 1.0
    assert target.tolist() == [1.0, 0.0, 5.0]


def held_alone() -> tuple[Held, int]:
    target = np.zeros(1 << 16)
    return hold(target), target.ctypes.data


def test_an_array_lives_as_long_as_it_is_held() -> None:
    held, address = held_alone()
    gc.collect()
    others = [np.full(1 << 16, 9.0) for _ in range(8)]
    assert all(other.ctypes.data != address for other in others)
    put(1.0, held)
    assert all((other == 9.0).all() for other in others)


@pytest.mark.compiled
def test_arguments_of_other_kinds_are_told_apart() -> None:
    put(2.0, hold(small := np.zeros(2, np.float32)))
    put(3.0, hold(whole := np.zeros(2, np.int64)))
    assert small.tolist() == [0.0, 2.0]
    assert whole.tolist() == [0, 3]


@pytest.mark.parametrize("strange", ["text", True, None, np.float32(1.0), [1, 2]])
def test_what_kernels_cannot_hold_is_refused(strange: object) -> None:
    with pytest.raises(TypeError, match="cannot be held"):
        hold(np.zeros(1), (strange,))
