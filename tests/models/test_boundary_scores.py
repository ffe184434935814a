"""The figures of the benchmark of boundaries: mir_eval's, and delays and rates by hand."""

from __future__ import annotations

import mir_eval
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.training.boundaries import conditions
from models.training.boundaries.build import Truth
from models.training.boundaries.scores import Bench, Judged, match
from models.training.boundaries.streams import Decisions


def intervals(times_s: np.ndarray, stop_s: float) -> np.ndarray:
    edges = np.concatenate([[0.0], times_s, [stop_s]])
    return np.stack([edges[:-1], edges[1:]], axis=1)


_TIMES = st.lists(st.integers(10, 990), max_size=25, unique=True).map(
    lambda tenths: np.sort(np.asarray(tenths, dtype=float)) / 10.0
)


@settings(max_examples=200, deadline=None)
@given(turns_s=_TIMES, found_s=_TIMES, window_s=st.sampled_from([0.55, 1.05, 3.05]))
def test_hit_rates_are_those_of_mir_eval(turns_s, found_s, window_s) -> None:
    if not len(turns_s) or not len(found_s):
        assert match(turns_s, found_s, window_s) == []
        return
    precision, recall, f = mir_eval.segment.detection(
        intervals(turns_s, 100.0), intervals(found_s, 100.0), window_s, trim=True
    )
    truth = Truth(turns_s, np.ones(len(turns_s), int), np.full(len(turns_s), 2), 100.0)
    rate = Bench([Judged(truth, Decisions(found_s, found_s + 1.0))]).hit_rate(window_s)
    assert rate["precision"][0] == pytest.approx(precision, abs=1e-4)
    assert rate["recall"][0] == pytest.approx(recall, abs=1e-4)
    assert rate["F"][0] == pytest.approx(f, abs=1e-4)


def judged(*found: tuple[float, float]) -> Judged:
    """Turns at 10, 30 and 50 s of a minute; a junction of equal quadrants at 40 s."""
    truth = Truth(
        np.asarray([10.0, 30.0, 40.0, 50.0]),
        np.asarray([1, 2, 3, 3]),
        np.asarray([2, 3, 3, 4]),
        60.0,
    )
    times_s = np.asarray(found, dtype=float).reshape(-1, 2)
    return Judged(truth, Decisions(times_s[:, 0], times_s[:, 1]))


def test_delay_counts_from_the_turn_and_error_from_the_nearest_decision() -> None:
    bench = Bench([judged((10.2, 12.0), (28.0, 33.0), (30.1, 35.0), (49.0, 58.0))])
    assert bench.quantile("error", 0.5)[0] == pytest.approx(0.2)
    assert bench.quantile("delay", 0.5)[0] == pytest.approx(5.0)
    assert bench.quantile("delay", 0.95)[0] == pytest.approx(8.0)


def test_false_alarms_are_decisions_without_a_turn_a_minute_and_junctions_count_as_announced() -> (
    None
):
    bench = Bench([judged((10.0, 11.0), (20.0, 21.0), (40.0, 41.0))])
    assert bench.false_alarms()[0] == pytest.approx(2.0)
    assert bench.announced()[0] == pytest.approx(0.5)


def test_a_decision_that_comes_late_is_no_hit_for_a_host_that_waits_less() -> None:
    bench = Bench([judged((10.0, 11.0), (30.0, 34.0), (50.0, 53.0))])
    by_lag = dict(zip((0.5, 1.0, 3.0, 5.0), (0.0, 2 / 4, 4 / 5, 1.0), strict=True))
    for lag_s, expected in by_lag.items():
        assert bench.hit_rate(3.0, lag_s=lag_s)["F"][0] == pytest.approx(expected, abs=1e-3)


def test_what_is_known_in_time_but_said_late_counts_less_as_reported() -> None:
    bench = Bench([judged((10.0, 12.0), (30.0, 34.0), (50.0, 52.0))])
    assert bench.hit_rate(3.0)["F"][0] == 1.0
    assert bench.hit_rate(3.0, reported=True)["F"][0] == pytest.approx(2 / 3, abs=1e-3)


def test_intervals_hold_the_figure_and_one_stream_leaves_no_doubt() -> None:
    good, bad = judged((10, 11), (30, 31), (50, 51)), judged((20, 21))
    value, low, high = Bench([good, bad, good, bad, good]).hit_rate(3.0)["F"]
    assert low < value < high
    assert Bench([good]).hit_rate(3.0)["F"] == [1.0, 1.0, 1.0]


def test_offline_methods_have_no_delay() -> None:
    late = judged((10.0, np.inf), (30.0, np.inf), (50.0, np.inf))
    assert Bench([late]).quantile("delay", 0.5) is None
    figures = conditions.examine(conditions.CONDITIONS[0], [late])
    assert figures["F within 3 s"] == [1.0, 1.0, 1.0]
    assert figures["delay p50, s"] is None
