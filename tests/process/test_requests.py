"""Requests for other music: what is said, and that every one of them comes to exactly one end."""

from __future__ import annotations

import logging
import math
import typing
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.labels import Labels
from oscbridge.protocol import ACKS, QUANTISE, REASONS, TRANSITIONS, Message
from oscbridge.requests import ANSWER_S, RequestBook
from oscbridge.saying.music_request import MusicRequest, RequestSettings, ask, quantise_for
from oscbridge.saying.quantise_point import Feedback

SCALAR_ORDER = [
    *("valence", "arousal", "intensity", "urgency", "transition", "quantise"),
    *("fade", "hold", "deadline", "label"),
]
ENDS = {"done", "rejected", "expired", "cancelled"}
NEXT_STATES = {
    None: {"sent", "cancelled"},
    "sent": {"queued", "started"} | ENDS,
    "queued": {"started"} | ENDS,
    "started": {"done", "rejected", "expired"},
    **{end: set() for end in ENDS},
}


def book(**settings: object) -> RequestBook:
    return RequestBook(RequestSettings(**settings), Labels())  # type: ignore[arg-type]


def wish(
    valence: float = 0.5,
    arousal: float = -0.5,
    *,
    reason: str = "user",
    quantise: str | None = None,
    **settings: float,
) -> MusicRequest:
    return ask(
        RequestSettings(**settings),  # type: ignore[arg-type]
        valence,
        arousal,
        quantise=quantise,
        reason=reason,
    )


def names(messages: Sequence[Message]) -> list[str]:
    return [signal.name for signal, _ in messages]


def states(messages: Sequence[Message]) -> list[tuple[object, object]]:
    return [(args[0], args[1]) for signal, args in messages if signal.name == "request/state"]


def test_the_words_of_the_settings_are_those_of_the_protocol() -> None:
    hints = typing.get_type_hints(RequestSettings)
    assert typing.get_args(hints["transition"]) == TRANSITIONS


def test_a_request_is_said_scalar_by_scalar_then_triggered_then_whole() -> None:
    out = book().make(wish(0.5, -0.5, hold_s=3.0, deadline_s=20.0, fade_beats=2.0), 0.0)
    assert names(out) == [
        *(f"request/{name}" for name in SCALAR_ORDER),
        "request/go",
        "request",
        "request/state",
    ]
    said = {signal.name: args for signal, args in out}
    assert said["request"] == (
        *(1, 0.5, -0.5, 0.25, 0.5, "crossfade", "bar", 2.0, 3.0, 20.0),
        "user",
    )
    assert said["request/go"] == (1, "relaxed", "bar", 0.5)
    scalars = [said[f"request/{name}"][0] for name in SCALAR_ORDER[:-1]]
    assert scalars == list(said["request"][1:-1])
    assert said["request/label"] == ("relaxed",)
    assert said["request/state"] == (1, "sent")


@pytest.mark.parametrize(
    ("urgency", "quantise"),
    [(0.0, "8bar"), (0.29, "8bar"), (0.3, "bar"), (0.7, "bar"), (0.71, "beat"), (1.0, "now")],
)
def test_urgency_decides_where_a_request_begins_unless_it_says_so(
    urgency: float, quantise: str
) -> None:
    assert quantise_for(urgency) == quantise
    assert ask(RequestSettings(), 0.0, 0.0, urgency=urgency).quantise == quantise
    assert ask(RequestSettings(), 0.0, 0.0, urgency=urgency, quantise="cue").quantise == "cue"


def test_the_label_is_the_users_word_for_the_target_and_follows_a_renaming() -> None:
    subject = book()
    subject.rename(Labels(q2="battle"))
    out = subject.make(wish(-0.9, 0.9), 0.0)
    assert [args[1] for signal, args in out if signal.name == "request/go"] == ["battle"]


def test_a_word_that_the_protocol_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="'soon' is none of now, beat, bar"):
        wish(quantise="soon")
    with pytest.raises(ValueError, match="'maybe' is none of queued"):
        book().ack(1, "maybe", 0.0)


def test_a_newer_request_calls_the_older_one_off_first() -> None:
    subject = book()
    subject.make(wish(), 0.0)
    out = subject.make(wish(-0.5), 1.0)
    assert names(out)[:2] == ["request/cancel", "request/state"]
    assert out[0].args == (1,)
    assert states(out) == [(1, "cancelled"), (2, "sent")]
    assert subject.ack(1, "started", 2.0) == []


