"""What people ask for while it runs, with an invented clock: what is said then, and what is not."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.types import quadrant_of
from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.events import Beat, Boundary, Event, State, Status, Tempo
from oscbridge.feeling.kinds import OSC
from oscbridge.labels import Labels
from oscbridge.labels.place import LabelPlace
from oscbridge.orders import (
    AckRequest,
    Adjust,
    AskNow,
    CancelRequest,
    Command,
    Felt,
    Forget,
    Freeze,
    Goal,
    HostBar,
    HostBeat,
    HostPlace,
    HostPlaying,
    HostSaid,
    HostTempo,
    InContext,
    Learn,
    Learned,
    MakeRequest,
    Mark,
    OptOut,
    Origin,
    Override,
    Pulse,
    Refresh,
    Rename,
    Skip,
    TestPattern,
    UseLabels,
    UsePreset,
    UseStrategy,
)
from oscbridge.protocol import SIGNALS, Message
from oscbridge.saying.host_clock import LEADS_S
from oscbridge.saying.narrator import FADE_S, STALE_S
from oscbridge.saying.quadrant_tracker import QuadrantSettings
from oscbridge.saying.stand_in import PATTERNS
from oscbridge.saying.tuning import memberships
from tests.process.doubles import RATE_HZ, affect

STEP_S = 0.04


class Run:
    """A composer whose clock goes as we let it; what was said is kept with its time."""

    def __init__(self, **send: float) -> None:
        self.now_s = 0.0
        self.said: list[tuple[float, Message]] = []
        self._composer = Composer(
            SendSettings(**send), QuadrantSettings(), Labels(), "cafe", self.now_s
        )

    def tell(self, *news: State | Event) -> list[Message]:
        """Take news now."""
        states = [n for n in news if not isinstance(n, Command | Status | Boundary | Beat)]
        events = [n for n in news if isinstance(n, Command | Status | Boundary | Beat)]
        messages = self._composer.compose(states, events, self.now_s)  # type: ignore[arg-type]
        self.said += [(self.now_s, message) for message in messages]
        return messages

    def go_on(self, seconds: float, *each: State) -> None:
        """Let time pass, with these states again and again, or as the composer wants it."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            due_s = self.now_s + STEP_S if each else self._composer.next_due_s()
            self.now_s = min(max(due_s, self.now_s + 1e-4), end_s)
            self.tell(*each)

    def forget(self) -> None:
        self.said.clear()

    def of(self, name: str) -> list[tuple[object, ...]]:
        return [message.args for _, message in self.said if message.signal.name == name]

    def times(self, name: str) -> list[float]:
        return [at_s for at_s, message in self.said if message.signal.name == name]

    def last(self, name: str) -> tuple[object, ...]:
        return self.of(name)[-1]


@pytest.fixture
def run() -> Run:
    return Run()


def rounded(values: Sequence[object]) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)  # type: ignore[arg-type]


def test_frozen_everything_stays_and_the_heart_goes_on(run: Run) -> None:
    run.tell(affect(0.5, 0.5), Status("listening", "x"))
    run.go_on(0.5, affect(0.5, 0.5))
    run.tell(Freeze(True))
    run.forget()
    boundary = Boundary(1, 0, 100, 0.5, RATE_HZ)
    run.tell(boundary, Beat(0, 0, 0.9, 0, 120.0, RATE_HZ))
    run.go_on(20.0, affect(-0.5, -0.5), Tempo(90.0, 0, RATE_HZ))
    assert set(run.of("valence")) == {(0.5,)}
    assert set(run.of("confidence")) == {(affect().confidence,)}
    assert set(run.of("quadrant")) == {(1,)}
    assert set(run.of("tempo")) == {(0.0,)}
    assert {state for state, _ in run.of("status")} == {"frozen"}
    assert not [m for _, m in run.said if m.signal.name.startswith(("segment/", "beat", "bar"))]
    assert not run.of("quadrant/enter")
    assert len(run.of("heartbeat")) == 20


def test_what_happened_while_frozen_is_told_when_it_is_let_go(run: Run) -> None:
    run.tell(affect(0.5, 0.5, time_s=1.0), Status("listening", "x"))
    run.tell(Freeze(True))
    run.tell(affect(-0.5, -0.5, time_s=9.0), Boundary(3, 0, 100, 0.5, RATE_HZ))
    run.now_s = 9.0
    run.forget()
    run.tell(Freeze(False))
    assert run.last("valence") == (-0.5,)
    assert run.of("quadrant/enter") == [(3, "sad", affect().confidence)]
    assert [number for number, _, _ in run.of("segment/start")] == [3]
    assert run.last("status") == ("listening", "x")


def test_letting_go_what_was_never_frozen_changes_nothing(run: Run) -> None:
    run.tell(affect(0.5, 0.5))
    run.forget()
    run.tell(Freeze(False))
    assert not run.of("segment/start")
    assert not run.of("quadrant/enter")


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
    q = memberships(valence, arousal)
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


