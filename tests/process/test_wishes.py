"""What follows from what the player feels, in messages: with an invented clock."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.asking.settings import ADJUSTABLE, PolicySettings
from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.events import Event
from oscbridge.feeling.pool import PRIOR_SD
from oscbridge.labels import Labels
from oscbridge.orders import (
    AckRequest,
    Adjust,
    CancelRequest,
    Felt,
    Freeze,
    MakeRequest,
    OptOut,
    Pulse,
    UseStrategy,
)
from oscbridge.protocol import ACKS, Message
from oscbridge.saying.quadrant_tracker import QuadrantSettings
from tests.process.doubles import affect

SAD = Felt("osc", -0.6, -0.4, 1.0)
FINE = Felt("osc", 0.5, 0.3, 1.0)
STEP_S = 0.25


class Run:
    """A composer with a policy, and a clock that goes as we let it."""

    def __init__(self, **policy: Any) -> None:
        self.now_s = 0.0
        self.said: list[tuple[float, Message]] = []
        self._composer = Composer(
            *(SendSettings(), QuadrantSettings(), Labels(), "cafe", 0.0),
            policy=PolicySettings(**policy),
        )

    def go_on(self, seconds: float, *each: Event, music: tuple[float, float] = (0.6, 0.5)) -> None:
        """Let time pass while this is said and heard again and again."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.tell(*each, music=music)
            self.now_s += STEP_S

    def tell(self, *events: Event, music: tuple[float, float] = (0.6, 0.5)) -> None:
        """Say something now."""
        heard = [affect(*music, time_s=self.now_s)]
        for message in self._composer.compose(heard, events, self.now_s):
            self.said.append((self.now_s, message))

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [message.args for _, message in self.said if message.signal.name == name]

    def times(self, name: str) -> list[float]:
        return [at_s for at_s, message in self.said if message.signal.name == name]


def test_who_wants_nothing_of_it_is_asked_for_nothing() -> None:
    run = Run()
    run.go_on(60.0, SAD)
    assert not run.of("request/go")
    assert {args[0] for args in run.of("policy/decision")} == {"off"}
    assert run.of("player/negative")[-1][0] > 0.9


def test_a_sad_player_leads_to_a_request_that_says_what_and_why() -> None:
    run = Run(strategy="iso")
    run.go_on(6.0, SAD)
    ((number, label, quantise, urgency),) = run.of("request/go")
    assert (number, label, quantise) == (1, "sad", "bar")
    assert urgency == pytest.approx(0.4)
    ((_, valence, arousal, *_, reason),) = run.of("request")
    assert (valence, arousal) == (pytest.approx(-0.6, abs=0.01), pytest.approx(-0.4, abs=0.01))
    assert reason == "player"
    decisions = dict(run.of("policy/decision"))
    assert "valence -0.60, arousal -0.40" in decisions["ask"]
    assert "iso" in decisions["ask"]
    assert run.of("policy/strategy")[-1] == ("iso",)
    order = [message.signal.name for _, message in run.said]
    assert order.index("request/go") < order.index("request")


def test_the_host_answers_and_the_walk_goes_on() -> None:
    run = Run(strategy="iso", step_s=10.0, dwell_s=5.0, per_minute=6)
    run.go_on(6.0, SAD)
    for number in range(1, 5):
        for state in ("queued", "started", "done"):
            run.tell(AckRequest(number, state))
        run.go_on(14.0, SAD)
    assert len(run.of("request/go")) == 5
    assert not run.of("request/cancel")


def test_what_has_not_begun_is_taken_back_when_the_player_feels_better() -> None:
    run = Run(strategy="match")
    run.go_on(6.0, SAD)
    run.tell(AckRequest(1, "queued"))
    run.go_on(10.0, FINE)
    assert run.of("request/cancel") == [(1,)]
    assert run.of("request/state")[-1] == (1, "cancelled")


def test_a_request_of_a_person_takes_its_place_and_is_left_alone() -> None:
    run = Run(strategy="match", override_s=30.0)
    run.go_on(6.0, SAD)
    run.tell(MakeRequest(0.2, 0.2))
    chosen_s = run.now_s
    run.go_on(20.0, SAD)
    assert [args[0] for args in run.of("request/go")] == [1, 2]
    run.go_on(30.0, SAD)
    assert run.times("request/go")[2] - chosen_s >= 30.0


