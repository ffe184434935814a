"""What stands in for the music: forced values, and patterns to try a patch with."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.types import memberships_of, quadrant_of
from oscbridge.orders import (
    Override,
    TestPattern,
)
from oscbridge.saying.narrator import FADE_S, STALE_S
from oscbridge.saying.stand_in import PATTERNS
from tests.process.composed import Run
from tests.process.doubles import affect


@pytest.mark.parametrize("point", [(0.8, 0.6), (-0.8, 0.6), (-0.8, -0.6), (0.8, -0.6)])
def test_forced_values_are_said_instead_of_the_music_s_for_as_long_as_wanted(
    point: tuple[float, float], run: Run
) -> None:
    run.go_on(3.0, affect(0.1, 0.1))
    run.tell(Override(*point, 5.0))
    run.forget()
    run.go_on(4.9, affect(0.1, 0.1))
    assert set(run.of("valence")) == {(point[0],)}
    assert set(run.of("arousal")) == {(point[1],)}
    assert run.last("quadrant") == (quadrant_of(*point),)
    weights = [run.last(f"quadrant/{n}")[0] for n in (1, 2, 3, 4)]
    assert sum(map(float, weights)) == pytest.approx(1.0)  # type: ignore[arg-type]
    assert weights.index(max(weights)) + 1 == quadrant_of(*point)  # type: ignore[type-var]
    assert run.last("status")[1] == "values set by hand"
    run.go_on(1.0, affect(0.1, 0.1))
    assert run.last("valence") == (0.1,)
    assert run.last("status")[1] == ""


def test_forced_values_need_no_music_at_all_and_fade_when_they_end(run: Run) -> None:
    run.tell(Override(0.5, -0.5, 10.0))
    run.go_on(9.0)
    assert run.last("valence") == (0.5,)
    assert run.last("quadrant") == (4,)
    run.go_on(1.0 + STALE_S + FADE_S + 1.0)
    assert run.last("confidence") == (0.0,)
    assert run.last("quadrant") == (0,)


def test_zero_seconds_end_what_stands_in_at_once(run: Run) -> None:
    run.tell(affect(0.1, 0.1))
    run.tell(Override(0.8, 0.8, math.inf))
    run.go_on(60.0, affect(0.1, 0.1))
    assert run.last("valence") == (0.8,)
    run.tell(Override(0.0, 0.0, 0.0))
    run.go_on(0.1, affect(0.1, 0.1))
    assert run.last("valence") == (0.1,)


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_memberships_are_a_distribution_whose_mean_is_the_point(
    valence: float, arousal: float
) -> None:
    q = memberships_of(valence, arousal)
    assert min(q) >= 0.0
    assert sum(q) == pytest.approx(1.0)
    assert q[0] + q[3] - q[1] - q[2] == pytest.approx(valence, abs=1e-9)
    assert q[0] + q[1] - q[2] - q[3] == pytest.approx(arousal, abs=1e-9)


def test_the_sweep_goes_along_both_axes_from_end_to_end_and_ends(run: Run) -> None:
    run.tell(TestPattern("sweep"))
    run.go_on(PATTERNS["sweep"] - 0.01)
    for name in ("valence", "arousal"):
        numbers = [float(value) for (value,) in run.of(name)]  # type: ignore[arg-type]
        assert max(numbers) > 0.99
        assert min(numbers) < -0.99
    assert run.last("status")[1] == "test pattern: sweep"
    run.go_on(0.2)
    assert run.last("status")[1] == ""


def test_the_quadrants_pattern_enters_all_four(run: Run) -> None:
    run.tell(TestPattern("quadrants"))
    run.go_on(PATTERNS["quadrants"])
    assert [number for number, _, _ in run.of("quadrant/enter")] == [1, 2, 3, 4]


def test_the_request_pattern_asks_for_other_music(run: Run) -> None:
    run.tell(TestPattern("request"))
    assert run.of("request/go") == [(1, "happy", "now", 1.0)]
    assert run.last("request")[-1] == "test"
    assert run.of("request/state") == [(1, "sent")]


@pytest.mark.parametrize("pattern", ["sweep", "quadrants", "request"])
def test_every_pattern_that_an_inlet_takes_is_there(pattern: str, run: Run) -> None:
    run.tell(TestPattern(pattern))
    assert run.of("status") or run.of("request/go")
