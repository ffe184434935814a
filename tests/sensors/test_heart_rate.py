"""A heart that others tell of: artefacts, rest, variability, and arousal alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.body.rate_filter import JUMP, RateFilter
from oscbridge.body.rest import AT_REST, FOUND_CERTAINTY, Rest
from oscbridge.body.variability import WINDOW_S, Variability
from oscbridge.orders import Command, Felt, Pulse
from oscbridge.sensors.heart_rate import Config, HeartRate
from tests.sensors.hearing import Clock, one_felt, say


def beats(seconds: float, seed: int = 1) -> list[float]:
    """Times between beats of a resting heart that breathes, seconds."""
    dice = np.random.default_rng(seed)
    found: list[float] = []
    while sum(found) < seconds:
        breath = 0.04 * math.sin(2.0 * math.pi * 0.25 * sum(found))
        found.append(float(0.85 + breath + dice.normal(0.0, 0.015)))
    return found


def rmssd_ms(intervals: Sequence[float]) -> float:
    """The formula of the Task Force (1996), as it stands there."""
    return float(1000.0 * np.sqrt(np.mean(np.diff(intervals) ** 2)))


def window_of(intervals: list[float]) -> list[float]:
    """The latest intervals that together last at least the window."""
    for begin in range(len(intervals) - 1, -1, -1):
        if sum(intervals[begin:]) >= WINDOW_S:
            return intervals[begin:]
    raise AssertionError("too short")


def test_rmssd_is_that_of_the_last_minute() -> None:
    heart, intervals = Variability(), beats(200.0)
    for interval in intervals:
        heart.push(interval)
    assert heart.rmssd_ms == pytest.approx(rmssd_ms(window_of(intervals)), rel=1e-9)


def test_nothing_is_said_of_less_than_a_minute() -> None:
    heart, told_s = Variability(), 0.0
    for interval in beats(100.0):
        assert (heart.rmssd_ms is None) == (told_s < WINDOW_S)
        heart.push(interval)
        told_s += interval
    heart.reset()
    assert heart.rmssd_ms is None


@pytest.mark.parametrize("kind", ["missed", "twice", "noise"])
def test_beats_that_were_missed_or_counted_twice_do_not_change_it(kind: str) -> None:
    clean = beats(120.0)
    heard: list[float] = []
    for index, interval in enumerate(clean):
        if index % 20 != 10:
            heard.append(interval)
        elif kind == "missed":
            heard.append(2.0 * interval)
        elif kind == "twice":
            heard += [0.4 * interval, 0.6 * interval]
        else:
            heard.append(3.7)
    heart = Variability()
    for interval in heard:
        heart.push(interval)
    truth = rmssd_ms(window_of(clean))
    assert heart.rmssd_ms == pytest.approx(truth, rel=0.15)
    assert rmssd_ms(window_of(heard)) > 3.0 * truth


def test_nothing_is_said_of_a_strap_that_mostly_guesses() -> None:
    heart, dice = Variability(), np.random.default_rng(2)
    for interval in dice.uniform(0.3, 1.9, 3000):
        heart.push(float(interval))
    assert heart.rmssd_ms is None


def test_a_rate_that_halves_for_a_moment_is_no_heart_and_one_that_stays_is() -> None:
    one = RateFilter()
    for second in range(10):
        assert one.take(80.0 + second % 3, second)
    assert not one.take(40.0, 10.0)
    assert not one.take(161.0, 11.0)
    assert one.take(81.0, 12.0)
    assert one.quality(12.0) == pytest.approx(11 / 13)
    taken = [one.take(130.0, 13.0 + second) for second in range(10)]
    assert taken == [False] * 5 + [True] * 5
    assert one.mean(5.0, 22.0) == 130.0


def test_a_heart_that_speeds_up_as_hearts_do_is_believed_all_the_way() -> None:
    one = RateFilter()
    assert all(one.take(70.0 + 2.0 * second, second) for second in range(50))


@pytest.mark.parametrize("rate", [0.0, 29.9, 240.1, -60.0])
def test_what_no_heart_does_is_refused(rate: float) -> None:
    assert not RateFilter().take(rate, 0.0)
    assert JUMP < 0.5  # else a rate that halves would pass


def test_rest_is_the_calmest_three_minutes_so_far() -> None:
    rest = Rest(180.0)
    for second in range(181):
        assert rest.level is None
        assert rest.missing_s() <= 180.0
        rest.push(90.0, second)
    for second in range(181, 1000):
        rest.push(90.0 if second < 400 else 62.0 if second < 600 else 110.0, second)
    assert rest.level == pytest.approx(62.0, abs=0.5)
    assert (rest.certainty, rest.arousal_at_level) == (FOUND_CERTAINTY, AT_REST)


def test_a_pause_does_not_count_as_rest() -> None:
    rest = Rest(180.0)
    for second in (*range(60), *range(300, 400)):
        rest.push(60.0, second)
    assert rest.level is None


def test_rest_that_was_measured_holds_and_is_as_certain_as_it_was_long() -> None:
    rest = Rest(180.0)
    assert rest.calibrate("start", 0.0)
    for second in range(91):
        rest.push(64.0 + second % 3, second)
    assert rest.calibrate("stop", 90.0)
    assert rest.level == pytest.approx(65.0, abs=0.1)
    assert rest.certainty == pytest.approx(0.5)
    for second in range(91, 1000):
        rest.push(50.0, second)
    assert rest.level == pytest.approx(65.0, abs=0.1)
    assert rest.calibrate("reset", 1000.0)
    assert rest.level is None


def test_a_measurement_of_rest_that_was_none_changes_nothing() -> None:
    rest = Rest(180.0, given=60.0)
    assert not rest.calibrate("stop", 0.0)
    rest.calibrate("start", 0.0)
    rest.push(100.0, 10.0)
    assert not rest.calibrate("stop", 11.0)
    assert not rest.calibrate("neutral", 100.0)
    assert (rest.level, rest.certainty) == (60.0, 1.0)


def told(config: Config | None = None) -> tuple[HeartRate, Clock]:
    clock = Clock()
    return HeartRate(config or Config(), clock), clock


def steady(sensor: HeartRate, clock: Clock, bpm: float, seconds: int) -> Sequence[Command]:
    """Tell a steady rate once a second; what was said last."""
    said: Sequence[Command] = ()
    for _ in range(seconds):
        clock.now_s += 1.0
        said = say(sensor, "hr", bpm)
    return said


def test_before_rest_is_known_there_is_a_pulse_and_no_feeling() -> None:
    sensor, clock = told()
    assert steady(sensor, clock, 70.0, 3) == [Pulse("heart_rate", 70.0, None)]
    assert "not known yet" in sensor.detail
    steady(sensor, clock, 70.0, 180)
    assert sensor.detail == ""


def test_a_heart_at_rest_is_calm_one_that_races_is_excited_and_neither_is_pleasant() -> None:
    sensor, clock = told()
    at_rest = one_felt(steady(sensor, clock, 60.0, 200))
    assert at_rest.arousal == pytest.approx(AT_REST)
    faster = [one_felt(steady(sensor, clock, bpm, 12)) for bpm in (66.0, 75.0, 84.0, 100.0)]
    arousals = [felt.arousal for felt in faster]
    assert arousals == sorted(arousals)  # type: ignore[type-var]
    assert arousals[2:] == [pytest.approx(1.0)] * 2
    assert {felt.valence for felt in (at_rest, *faster)} == {None}
    assert {felt.confidence for felt in faster} == {FOUND_CERTAINTY}


def test_neutral_is_neutral_and_known_at_once() -> None:
    sensor, clock = told()
    assert not sensor.calibrate("neutral")
    steady(sensor, clock, 75.0, 5)
    assert sensor.calibrate("neutral")
    felt = one_felt(steady(sensor, clock, 75.0, 1))
    assert felt.arousal == pytest.approx(0.0)
    lower = one_felt(steady(sensor, clock, 60.0, 15)).arousal
    assert lower is not None
    assert lower == pytest.approx(-0.5)


def test_a_rest_that_the_player_knows_is_used_from_the_first_beat() -> None:
    sensor, clock = told(Config(resting_bpm=60.0))
    felt = one_felt(steady(sensor, clock, 72.0, 1))
    assert felt.arousal == pytest.approx(AT_REST + 0.5 * (1.0 - AT_REST))


def test_artefacts_lower_the_confidence_and_not_the_arousal() -> None:
    sensor, clock = told(Config(resting_bpm=60.0))
    clean = one_felt(steady(sensor, clock, 66.0, 14))
    for _ in range(5):
        clock.now_s += 0.5
        assert say(sensor, "hr", 35.0) == []
        clock.now_s += 0.5
        last = say(sensor, "hr", 66.0)
    dirty = one_felt(last)
    assert dirty.arousal == pytest.approx(clean.arousal)
    assert dirty.confidence < 0.85 * clean.confidence


def test_many_words_in_one_breath_are_one_word() -> None:
    sensor, clock = told(Config(resting_bpm=60.0))
    said = 0
    for _ in range(100):
        clock.now_s += 0.02
        said += bool(say(sensor, "hr", 66.0))
    assert said == 10


def test_variability_that_falls_raises_arousal_a_little() -> None:
    def arousal(rmssd: float) -> float:
        sensor, clock = told()
        for _ in range(200):
            clock.now_s += 1.0
            say(sensor, "hrv", 60.0)
            say(sensor, "hr", 60.0)
        for _ in range(3):
            say(sensor, "hrv", rmssd)
            clock.now_s += 1.0
            last = say(sensor, "hr", 60.0)
        found = one_felt(last).arousal
        assert found is not None
        return found

    assert arousal(60.0) == pytest.approx(AT_REST)
    assert arousal(30.0) == pytest.approx(AT_REST + 0.25 * (1.0 - AT_REST))


def test_variability_alone_is_half_as_sure() -> None:
    sensor, clock = told()
    for _ in range(200):
        clock.now_s += 1.0
        last = say(sensor, "hrv", 60.0)
    felt = one_felt(last)
    assert felt.arousal == pytest.approx(AT_REST)
    assert felt.confidence == pytest.approx(0.5 * FOUND_CERTAINTY)
    assert not [command for command in last if isinstance(command, Pulse)]


def test_beats_told_one_by_one_are_a_rate_and_after_a_minute_variability() -> None:
    sensor, clock = told(Config(resting_bpm=60.0))
    for interval in beats(300.0):
        clock.now_s += interval
        last = say(sensor, "rr", 1000.0 * interval)
    (pulse,) = (command for command in last if isinstance(command, Pulse))
    assert pulse.bpm == pytest.approx(60.0 / 0.85, rel=0.05)
    assert one_felt(last).valence is None


def test_sweat_is_arousal_against_what_it_was_at_rest() -> None:
    sensor, clock = told()

    def conduct(value: float, seconds: int) -> Sequence[Command]:
        said: Sequence[Command] = ()
        for _ in range(seconds):
            clock.now_s += 1.0
            said = say(sensor, "eda", value)
        return said

    assert conduct(2.0, 30) == []
    at_rest = one_felt(conduct(2.0, 40))
    assert (at_rest.source, at_rest.valence) == ("heart_rate:skin", None)
    assert at_rest.arousal == pytest.approx(AT_REST)
    assert one_felt(conduct(4.0, 5)).arousal == pytest.approx(1.0)
    assert conduct(0.0, 5) == []
    assert sensor.calibrate("neutral")
    assert one_felt(conduct(4.0, 1)).arousal == pytest.approx(0.0, abs=0.7)


def test_after_a_pause_a_heart_cannot_be_calibrated_and_forgetting_always_can() -> None:
    sensor, clock = told()
    steady(sensor, clock, 70.0, 10)
    assert sensor.calibrate("start")
    clock.now_s += 60.0
    assert not sensor.calibrate("stop")
    assert sensor.calibrate("reset")
    sensor.close()
    sensor.close()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hr", "rr", "hrv", "eda"]),
            st.floats(0.0, 1.0),
            st.floats(0.0, 30.0),
            st.sampled_from([None, None, None, "neutral", "start", "stop", "reset"]),
        ),
        max_size=60,
    )
)
def test_whatever_is_told_what_is_said_is_within_its_ranges(
    words: list[tuple[str, float, float, str | None]],
) -> None:
    ranges = {"hr": (30.0, 240.0), "rr": (250.0, 2000.0), "hrv": (0.0, 500.0), "eda": (0.0, 100.0)}
    sensor, clock = told()
    for inlet, share, pause_s, step in words:
        clock.now_s += pause_s
        low, high = ranges[inlet]
        for command in say(sensor, inlet, low + share * (high - low)):
            assert isinstance(command, Felt | Pulse)
            if isinstance(command, Felt):
                one_felt([command])
                assert command.valence is None
            else:
                assert 30.0 <= command.bpm <= 240.0
        if step is not None:
            sensor.calibrate(step)  # type: ignore[arg-type]
