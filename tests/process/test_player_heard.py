"""What the player feels, as it is told while it runs."""

from __future__ import annotations

import pytest

from oscbridge.feeling.kinds import OSC
from oscbridge.orders import (
    Felt,
    Forget,
)
from tests.process.composed import Run, rounded
from tests.process.doubles import affect


def test_what_the_player_feels_is_the_mean_weighted_by_how_surely(run: Run) -> None:
    run.tell(Felt("cam", 1.0, 0.0, 0.75), Felt("text", -1.0, 1.0, 0.8))
    (valence,), (arousal,) = run.last("player/valence"), run.last("player/arousal")
    assert 0.0 < float(str(valence)) < 1.0
    assert 0.0 < float(str(arousal)) < 0.5
    assert run.last("player/source") == ("cam",)


def test_an_axis_that_nobody_speaks_of_is_in_the_middle(run: Run) -> None:
    run.tell(Felt("hr", None, 0.5, 1.0))
    assert (run.last("player/valence"), run.last("player/arousal")) == ((0.0,), (0.5,))


def test_valence_and_arousal_of_one_source_may_come_apart(run: Run) -> None:
    run.tell(Felt("osc", 0.5, None, 1.0))
    run.now_s = 1.0
    run.tell(Felt("osc", None, -0.5, 1.0))
    assert (run.last("player/valence"), run.last("player/arousal")) == ((0.5,), (-0.5,))


def test_words_for_emotions_weigh_as_much_as_is_said(run: Run) -> None:
    run.tell(Felt("osc:happy", 0.5, 0.5, 0.6), Felt("osc:sad", -0.5, -0.5, 0.2))
    assert rounded(run.last("player/valence")) == (0.25,)
    assert run.last("player/source") == ("osc",)


def test_a_source_that_falls_silent_is_forgotten_and_nobody_is_left(run: Run) -> None:
    run.tell(Felt("cam", 0.5, 0.5, 1.0))
    run.go_on(OSC.lifetime_s - 0.5)
    assert run.last("player/source") == ("cam",)
    run.go_on(1.0)
    assert run.last("player/source") == ("none",)
    assert run.last("player/confidence") == (0.0,)


@pytest.mark.parametrize(
    ("source", "left"), [(None, "none"), ("cam", "osc"), ("osc", "cam"), ("x", "cam")]
)
def test_a_source_is_forgotten_when_it_is_wanted(source: str | None, left: str, run: Run) -> None:
    run.tell(Felt("cam", 0.5, 0.5, 1.0), Felt("osc:happy", 0.5, 0.5, 0.5))
    run.now_s = 1.0
    run.tell(Forget(source))
    assert run.last("player/source") == (left,)


def test_the_player_is_told_ten_times_a_second_at_most() -> None:
    run = Run(rate_hz=60.0, dead_band=0.0)
    for step in range(1000):
        run.now_s += 0.002
        run.tell(Felt("cam", step / 1000.0, 0.5, 1.0))
    assert len(run.of("player/valence")) <= 22


def test_the_gap_is_player_minus_music(run: Run) -> None:
    run.tell(affect(0.5, 0.25))
    run.now_s = 0.5
    run.tell(Felt("cam", -0.5, 0.75, 1.0))
    assert rounded(run.last("gap")) == (-1.0, 0.5)
