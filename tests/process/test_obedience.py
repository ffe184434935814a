"""What people ask for while it runs, with an invented clock: what is said then, and what is not."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.events import Beat, Boundary, Status, Tempo
from oscbridge.labels.place import LabelPlace
from oscbridge.library.suggested import Suggested
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
from oscbridge.protocol import SIGNALS
from tests.process.composed import STEP_S, Run
from tests.process.doubles import RATE_HZ, affect


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
    Suggested(1, "/a.flac", "file:///a.flac", "a", "", 0.5, -0.5, 3, 90.0, "Am", 200.0),
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
