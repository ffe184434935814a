"""A host's clock with all that delays it: the tempo within a thousandth, every beat once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from oscbridge.inlets import INLETS
from oscbridge.midi.clock import MidiClock, Said

TICK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
Delay = Callable[[float, random.Random], float]


def steady(at_s: float, _: random.Random) -> float:
    return at_s


def noisy(at_s: float, dice: random.Random) -> float:
    return at_s + abs(dice.gauss(0.0, 0.002))


def buffered(at_s: float, _: random.Random) -> float:
    """As a host sends that looks once an audio block of 512 samples."""
    return (at_s // 0.01161 + 1.0) * 0.01161


def stalling(at_s: float, _: random.Random) -> float:
    """As on a machine that stands still for 60 ms every 1.37 s."""
    since_s = at_s % 1.37
    return at_s + max(0.06 - since_s, 0.0)


DELAYS = [steady, noisy, buffered, stalling]


def ticks(bpm: float, count: int, delay: Delay = steady, begin_s: float = 50.0) -> list[float]:
    dice = random.Random(1)
    tick_s = 60.0 / bpm / 24.0
    times_s: list[float] = []
    for number in range(count):
        at_s = delay(begin_s + number * tick_s, dice)
        times_s.append(max([at_s, *times_s[-1:]]))
    return times_s


def run(clock: MidiClock, times_s: Iterable[float]) -> list[Said]:
    return [said for at_s in times_s for said in clock.update(TICK, at_s)]


def of(said: Iterable[Said], name: str) -> list[float]:
    return [value for what, value in said if what == f"in/transport/{name}"]


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("bpm", [61.0, 98.5, 128.0, 174.0])
def test_the_tempo_is_right_within_a_quarter_percent_however_ticks_are_delayed(
    bpm: float, delay: Delay
) -> None:
    said = run(MidiClock(), ticks(bpm, 24 * 32 + 1, delay))
    told = of(said, "tempo")
    assert told[0] == pytest.approx(bpm, rel=0.03)  # of one beat
    assert told[-1] == pytest.approx(bpm, rel=0.0025)
    assert all(value == pytest.approx(bpm, rel=0.03) for value in told)
    assert {name for name, _ in said} == {"in/transport/tempo"}  # it has not been started


def test_a_steady_clock_tells_its_tempo_every_two_seconds() -> None:
    told = of(run(MidiClock(), ticks(120.0, 24 * 60)), "tempo")
    assert told == pytest.approx([120.0] * 15)


@pytest.mark.parametrize("delay", DELAYS)
def test_a_jump_of_tempo_is_told_within_three_beats_and_nothing_between(delay: Delay) -> None:
    clock = MidiClock()
    before_s = ticks(120.0, 24 * 16, delay)
    run(clock, before_s)
    after_s = ticks(140.0, 24 * 4 + 1, delay, begin_s=before_s[-1] + 60 / 140 / 24)
    told = of(run(clock, after_s), "tempo")
    assert told[-1] == pytest.approx(140.0, rel=0.01)
    assert all(min(abs(value / 120.0 - 1.0), abs(value / 140.0 - 1.0)) < 0.04 for value in told)


def test_a_slow_change_is_followed() -> None:
    clock = MidiClock()
    at_s, said = 0.0, []
    for number in range(24 * 64):
        said += clock.update(TICK, at_s)
        at_s += 60.0 / (100.0 + 20.0 * number / (24 * 64)) / 24.0
    told = of(said, "tempo")
    assert told == sorted(told)
    assert told[-1] == pytest.approx(120.0, rel=0.01)


@pytest.mark.parametrize("delay", DELAYS)
def test_each_beat_and_bar_is_told_once_from_the_start(delay: Delay) -> None:
    clock = MidiClock()
    run(clock, ticks(120.0, 30))  # a mixer ticks before it starts
    assert clock.update(START, 60.0) == [("in/transport/playing", 1)]
    said = run(clock, ticks(120.0, 24 * 9 + 5, delay, begin_s=60.0))
    assert of(said, "beat") == [float(beat) for beat in range(10)]
    assert of(said, "bar") == [0, 1, 2]
    assert said.index(("in/transport/beat", 4.0)) + 1 == said.index(("in/transport/bar", 1))


def test_a_song_goes_on_where_it_was_and_where_it_is_put() -> None:
    clock = MidiClock()
    clock.update(START, 0.0)
    run(clock, ticks(120.0, 30, begin_s=0.0))
    assert clock.update(STOP, 1.0) == [("in/transport/playing", 0)]
    assert of(run(clock, ticks(120.0, 48, begin_s=1.0)), "beat") == []
    assert clock.update(CONTINUE, 2.0) == [("in/transport/playing", 1)]
    assert of(run(clock, ticks(120.0, 24, begin_s=2.0)), "beat") == [2.0]
    clock.update(STOP, 4.0)
    clock.update(bytes((0xF2, 8, 1)), 4.5)  # sixteenth 136: beat 34
    clock.update(CONTINUE, 5.0)
    said = run(clock, ticks(120.0, 72, begin_s=5.0))
    assert (of(said, "beat"), of(said, "bar")) == ([34.0, 35.0, 36.0], [9])


def test_a_clock_that_falls_silent_is_noticed_once() -> None:
    clock = MidiClock()
    clock.update(START, 0.0)
    times_s = ticks(120.0, 100, begin_s=0.0)
    run(clock, times_s)
    assert clock.look(times_s[-1] + 1.9) == []
    lost = [("in/transport/tempo", 0.0), ("in/transport/playing", 0)]
    assert clock.look(times_s[-1] + 2.1) == lost
    assert clock.look(times_s[-1] + 9.0) == []
    again = of(run(clock, ticks(90.0, 50, begin_s=30.0)), "tempo")
    assert again[0] == pytest.approx(90.0)


@pytest.mark.parametrize("bpm", [3.0, 900.0])
def test_what_is_no_tempo_is_not_told(bpm: float) -> None:
    assert run(MidiClock(), ticks(bpm, 100)) == []


def test_whatever_is_told_is_what_the_inlets_take() -> None:
    clock = MidiClock()
    said = clock.update(START, 0.0) + run(clock, ticks(120.0, 500, noisy, begin_s=0.0))
    said += clock.look(1e6)
    assert {name for name, _ in said} == {
        f"in/transport/{name}" for name in ("tempo", "beat", "bar", "playing")
    }
    for name, value in said:
        assert INLETS[name].read([value]) == (value,)