def test_acknowledgements_move_a_request_forward_and_never_back() -> None:
    subject = book()
    subject.make(wish(), 0.0)
    for state in ("queued", "started", "done"):
        assert states(subject.ack(1, state, 1.0)) == [(1, state)]
        assert subject.ack(1, "queued", 1.0) == []
    assert subject.outstanding is None
    assert subject.ack(7, "started", 1.0) == []


def test_music_that_has_started_is_done_when_newer_music_is_asked_for() -> None:
    subject = book()
    subject.make(wish(), 0.0)
    subject.ack(1, "started", 1.0)
    out = subject.make(wish(-0.5), 2.0)
    assert states(out) == [(1, "done"), (2, "sent")]
    assert "request/cancel" not in names(out)


def test_a_deadline_ends_what_has_not_started_and_nothing_else() -> None:
    subject = book()
    subject.make(wish(deadline_s=5.0), 10.0)
    assert subject.due_s == 15.0
    assert subject.update(14.9) == []
    out = subject.update(15.0)
    assert names(out) == ["request/cancel", "request/state"]
    assert states(out) == [(1, "expired")]
    subject.make(wish(deadline_s=5.0), 20.0)
    subject.ack(2, "started", 24.0)
    assert subject.update(26.0) == []


def test_without_a_deadline_a_request_waits_for_ever() -> None:
    subject = book()
    subject.make(wish(deadline_s=0.0), 0.0)
    assert subject.due_s == math.inf
    assert subject.update(1e6) == []


def test_a_hold_makes_requests_wait_that_nobody_typed_and_the_newest_leaves() -> None:
    subject = book()
    subject.make(wish(hold_s=8.0), 0.0)
    subject.ack(1, "started", 2.0)
    assert subject.make(wish(reason="player"), 3.0) == []
    assert states(subject.make(wish(-0.5, reason="music"), 4.0)) == [(2, "cancelled")]
    assert subject.due_s == 10.0
    assert subject.update(9.9) == []
    assert states(subject.update(10.0)) == [(1, "done"), (3, "sent")]


def test_people_break_a_hold() -> None:
    subject = book()
    subject.make(wish(hold_s=8.0), 0.0)
    subject.ack(1, "started", 2.0)
    assert states(subject.make(wish(reason="user"), 3.0)) == [(1, "done"), (2, "sent")]


def test_a_cancelled_request_is_called_off_at_the_host_too() -> None:
    subject = book()
    assert subject.cancel(None, 0.0) == []
    subject.make(wish(), 0.0)
    assert subject.cancel(9, 0.0) == []
    assert names(subject.cancel(1, 0.0)) == ["request/cancel", "request/state"]
    assert subject.cancel(None, 0.0) == []


def test_a_dry_run_tells_states_and_logs_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    subject = book(dry_run=True)
    with caplog.at_level(logging.WARNING, "oscbridge"):
        assert names(subject.make(wish(), 0.0)) == ["request/state"]
        assert names(subject.make(wish(), 1.0)) == ["request/state", "request/state"]
    assert [record.message.split()[4] for record in caplog.records] == [
        "request",
        "request/cancel",
        "request",
    ]


@pytest.mark.parametrize(
    ("quantise", "starts_at"), [("now", 5), ("beat", 6), ("bar", 8), ("2bar", 8), ("4bar", 16)]
)
def test_a_silent_host_has_started_at_the_first_beat_after_the_quantise_point(
    quantise: str, starts_at: int
) -> None:
    subject = book()
    subject.infer(Feedback(beat=5.0), 0.0)
    subject.make(wish(quantise=quantise, hold_s=1.0), 0.1)
    started = [
        beat for beat in range(5, 33) if subject.infer(Feedback(beat=float(beat)), beat * 0.5)
    ]
    assert started == [starts_at]


def test_bars_are_believed_rather_than_counted_where_a_host_tells_them() -> None:
    subject = book()
    subject.infer(Feedback(bar=3), 0.0)
    subject.make(wish(quantise="2bar"), 0.1)
    assert subject.infer(Feedback(beat=16.0), 0.2) == []  # in three-four time
    assert states(subject.infer(Feedback(bar=4), 0.3)) == [(1, "started")]


