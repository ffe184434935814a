"""Rates, dead bands and quadrants that do not flicker, by an invented clock."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.saying.quadrant_tracker import EnergyMeter, QuadrantSettings, QuadrantTracker
from oscbridge.saying.rates import Cadence, Held
from tests.process.doubles import affect


@given(st.lists(st.floats(0.0, 0.2), min_size=50, max_size=300), st.sampled_from([1.0, 20.0, 60.0]))
def test_a_cadence_never_exceeds_its_rate_over_any_window(
    pauses_s: list[float], rate_hz: float
) -> None:
    cadence = Cadence(rate_hz)
    instants_s = np.cumsum(pauses_s)
    sent_s = [now_s for now_s in instants_s if cadence.ready(now_s)]
    for first, start_s in enumerate(sent_s):
        for last in range(first, len(sent_s)):
            # One may be late and one on time: never more than the rate plus that one.
            assert last - first + 1 <= (sent_s[last] - start_s) * rate_hz + 2.0 + 1e-9


def test_updates_off_the_grid_still_reach_the_full_rate() -> None:
    cadence = Cadence(20.0)
    hops_s = np.arange(9375) * 256 / 24_000  # 100 s of hops, 10.67 ms each
    sent = sum(cadence.ready(now_s) for now_s in hops_s)
    assert sent == pytest.approx(2000, abs=2)


def test_after_a_pause_the_next_value_leaves_at_once() -> None:
    cadence = Cadence(1.0)
    assert cadence.ready(0.0)
    assert not cadence.ready(0.999)
    assert cadence.ready(1000.0)


def test_a_value_is_changed_when_it_leaves_the_dead_band_and_not_before() -> None:
    held = Held()
    assert not held.changed(0.005)
    held.args = (0.5,)
    assert held.changed(0.005)
    held.mark(0.0)
    for value, changed in ((0.5049, False), (0.4951, False), (0.5051, True)):
        held.args = (value,)
        assert held.changed(0.005) is changed
    assert held.stale_s(1.0) == 1.0


def test_a_slow_drift_is_sent_as_soon_as_it_leaves_the_dead_band() -> None:
    held, sent = Held(), []
    for value in np.linspace(0.0, 1.0, 10_001).tolist():
        held.args = (value,)
        if held.changed(0.005):
            held.mark(0.0)
            sent.append(value)
    assert max(np.diff(sent)) < 0.0053


def changes(points: list[tuple[float, float]], settings: QuadrantSettings) -> list[tuple[int, int]]:
    """Index and quadrant of each change, a point every 10 ms."""
    tracker = QuadrantTracker(settings)
    states = (affect(v, a, time_s=i * 0.01) for i, (v, a) in enumerate(points))
    return [(i, tracker.quadrant) for i, state in enumerate(states) if tracker.update(state)]


def test_noise_around_the_axes_does_not_change_the_quadrant() -> None:
    noise = np.random.default_rng(1).uniform(-0.049, 0.049, (5000, 2)).tolist()
    assert changes([(0.3, 0.3), *noise], QuadrantSettings()) == [(0, 1)]


def test_flicker_beyond_the_hysteresis_changes_at_most_once_per_dwell_time() -> None:
    wild = np.random.default_rng(2).uniform(-1, 1, (5000, 2)).tolist()
    at = [i for i, _ in changes(wild, QuadrantSettings(dwell_s=2.0))]
    assert len(at) > 10
    assert min(np.diff(at)) >= 200


@pytest.mark.parametrize(
    ("point", "quadrant"), [((0.5, 0.5), 1), ((-0.5, 0.5), 2), ((-0.5, -0.5), 3), ((0.5, -0.5), 4)]
)
def test_a_clear_move_is_followed_after_the_dwell_time(
    point: tuple[float, float], quadrant: int
) -> None:
    start = (-point[0], -point[1])
    found = changes([start] * 300 + [point], QuadrantSettings(dwell_s=1.0))
    assert found[-1] == (300, quadrant)


def test_a_short_silence_does_not_lose_the_quadrant_but_a_long_one_does() -> None:
    tracker = QuadrantTracker(QuadrantSettings(dwell_s=1.0))
    tracker.update(affect(0.5, 0.5, time_s=0.0))
    assert not tracker.update(affect(confidence=0.0, time_s=0.9))
    assert not tracker.update(affect(0.5, 0.5, time_s=1.0))
    assert not tracker.update(affect(confidence=0.0, time_s=1.9))
    assert tracker.update(affect(confidence=0.0, time_s=2.0))
    assert tracker.quadrant == 0


def test_energy_covers_one_to_ten_and_is_steady_between_two_levels() -> None:
    levels = [EnergyMeter().update(a) for a in np.linspace(-1, 1, 101).tolist()]
    assert levels[0] == 1
    assert levels[-1] == 10
    assert levels == sorted(levels)
    meter = EnergyMeter()
    border = -1 + 2 * 4.5 / 9  # half way between 5 and 6
    noise = np.random.default_rng(3).uniform(-0.02, 0.02, 500).tolist()
    assert len({meter.update(border + n) for n in noise}) == 1
    assert math.isclose(border, 0.0)


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Cadence(0.0)
