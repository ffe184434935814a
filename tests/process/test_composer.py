"""What is said when, by an invented clock: rates, refresh, order, loss, fading, no NaN."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.asking.settings import PolicySettings
from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.events import (
    Beat,
    Boundary,
    Event,
    MaybeBoundary,
    Novelty,
    SegmentEnded,
    SignalLevel,
    State,
    Status,
    Tempo,
    Withdrawn,
)
from oscbridge.labels import Labels
from oscbridge.labels.place import LabelPlace
from oscbridge.orders import Felt, MakeRequest, Skip, Suggested, UseLabels
from oscbridge.protocol import SIGNALS, Message
from oscbridge.saying.narrator import FADE_S, STALE_S
from oscbridge.saying.quadrant_tracker import QuadrantSettings
from tests.process.doubles import RATE_HZ, affect

HOP_S = 256 / RATE_HZ


def composer(**send: float) -> Composer:
    return Composer(SendSettings(**send), QuadrantSettings(), Labels(), "cafe", 0.0)


def ended(number: int, start_s: float, stop_s: float) -> SegmentEnded:
    start, stop = round(start_s * RATE_HZ), round(stop_s * RATE_HZ)
    return SegmentEnded(number, start, stop, RATE_HZ, 0.25, -0.5, 4, 0.7)


def boundary(number: int, time_s: float, decided_s: float) -> Boundary:
    return Boundary(number, round(time_s * RATE_HZ), round(decided_s * RATE_HZ), 0.75, RATE_HZ)


def maybe(number: int, time_s: float, decided_s: float, probability: float) -> MaybeBoundary:
    start, decided = round(time_s * RATE_HZ), round(decided_s * RATE_HZ)
    return MaybeBoundary(number, start, decided, probability, RATE_HZ)


def beat(index: int, time_s: float, bar: int = -1) -> Beat:
    at = round(time_s * RATE_HZ)
    return Beat(index, at, 0.9, bar, 120.0, RATE_HZ)


def names(messages: Sequence[Message]) -> list[str]:
    return [signal.name for signal, _ in messages]


def values(messages: Sequence[Message], name: str) -> list[tuple[object, ...]]:
    return [args for signal, args in messages if signal.name == name]


def play(
    subject: Composer, points: Sequence[tuple[float, float]], start_s: float = 0.0
) -> Iterator[tuple[float, Message]]:
    """One state a hop, and whatever is due in between, as the output thread does it."""
    for i, (valence, arousal) in enumerate(points):
        now_s = start_s + i * HOP_S
        for message in subject.compose([affect(valence, arousal, time_s=now_s)], [], now_s):
            yield now_s, message
        while (due_s := subject.next_due_s()) < now_s + HOP_S:
            for message in subject.compose([], [], due_s):
                yield due_s, message


def test_the_greeting_comes_first_and_tells_who_and_how() -> None:
    first = composer().compose([], [], 0.0)
    assert names(first)[0] == "hello"
    assert values(first, "hello")[0][1:] == ("cafe", 1)
    assert values(first, "status") == [("starting", "")]
    assert values(first, "quadrant") == [(0,)]
    assert values(first, "quadrant/label") == [("unknown",)]
    assert values(first, "heartbeat") == [(0, 0)]
    assert not values(first, "valence"), "nothing is known yet"


@pytest.mark.parametrize("rate_hz", [1.0, 20.0, 60.0])
def test_moving_values_leave_at_the_rate_and_not_faster(rate_hz: float) -> None:
    wild = np.random.default_rng(4).uniform(-1, 1, (1875, 2)).tolist()  # 20 s
    sent = Counter(m.signal.name for _, m in play(composer(rate_hz=rate_hz), wild))
    for name in ("valence", "arousal", "va", "norm/arousal", "intensity"):
        assert sent[name] == pytest.approx(20 * rate_hz, rel=0.03, abs=2)


def test_all_signals_together_stay_below_300_messages_a_second() -> None:
    wild = np.random.default_rng(5).uniform(-1, 1, (1875, 2)).tolist()
    assert sum(1 for _ in play(composer(), wild)) <= 300 * 20


def test_a_new_value_leaves_at_once_when_the_rate_allows() -> None:
    subject = composer()
    subject.compose([affect(0.0, 0.0)], [], 0.0)
    said = subject.compose([affect(0.5, 0.5, time_s=0.3)], [], 0.3)
    assert values(said, "valence") == [(0.5,)]
    assert values(said, "va") == [(0.5, 0.5)]
    assert values(said, "norm/valence") == [(0.75,)]


def test_a_value_that_the_rate_held_back_leaves_when_its_time_comes() -> None:
    subject = composer(rate_hz=20.0)
    subject.compose([affect(0.0)], [], 0.0)
    assert not values(subject.compose([affect(0.5)], [], 0.01), "valence")
    assert subject.next_due_s() == pytest.approx(0.05)
    assert values(subject.compose([], [], 0.05), "valence") == [(0.5,)]


def test_values_that_stand_still_are_only_refreshed() -> None:
    sent = Counter(m.signal.name for _, m in play(composer(), [(0.3, -0.3)] * 1875))
    for name in ("valence", "va", "confidence", "quadrant", "quadrant/label", "energy", "status"):
        assert 20 <= sent[name] <= 21
    assert 20 <= sent["heartbeat"] <= 21
    assert sent["quadrant/dwell"] == 19
    assert sent["quadrant/enter"] == 1
    assert sent["hello"] == 1


def test_changes_inside_the_dead_band_are_not_sent() -> None:
    jitter = [(0.3 + 0.002 * (-1) ** i, 0.0) for i in range(937)]
    sent = Counter(m.signal.name for _, m in play(composer(), jitter))
    assert sent["valence"] <= 12
    sent = Counter(m.signal.name for _, m in play(composer(dead_band=0.0, rate_hz=20.0), jitter))
    assert sent["valence"] > 100


def test_heartbeats_count_up_on_a_grid_that_does_not_drift() -> None:
    subject, beats = composer(), []
    now_s = 0.0
    while now_s < 30.0:
        beats += values(subject.compose([], [], now_s), "heartbeat")
        now_s = subject.next_due_s() + 0.03  # always a little late
    assert [seq for seq, _ in beats] == list(range(len(beats)))
    assert len(beats) == 30
    assert all(t_ms - 1000 * seq <= 40 for seq, t_ms in beats)


def test_after_a_boundary_a_host_reads_boundary_end_summary_start_in_this_order() -> None:
    subject = composer()
    subject.set_latency(0.1, 0.0, input_s=0.02)
    subject.compose([affect(0.5, 0.5)], [], 0.0)
    said = subject.compose(
        [affect(-0.6, 0.6, time_s=6.0)], [boundary(1, 4.0, 5.5), ended(0, 0.0, 4.0)], 6.0
    )
    events = [m for m in said if m.signal.when == "event"]
    assert names(events) == [
        "quadrant/enter",
        "segment/boundary",
        "segment/end",
        "segment/summary",
        "segment/start",
    ]
    assert values(said, "segment/boundary") == [(1, 1520, 0.75)]
    assert values(said, "segment/end") == [(0, 4.0)]
    assert values(said, "segment/summary") == [(0, 0.25, -0.5, 4.0)]
    assert values(said, "segment/start") == [(1, "tense", pytest.approx(0.8))]
    assert said[-len(events) :] == events, "states leave before the events that belong to them"


def test_an_early_word_has_the_id_of_the_boundary_that_confirms_it() -> None:
    subject = composer()
    subject.set_latency(0.1, 0.0, input_s=0.02)
    early = subject.compose([], [maybe(1, 4.0, 4.5, 0.4)], 4.6)
    assert values(early, "segment/maybe") == [(1, 520, pytest.approx(0.4))]
    assert not values(early, "segment/start")
    sure = subject.compose([], [boundary(1, 4.1, 5.5), ended(0, 0.0, 4.1)], 5.6)
    assert [args[0] for args in values(sure, "segment/boundary")] == [1]
    assert [args[0] for args in values(sure, "segment/start")] == [1]


def test_an_early_word_that_was_wrong_is_taken_back_and_nothing_else_changes() -> None:
    subject = composer()
    subject.compose([], [maybe(1, 4.0, 4.5, 0.4)], 4.6)
    said = subject.compose([], [Withdrawn(1, 5 * RATE_HZ, RATE_HZ)], 5.1)
    assert [n for n in names(said) if n.startswith("segment")] == ["segment/withdrawn"]
    assert subject.snapshot(5.2).segment_id == 0


def test_a_beat_is_said_before_the_bar_that_it_begins() -> None:
    subject = composer()
    said = subject.compose([], [beat(7, 1.0), beat(8, 1.5, bar=2)], 1.6)
    assert [n for n in names(said) if n in ("beat", "bar")] == ["beat", "beat", "bar"]
    assert [args[0] for args in values(said, "beat")] == [7, 8]
    assert [args[0] for args in values(said, "bar")] == [2]


def test_a_tempo_is_said_when_it_is_another_one_not_when_it_breathes() -> None:
    subject = composer(refresh_s=60.0)
    heard: list[Message] = []
    for i, bpm in enumerate([0.0, 120.0, 120.2, 119.8, 121.0, 0.0]):
        heard += subject.compose([Tempo(bpm, i, RATE_HZ)], [], i * 0.1)
    assert values(heard, "tempo") == [(0.0,), (120.0,), (121.0,), (0.0,)]


def test_the_first_segment_starts_with_the_first_thing_heard() -> None:
    subject = composer()
    assert not values(subject.compose([affect(confidence=0.0)], [], 0.0), "segment/start")
    said = subject.compose([affect(0.5, -0.5, time_s=0.1)], [], 0.1)
    assert values(said, "segment/start") == [(0, "relaxed", pytest.approx(0.8))]


def test_events_are_said_once_and_in_order_even_when_many_come_together() -> None:
    subject = composer()
    many: list[Event] = []
    for number in range(1, 6):
        many += [boundary(number, number, number), ended(number - 1, number - 1, number)]
    said = subject.compose([], many, 9.0)
    assert [args[0] for args in values(said, "segment/boundary")] == [1, 2, 3, 4, 5]
    assert [args[0] for args in values(said, "segment/start")] == [1, 2, 3, 4, 5]
    assert [args[0] for args in values(said, "segment/end")] == [0, 1, 2, 3, 4]
    assert not [n for n in names(subject.compose([], [], 20.0)) if n.startswith("segment")]


def test_a_status_is_said_on_change_and_refreshed() -> None:
    subject = composer()
    subject.compose([], [], 0.0)
    said = subject.compose([], [Status("error", "device is gone")], 0.2)
    assert values(said, "status") == [("error", "device is gone")]
    assert not values(subject.compose([], [], 1.1), "status")
    assert values(subject.compose([], [], 1.2), "status") == [("error", "device is gone")]


def test_without_news_the_confidence_fades_and_the_quadrant_becomes_unknown() -> None:
    subject = composer()
    subject.compose([affect(0.5, 0.5, confidence=0.8)], [], 0.0)
    heard: list[Message] = []
    now_s = 0.0
    while now_s < STALE_S + FADE_S + 1.5:
        now_s = max(subject.next_due_s(), now_s + 1e-3)
        heard += subject.compose([], [], now_s)
    confidences = [args[0] for args in values(heard, "confidence")]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] == 0.0
    assert values(heard, "quadrant/enter") == [(0, "unknown", 0.0)]
    assert subject.snapshot(now_s).quadrant == 0
    back = subject.compose([affect(0.5, 0.5, time_s=9.0)], [], 9.0)
    assert values(back, "quadrant/enter") == [(1, "happy", pytest.approx(0.8))]


def test_a_receiver_that_loses_one_packet_in_five_agrees_within_two_refreshes() -> None:
    subject, lottery = composer(), random.Random(6)
    held: dict[str, tuple[object, ...]] = {}
    moving = np.random.default_rng(7).uniform(-1, 1, (200, 2)).tolist()
    last = moving[-1]
    disagreed_s = 0.0
    for now_s, message in play(subject, [*moving, *[last] * 400]):
        if lottery.random() >= 0.2:
            held[message.signal.name] = message.args
        if now_s > 200 * HOP_S and held.get("va") != pytest.approx(tuple(last)):
            disagreed_s = now_s - 200 * HOP_S
    assert disagreed_s <= 2.1
    assert held["va"] == pytest.approx(tuple(last))


wire = st.floats(allow_nan=True, allow_infinity=True, width=32)


@settings(max_examples=60)
@given(st.lists(st.tuples(wire, wire, wire, wire, wire), min_size=1, max_size=20))
def test_no_input_puts_nan_or_an_out_of_range_number_on_the_wire(
    rows: list[tuple[float, float, float, float, float]],
) -> None:
    subject = composer()
    for i, (v, a, c, m, level) in enumerate(rows):
        states: list[State] = [
            affect(v, a, confidence=c, music=m, time_s=i * 0.1),
            SignalLevel(level, level, i, RATE_HZ),
        ]
        events = [Boundary(i, 0, i, level, RATE_HZ)]
        for signal, args in subject.compose(states, events, i * 0.1):
            for arg, value in zip(signal.args, args, strict=True):
                if not isinstance(value, str):
                    assert math.isfinite(value)
                    assert arg.low <= value <= arg.high


def test_every_signal_of_the_table_is_spoken() -> None:
    subject = composer()
    subject.set_latency(0.1, 0.2, 0.0)
    heard = set(names(subject.compose([], [], 0.0)))
    states: list[State] = [affect(0.5, 0.5), SignalLevel(0.5, 0.5, 0, RATE_HZ)]
    states += [Novelty(0.5, 0, RATE_HZ), Tempo(120.0, 0, RATE_HZ)]
    events: list[Event] = [maybe(1, 1, 1.5, 0.4), Withdrawn(1, 0, RATE_HZ), beat(0, 0.0, bar=0)]
    heard |= set(names(subject.compose(states, [*events, boundary(1, 1, 2), ended(0, 0, 1)], 2.0)))
    asked: list[Event] = [Felt("osc", 0.5, 0.5, 1.0), *[MakeRequest(0.5, 0.5)] * 2]
    heard |= set(names(subject.compose([], asked, 4.0)))
    places = (LabelPlace(1, "calm", "Calm", 0.5, -0.5, 0.3, 0.3),)
    track = Suggested(1, "/a.flac", "file:///a.flac", "a", "", 0.5, -0.5, 3, 90.0, "Am", 200.0)
    heard |= set(names(subject.compose([], [UseLabels(places), track], 5.0)))
    heard |= _tried()
    spoken = {signal.name for signal in SIGNALS.values() if signal.when != "reply"}
    assert heard == {*spoken, "label/calm"}


def _tried() -> set[str]:
    """What is said when the policy has tried something and a person puts an end to it."""
    subject = Composer(
        *(SendSettings(), QuadrantSettings(), Labels(), "cafe", 0.0),
        policy=PolicySettings(strategy="iso", bandit=True),
    )
    heard: list[Message] = []
    for step in range(40):
        sad: list[Event] = [Felt("osc", -0.6, -0.2, 1.0)]
        heard += subject.compose([], [*sad, *([Skip()] if step == 38 else [])], step * 0.25)
    return set(names(heard))
