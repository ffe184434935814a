"""Early word of a boundary: told when likely, then confirmed or taken back; no flicker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.boundary import Candidate
from oscbridge.events import MaybeBoundary, Withdrawn
from oscbridge.hearing.foresight import RELEASE, STEP, Forecaster

RATE_HZ = 24_000


def told(probabilities: list[float], early: float = 0.3) -> list[MaybeBoundary | Withdrawn]:
    """What is said of a candidate that is looked at once a second and never decided."""
    forecaster = Forecaster(early, RATE_HZ)
    return [
        event
        for i, p in enumerate(probabilities)
        for event in forecaster.update(Candidate(0, p) if p else None, 1, (i + 1) * RATE_HZ)
    ]


def test_a_candidate_is_told_when_it_becomes_likely_with_its_age() -> None:
    (event,) = told([0.1, 0.29, 0.31, 0.35])
    assert event == MaybeBoundary(1, 0, 3 * RATE_HZ, 0.31, RATE_HZ)
    assert event.age_s == 3.0


def test_it_is_told_again_when_it_has_become_clearly_more_likely() -> None:
    events = told([0.3, 0.3 + STEP - 0.01, 0.3 + STEP, 0.4, 0.9])
    assert [e.probability for e in events if isinstance(e, MaybeBoundary)] == [0.3, 0.5, 0.9]


def test_a_candidate_that_comes_to_nothing_is_taken_back_once() -> None:
    assert [type(e) for e in told([0.4, 0.2, 0.1, 0.0, 0.0])] == [MaybeBoundary, Withdrawn]
    assert [type(e) for e in told([0.4, 0.0, 0.0])] == [MaybeBoundary, Withdrawn]


def test_a_decided_boundary_is_not_taken_back() -> None:
    forecaster = Forecaster(0.3, RATE_HZ)
    assert forecaster.update(Candidate(0, 0.9), 1, 100)
    assert forecaster.update(None, 2, 200) == []


def test_the_candidate_after_a_decided_boundary_is_another_one() -> None:
    forecaster = Forecaster(0.3, RATE_HZ)
    forecaster.update(Candidate(0, 0.9), 1, 100)
    (event,) = forecaster.update(Candidate(150, 0.4), 2, 200)
    assert isinstance(event, MaybeBoundary)
    assert event.id == 2


def test_a_change_is_never_said_to_lie_in_the_future() -> None:
    (event,) = Forecaster(0.3, RATE_HZ).update(Candidate(500, 0.9), 1, 200)
    assert isinstance(event, MaybeBoundary)
    assert event.stop == event.decided == 200


@given(st.lists(st.floats(0.0, 1.0), max_size=60), st.floats(0.05, 1.0))
def test_every_early_word_is_open_until_it_is_taken_back(walk: list[float], early: float) -> None:
    is_open = False
    for event in told(walk, early):
        if isinstance(event, Withdrawn):
            assert is_open
            is_open = False
        else:
            assert event.probability >= early
            is_open = True
    last = next((p for p in reversed(walk) if p >= early or p <= RELEASE * early), 0.0)
    assert is_open == (last >= early)


def test_a_threshold_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="early must be above 0"):
        Forecaster(0.0, RATE_HZ)
