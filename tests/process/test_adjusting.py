"""What people adjust while it runs: each knob turns what it says, and nothing leaves its range."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.orders import (
    Adjust,
    MakeRequest,
    Origin,
    Rename,
)
from tests.process.composed import STEP_S, Run, rounded
from tests.process.doubles import affect


def test_sensitivity_stretches_and_never_leaves_the_plane(run: Run) -> None:
    run.tell(Adjust("sensitivity_v", 2.0), Adjust("sensitivity_a", 4.0))
    run.tell(affect(0.25, 0.5))
    assert run.last("va") == (0.5, 1.0)
    run.tell(Adjust("sensitivity_v", 0.0))
    run.now_s = 1.0
    run.tell(affect(0.25, 0.5))
    assert run.last("va") == (0.0, 1.0)


@pytest.mark.parametrize(("valence", "arousal"), [(0.0, 1.0), (0.6, -0.8), (-1.0, 0.25)])
def test_uncertainty_is_the_deviation_of_signs_with_this_mean(
    valence: float, arousal: float, run: Run
) -> None:
    run.tell(affect(valence, arousal))
    for axis, mean in (("valence", valence), ("arousal", arousal)):
        positive = round(1000 * (1.0 + mean) / 2.0)
        signs = [1.0] * positive + [-1.0] * (1000 - positive)
        (told,) = run.last(f"uncertainty/{axis}")
        assert told == pytest.approx(statistics.pstdev(signs), abs=1e-3)


def test_intensity_is_lifted_alone_and_stays_a_share(run: Run) -> None:
    run.tell(Adjust("intensity_bias", 0.25), affect(0.5, 0.0))
    assert (run.last("intensity"), run.last("arousal")) == ((0.75,), (0.0,))
    run.now_s = 1.0
    run.tell(Adjust("intensity_bias", -1.0), affect(0.5, 0.5))
    assert (run.last("intensity"), run.last("arousal")) == ((0.0,), (0.5,))


def test_what_plays_now_becomes_neutral(run: Run) -> None:
    run.tell(affect(0.25, -0.5))
    run.tell(Origin(None))
    run.now_s = 1.0
    run.tell(affect(0.25, -0.5))
    assert run.last("va") == (0.0, 0.0)
    run.tell(Origin((0.0, 0.0)))
    run.now_s = 2.0
    run.tell(affect(0.25, -0.5))
    assert run.last("va") == (0.25, -0.5)


def test_smoothing_takes_its_time_constant_and_is_declared(run: Run) -> None:
    run._composer.set_latency(0.2, 0.0, 0.0)
    run.tell(Adjust("smoothing_s", 2.0), affect(0.0, 0.0, time_s=0.0))
    run.now_s = 2.0
    run.tell(affect(1.0, 1.0, time_s=2.0))
    assert rounded(run.last("va")) == rounded([1.0 - math.exp(-1.0)] * 2)
    assert rounded(run.last("latency")) == (2.2, 2.0)


def test_the_rate_changes_while_it_runs() -> None:
    run = Run(dead_band=0.0, refresh_s=60.0)
    for rate_hz in (5.0, 25.0):
        run.tell(Adjust("rate_hz", rate_hz))
        run.forget()
        for step in range(500):
            run.now_s += 0.01
            run.tell(affect(step / 1000.0, 0.5))
        assert len(run.of("valence")) == pytest.approx(5.0 * rate_hz, abs=2)


def test_dwell_and_hysteresis_change_while_it_runs(run: Run) -> None:
    run.tell(Adjust("dwell_s", 10.0))
    for second in range(25):
        run.now_s = float(second)
        run.tell(affect(0.5 if second % 2 else -0.5, 0.5, time_s=float(second)))
    assert len(run.of("quadrant/enter")) == 3
    run.tell(Adjust("dwell_s", 0.0), Adjust("hysteresis", 0.5))
    run.forget()
    for second in range(25, 50):
        run.now_s = float(second)
        run.tell(affect(0.4 if second % 2 else -0.4, 0.5, time_s=float(second)))
    assert run.of("quadrant/enter") == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-0.2, 0.2), min_size=20, max_size=200), st.floats(0.5, 8.0))
def test_around_a_border_there_is_one_change_a_dwell_at_most(
    values: list[float], dwell_s: float
) -> None:
    run = Run()
    run.tell(Adjust("dwell_s", dwell_s))
    for value in values:
        run.now_s += STEP_S
        run.tell(affect(value, -value, time_s=run.now_s))
    changes = run.times("quadrant/enter")
    assert all(b - a >= dwell_s - 1e-6 for a, b in pairwise(changes))


def test_a_label_that_is_changed_is_said_at_once(run: Run) -> None:
    run.tell(affect(0.5, 0.5))
    run.forget()
    run.tell(Rename(1, "strahlend"))
    assert run.of("quadrant/label") == [("strahlend",)]
    run.tell(MakeRequest(0.5, 0.5))
    assert run.last("request/go")[1] == "strahlend"
