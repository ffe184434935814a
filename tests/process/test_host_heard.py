"""What a host tells of itself: its beats are believed, and show whether a request has begun."""

from __future__ import annotations

from oscbridge.events import Beat, Tempo
from oscbridge.orders import (
    AckRequest,
    HostBar,
    HostBeat,
    HostPlace,
    HostPlaying,
    HostTempo,
    MakeRequest,
)
from oscbridge.saying.host_clock import LEADS_S
from tests.process.composed import Run
from tests.process.doubles import RATE_HZ


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