def test_a_host_that_jumps_back_has_not_started_yet() -> None:
    subject = book()
    subject.infer(Feedback(beat=30.0), 0.0)
    subject.make(wish(quantise="bar"), 0.1)
    assert subject.infer(Feedback(beat=1.0), 0.2) == []
    assert subject.infer(Feedback(beat=3.0), 0.3) == []
    assert states(subject.infer(Feedback(beat=4.0), 0.4)) == [(1, "started")]


@pytest.mark.parametrize("quantise", QUANTISE)
@pytest.mark.parametrize("place", ["Happy", "1"])
def test_the_name_of_the_target_tells_that_it_plays(place: str, quantise: str) -> None:
    subject = book()
    subject.make(wish(0.5, 0.5, quantise=quantise), 0.0)
    assert subject.infer(Feedback(place="intro"), 1.0) == []
    assert states(subject.infer(Feedback(place=place), 2.0)) == [(1, "started")]


def test_a_host_that_says_started_and_no_more_is_not_waited_for_for_ever() -> None:
    subject = book()
    subject.make(wish(hold_s=8.0, fade_beats=4.0), 0.0)
    assert states(subject.ack(1, "started", 2.0)) == [(1, "started")]
    assert states(subject.update(2.0 + 8.0 + ANSWER_S - 0.1)) == []
    assert states(subject.update(2.0 + 8.0 + ANSWER_S)) == [(1, "done")]


def test_what_was_seen_to_start_is_done_after_fade_and_hold() -> None:
    subject = book()
    subject.make(wish(quantise="now", fade_beats=8.0, hold_s=1.0), 0.0)
    subject.infer(Feedback(beat=0.0), 10.0)
    assert subject.due_s == 14.0
    assert states(subject.update(14.0)) == [(1, "done")]


def test_a_host_that_acknowledges_is_not_second_guessed() -> None:
    subject = book()
    subject.make(wish(quantise="now"), 0.0)
    subject.ack(1, "queued", 0.1)
    assert subject.infer(Feedback(beat=1.0), 0.2) == []


requests = st.builds(
    lambda reason, quantise, hold_s, deadline_s: wish(
        reason=reason, quantise=quantise, hold_s=hold_s, deadline_s=deadline_s
    ),
    st.sampled_from(REASONS),
    st.sampled_from(QUANTISE),
    st.sampled_from([0.0, 1.0, 5.0]),
    st.sampled_from([0.0, 0.5, 3.0]),
)
actions = st.one_of(
    st.tuples(st.just("make"), requests),
    st.tuples(st.just("ack"), st.integers(0, 6), st.sampled_from(ACKS)),
    st.tuples(st.just("beat"), st.integers(0, 40)),
    st.tuples(st.just("cancel"), st.none() | st.integers(0, 6)),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 1.0, 4.0])),
)


def act(subject: RequestBook, action: tuple[typing.Any, ...], now_s: float) -> list[Message]:
    match action:
        case "make", request:
            return subject.make(request, now_s)
        case "ack", number, state:
            return subject.ack(number, state, now_s)
        case "beat", beat:
            return subject.infer(Feedback(beat=float(beat)), now_s)
        case "cancel", number:
            return subject.cancel(number, now_s)
        case _:
            return []


@given(st.lists(actions, max_size=40))
def test_whatever_happens_one_is_outstanding_ids_rise_and_each_comes_to_one_end(
    what: list[tuple[typing.Any, ...]],
) -> None:
    subject, now_s, out = book(), 0.0, list[Message]()
    made = 0
    for action in what:
        made += action[0] == "make"
        now_s += action[1] if action[0] == "wait" else 0.0
        out += subject.update(now_s)
        assert subject.due_s > now_s
        out += act(subject, action, now_s)
    out += subject.cancel(None, now_s)
    for number in range(1, made + 1):
        out += subject.ack(number, "done", now_s)
    assert subject.due_s == math.inf

    triggered = [args[0] for signal, args in out if signal.name == "request/go"]
    assert triggered == sorted(set(triggered))
    told: dict[object, str | None] = dict.fromkeys(range(1, made + 1))
    for signal, args in out:
        if signal.name == "request/go":
            assert not [n for n, state in told.items() if state in ("sent", "queued")]
        if signal.name == "request/state":
            number, state = args
            assert state in NEXT_STATES[told[number]]
            told[number] = str(state)
    assert set(told.values()) <= ENDS
