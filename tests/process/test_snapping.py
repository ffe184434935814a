"""Boundaries on the beat: the nearest one that is known, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.events import Beat
from oscbridge.snapping import REACH_S, Snapper

RATE_HZ = 24_000
SECOND = RATE_HZ


def snapper(snap: str, beats_s: list[float], beats_a_bar: int = 4) -> Snapper:
    subject = Snapper(snap, RATE_HZ)  # type: ignore[arg-type]
    for i, time_s in enumerate(beats_s):
        at = round(time_s * RATE_HZ)
        bar = i // beats_a_bar if i % beats_a_bar == 0 else -1
        subject.hear(Beat(i, at, at, 1.0, bar, RATE_HZ))
    return subject


PULSE_S = [0.5 * i for i in range(41)]


@pytest.mark.parametrize(
    ("snap", "heard_s", "told_s"),
    [("off", 9.7, 9.7), ("beat", 9.7, 9.5), ("beat", 9.8, 10.0), ("bar", 9.8, 10.0)],
)
def test_a_boundary_moves_to_the_nearest_beat_or_bar_if_asked(
    snap: str, heard_s: float, told_s: float
) -> None:
    moved = snapper(snap, PULSE_S).moved(round(heard_s * SECOND), 0, 13 * SECOND)
    assert moved == round(told_s * SECOND)


def test_nothing_moves_into_the_future() -> None:
    moved = snapper("beat", PULSE_S).moved(round(9.9 * SECOND), 0, round(9.95 * SECOND))
    assert moved == round(9.5 * SECOND)


def test_nothing_moves_to_or_before_the_boundary_before_it() -> None:
    subject = snapper("bar", PULSE_S)
    assert subject.moved(9 * SECOND, 8 * SECOND, 20 * SECOND) == 10 * SECOND
    assert subject.moved(9 * SECOND, 10 * SECOND, 11 * SECOND) == 9 * SECOND


def test_without_a_pulse_boundaries_stay_where_they_are() -> None:
    assert snapper("beat", []).moved(12345, 0, 99999) == 12345
    far = round((20.0 + REACH_S["beat"] + 0.1) * SECOND)
    assert snapper("beat", PULSE_S).moved(far, 0, far + SECOND) == far


@given(st.floats(0.1, 30.0), st.floats(0.0, 30.0), st.floats(0.0, 5.0))
def test_order_and_causality_survive_any_pulse(
    heard_s: float, after_s: float, delay_s: float
) -> None:
    stop, after = round(heard_s * SECOND), round(min(after_s, heard_s - 0.1) * SECOND)
    decided = stop + round(delay_s * SECOND)
    moved = snapper("beat", PULSE_S).moved(stop, after, decided)
    assert after < moved <= decided