@pytest.mark.parametrize("id", [None, 7])
def test_who_takes_back_a_request_that_is_not_there_has_not_chosen_music(id: int | None) -> None:
    run = Run(strategy="iso")
    run.tell(CancelRequest(id))
    run.go_on(6.0, SAD)
    assert len(run.of("request/go")) == 1
    assert "override" not in {args[0] for args in run.of("policy/decision")}


def test_a_fast_heart_keeps_music_from_being_asked_to_be_more_exciting() -> None:
    run = Run(strategy="match")
    run.tell(Pulse("heart_rate", 110.0, 70.0))
    angry = Felt("osc", -0.6, 0.9, 1.0)
    run.go_on(10.0, angry, music=(0.6, -0.2))
    ((_, _, arousal, *_),) = run.of("request")
    assert arousal <= -0.19


def test_nothing_is_decided_while_everything_is_held() -> None:
    run = Run(strategy="match")
    run.tell(Freeze(True))
    run.go_on(20.0, SAD)
    assert not run.of("request/go")
    run.tell(Freeze(False))
    run.go_on(7.0, SAD)
    assert len(run.of("request/go")) == 1


def test_a_strategy_and_its_limits_can_be_changed_while_it_runs() -> None:
    run = Run()
    run.tell(UseStrategy("match"), Adjust("policy/negative_s", 1.0))
    run.go_on(2.0, SAD)
    assert len(run.of("request/go")) == 1
    run.tell(OptOut(True))
    run.go_on(60.0, SAD)
    assert len(run.of("request/go")) == 1
    assert run.of("policy/decision")[-1][0] == "opt_out"


@pytest.mark.parametrize("name", ADJUSTABLE)
def test_every_limit_can_be_turned_from_end_to_end(name: str) -> None:
    low, high, meaning = ADJUSTABLE[name]
    assert meaning
    for value in (low, high):
        run = Run(strategy="iso")
        run.tell(Adjust(f"policy/{name}", value))
        run.go_on(30.0, SAD)
        assert len(run.of("policy/decision")) > 1


def test_decisions_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    run = Run(strategy="match")
    with caplog.at_level(logging.INFO, "oscbridge"):
        run.go_on(6.0, SAD)
    logged = [record.getMessage() for record in caplog.records if "policy" in record.name]
    assert len(logged) == len(set(logged)) == 3
    assert logged[1].startswith("Asks for music at")


def test_what_is_known_of_the_player_fades_on_the_wire_too() -> None:
    run = Run()
    run.tell(Felt("text", -0.5, 0.1, 1.0))
    run.go_on(65.0)
    sure = [args[0] for args in run.of("player/confidence")]
    assert sure[0] > 0.3
    assert sure == sorted(sure, reverse=True)
    assert sure[-1] == 0.0
    assert run.of("player/uncertainty/valence")[-1] == (PRIOR_SD,)
    assert run.of("player/source")[-1] == ("none",)


scenes = st.lists(
    st.tuples(
        st.floats(0.5, 30.0),
        st.sampled_from([SAD, FINE, Felt("text", -0.7, 0.2, 0.9)]),
        st.none() | st.tuples(st.integers(0, 3), st.sampled_from(ACKS)),
        st.none() | st.sampled_from([MakeRequest(0.1, 0.1), UseStrategy("match"), OptOut(False)]),
    ),
    max_size=10,
)


@settings(max_examples=12, deadline=None)
@given(scenes, st.sampled_from(["match", "iso", "compensate"]))
def test_at_most_one_request_is_out_and_each_comes_to_one_end_or_waits(
    history: list[tuple[float, Felt, tuple[int, str] | None, Event | None]], strategy: str
) -> None:
    run = Run(strategy=strategy, dwell_s=4.0, step_s=10.0, per_minute=6)
    for seconds, felt, answer, command in history:
        last = max((args[0] for args in run.of("request/go")), default=0)
        if answer is not None and last > answer[0]:
            run.tell(AckRequest(last - answer[0], answer[1]))
        run.tell(*([command] if command is not None else []))
        run.go_on(seconds, felt)
    out: set[int] = set()
    for _, (signal, args) in run.said:
        if signal.name == "request/go":
            assert not out, "another one is still out"
            out.add(int(args[0]))
        elif signal.name == "request/state" and args[1] not in ("sent", "queued"):
            out.discard(int(args[0]))