def test_a_refresh_says_all_that_is_known_once_more(run: Run) -> None:
    run.go_on(0.5, affect(0.5, 0.5))
    run.forget()
    said = {m.signal.name for m in run.tell(Refresh())}
    held = {s.name for s in SIGNALS.values() if s.when in ("state", "continuous")}
    unknown = {name for name in held if name.startswith("player/")} | {"gap"}
    unheard = {"audio/level", "audio/onset", "segment/novelty", "latency"}
    assert said >= held - unknown - unheard


def test_many_refreshes_are_few() -> None:
    run = Run(refresh_s=60.0, heartbeat_s=60.0)
    run.tell(affect(0.5, 0.5))
    run.forget()
    for _ in range(1000):
        run.now_s += 0.001
        run.tell(Refresh())
    run.go_on(0.3)
    assert 3 <= len(run.of("valence")) <= 7


def test_a_host_that_tells_its_beats_is_believed_before_any_ear(run: Run) -> None:
    run.tell(Tempo(90.0, 0, RATE_HZ), Beat(7, 0, 0.9, 2, 90.0, RATE_HZ))
    assert (run.of("beat"), run.last("tempo")) == ([(7, 0.9)], (90.0,))
    run.forget()
    run.tell(HostTempo(120.0), HostBar(3))
    for quarter in range(9):
        run.tell(HostBeat(12.0 + quarter / 4.0), Beat(8, 0, 0.9, -1, 90.0, RATE_HZ))
    assert run.of("beat") == [(12, 1.0), (13, 1.0), (14, 1.0)]
    assert run.of("bar") == [(3, 1.0)]
    assert run.last("tempo") == (120.0,)
    run.go_on(LEADS_S + 0.1)
    assert run.last("tempo") == (90.0,)
    run.tell(Beat(9, 0, 0.9, -1, 90.0, RATE_HZ))
    assert run.last("beat") == (9, 0.9)


def test_a_host_that_tells_its_tempo_alone_leaves_the_beats_to_the_ear(run: Run) -> None:
    run.tell(HostTempo(120.0), Beat(9, 0, 0.9, -1, 90.0, RATE_HZ))
    assert (run.last("beat"), run.last("tempo")) == ((9, 0.9), (120.0,))


def test_a_host_that_stands_still_leaves_the_beats_to_the_ear(run: Run) -> None:
    run.tell(HostTempo(120.0), HostPlaying(False), Beat(9, 0, 0.9, -1, 90.0, RATE_HZ))
    assert run.last("beat") == (9, 0.9)


def test_a_request_begins_when_the_host_is_seen_to_be_there(run: Run) -> None:
    run.tell(HostBar(4))
    run.tell(MakeRequest(0.5, 0.5, 0.5, "bar"))
    assert run.of("request/state") == [(1, "sent")]
    run.tell(HostBar(5))
    assert run.of("request/state") == [(1, "sent"), (1, "started")]
    run.tell(MakeRequest(-0.5, -0.5, 0.5, "end"))
    run.tell(HostPlace("sad"))
    assert run.last("request/state") == (2, "started")


def test_what_a_host_answers_to_a_request_is_told(run: Run) -> None:
    run.tell(MakeRequest(0.5, 0.5, 0.5, "bar"))
    for state in ("queued", "started", "done"):
        run.tell(AckRequest(1, state))
    assert [state for _, state in run.of("request/state")] == ["sent", "queued", "started", "done"]


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


@pytest.mark.parametrize("name", ["valence", "va", "quadrant", "energy", "request/go", "tempo"])
def test_while_a_host_learns_it_hears_one_signal_alone_from_end_to_end(name: str) -> None:
    run = Run()
    run.tell(affect(0.5, 0.5))
    run.tell(Learn(name, True))
    run.forget()
    run.tell(MakeRequest(0.1, 0.1), Boundary(1, 0, 100, 0.5, RATE_HZ))
    run.go_on(4.0, affect(0.5, 0.5))
    assert {m.signal.name for _, m in run.said} == {name, "heartbeat", "status"}
    for arg, values in zip(SIGNALS[name].args, zip(*run.of(name), strict=True), strict=True):
        if arg.type != "s":
            numbers = list(map(float, values))  # type: ignore[arg-type]
            low, high = (arg.low, arg.high) if arg.bounded else (0.0, 1.0)
            assert min(numbers) <= low + 0.1 * (high - low)
            assert max(numbers) >= high - 0.1 * (high - low)
    run.forget()
    run.tell(Learn(None, True))
    run.go_on(0.5, affect(0.5, 0.5))
    assert {"valence", "arousal", "quadrant"} <= {m.signal.name for _, m in run.said}


def test_what_is_learned_by_midi_alone_keeps_our_signals_quiet(run: Run) -> None:
    run.tell(Learn("note/boundary", False))
    run.forget()
    run.go_on(3.0, affect(0.5, 0.5))
    assert {m.signal.name for _, m in run.said} <= {"heartbeat", "status"}


