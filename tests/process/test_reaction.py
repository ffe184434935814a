"""The meter of reaction times against numpy's percentiles of the same durations."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from oscbridge.reaction import BINS, ReactionMeter


def test_percentiles_are_those_of_numpy_within_the_width_of_a_bin() -> None:
    durations_s = np.random.default_rng(1).lognormal(np.log(2e-4), 1.0, 20_000)
    meter = ReactionMeter()
    for seconds in durations_s.tolist():
        meter.add(seconds)
    found = meter.summary()
    wanted_ms = 1e3 * np.percentile(durations_s, [50.0, 99.0, 99.9])
    assert found[1:4] == pytest.approx(wanted_ms.tolist(), rel=0.05)
    assert found.blocks == len(durations_s)
    assert found.max_ms == pytest.approx(1e3 * durations_s.max())


def test_nothing_counted_is_nothing_and_one_duration_is_every_percentile() -> None:
    meter = ReactionMeter()
    assert meter.summary() == (0, 0.0, 0.0, 0.0, 0.0)
    meter.add(0.003)
    assert meter.summary()[1:] == pytest.approx((3.0,) * 4, rel=0.05)


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 1e-9, 3600.0])
def test_durations_beyond_the_scale_are_counted_at_its_ends(seconds: float) -> None:
    meter = ReactionMeter()
    meter.add(seconds)
    assert meter.summary().blocks == 1


def test_a_meter_does_not_grow() -> None:
    meter = ReactionMeter()
    meter.add(0.001)
    before = sys.getsizeof(meter._bins)
    for _ in range(10_000):
        meter.add(0.001)
    assert sys.getsizeof(meter._bins) == before
    assert len(meter._bins) == BINS