EVERY_COMMAND: list[Command] = [
    *(Freeze(True), Freeze(False), Override(0.1, 0.1, 1.0), Adjust("dwell_s", 1.0), Origin(None)),
    *(Rename(1, "x"), Refresh(), UsePreset("default"), Learn(None, True), Mark("chorus")),
    *(Felt("a", 0.1, 0.1, 1.0), Forget(None), HostTempo(120.0), HostBeat(1.5), HostBar(1)),
    *(HostPlaying(True), HostPlace("chorus"), HostSaid("/live/startup", (1, "x"))),
    *(MakeRequest(0.5, 0.5), AckRequest(1, "queued"), CancelRequest(None), TestPattern("sweep")),
    *(UseStrategy("iso"), InContext("combat"), Goal(0.5, 0.0), OptOut(True), Skip(), AskNow()),
    Pulse("heart_rate", 80.0, 60.0),
    UseLabels((LabelPlace(1, "calm", "Calm", 0.5, -0.5, 0.3, 0.3),)),
    Learned("anna", 3, 0, False, "3 corrections"),
]


def test_whatever_command_comes_the_heart_goes_on() -> None:
    assert {type(command) for command in EVERY_COMMAND} == set(get_args(Command))
    for command in EVERY_COMMAND:
        run = Run()
        run.tell(command)
        run.go_on(3.0)
        assert len(run.of("heartbeat")) == 4


COMMANDS = st.one_of(
    st.builds(Freeze, st.booleans()),
    st.builds(Override, st.floats(-1, 1), st.floats(-1, 1), st.sampled_from([0.0, 0.5, math.inf])),
    st.builds(TestPattern, st.sampled_from(["sweep", "quadrants", "request"])),
    st.builds(Adjust, st.just("smoothing_s"), st.floats(0.0, 60.0)),
    st.builds(Adjust, st.sampled_from(["sensitivity_v", "sensitivity_a"]), st.floats(0.0, 4.0)),
    st.builds(Adjust, st.just("rate_hz"), st.floats(1.0, 60.0)),
    st.builds(Origin, st.none() | st.tuples(st.floats(-1, 1), st.floats(-1, 1))),
    st.builds(Felt, st.sampled_from("ab"), st.floats(-1, 1), st.none(), st.floats(0, 1)),
    st.builds(HostBeat, st.floats(0.0, 1e7)),
    st.builds(HostTempo, st.floats(0.0, 400.0)),
    st.builds(MakeRequest, st.floats(-1, 1), st.floats(-1, 1)),
    st.builds(Learn, st.sampled_from([None, "valence", "request/go"]), st.booleans()),
    st.just(Refresh()),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 3.0), st.lists(COMMANDS, max_size=3)), max_size=25))
def test_whatever_is_asked_for_all_that_is_said_is_finite_in_range_and_the_heart_goes_on(
    script: list[tuple[float, list[Command]]],
) -> None:
    run = Run()
    run.tell(affect(0.3, -0.3))
    for seconds, commands in script:
        run.tell(*commands)
        run.go_on(seconds, *([affect(0.3, -0.3, time_s=run.now_s)] if commands else []))
    for _, (signal, args) in run.said:
        for arg, value in zip(signal.args, args, strict=True):
            if not isinstance(value, str):
                assert math.isfinite(value)
                assert arg.low <= value <= arg.high
    beats = run.times("heartbeat")
    assert all(b - a < 1.0 + STEP_S + 0.01 for a, b in pairwise(beats))


@settings(max_examples=50, deadline=None)
@given(st.lists(COMMANDS, min_size=1, max_size=6))
def test_it_is_never_due_again_and_again_without_saying_anything(commands: list[Command]) -> None:
    run = Run()
    run.tell(*commands)
    idle = 0
    for _ in range(2000):
        due_s = run._composer.next_due_s()
        said = len(run.said)
        run.now_s = max(due_s, run.now_s)
        if run.now_s > 15.0:
            break
        run.tell()
        idle = 0 if len(run.said) > said else idle + 1
        assert idle < 30, "asks for its turn and says nothing"


def test_over_a_network_that_loses_packets_news_is_said_six_times_within_a_second() -> None:
    run = Run(repeat=True, refresh_s=1.0)
    run.tell(affect(0.5, 0.5))
    run.go_on(0.9)
    assert run.of("valence") == [(0.5,)] * 6
    assert run.of("quadrant/label") == [("happy",)] * 6
    run.go_on(3.0)
    assert len(run.of("valence")) == 9, "and then once a second"
    run.tell(affect(0.25, 0.5), Refresh())
    run.go_on(0.9)
    assert run.of("valence")[9:] == [(0.25,)] * 6
    assert run.of("arousal")[9:] == [(0.5,)] * 6, "what is asked for is news"
