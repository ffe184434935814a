"""The outbox: states coalesce, events queue, nobody waits for the reader."""

from __future__ import annotations

import threading
import time

import pytest

from oscbridge.events import Boundary, SignalLevel, Status
from oscbridge.outbox import Outbox
from oscbridge.stats import Stats
from tests.process.doubles import RATE_HZ, affect

DEADLINE_S = 30.0


def boundary(number: int) -> Boundary:
    return Boundary(number, number * RATE_HZ, number * RATE_HZ, 0.5, RATE_HZ)


def test_only_the_newest_state_of_each_type_and_source_is_delivered() -> None:
    outbox = Outbox(Stats())
    for step in range(1000):
        outbox.put([affect(valence=step / 1000)])
        outbox.put([SignalLevel(step / 1000, 0.0, step, RATE_HZ)])
    states, events, _ = outbox.take()
    assert states == [affect(valence=0.999), SignalLevel(0.999, 0.0, 999, RATE_HZ)]
    assert events == []
    assert outbox.take() == ([], [], None)


def test_events_keep_their_order_and_are_never_merged() -> None:
    outbox = Outbox(Stats())
    events = [boundary(1), Status("silent", ""), boundary(2), Status("silent", "")]
    for event in events:
        outbox.put([event])
    assert outbox.take() == ([], events, None)


def test_a_full_outbox_drops_the_oldest_events_and_counts_them() -> None:
    stats = Stats()
    outbox = Outbox(stats, capacity=3)
    for number in range(5):
        outbox.put([boundary(number)])
    _, events, _ = outbox.take()
    assert events == [boundary(2), boundary(3), boundary(4)]
    assert stats.dropped_events == 2


def test_what_is_put_together_is_taken_together() -> None:
    outbox = Outbox(Stats())
    batch = [affect(0.1), boundary(1), boundary(2), affect(0.2)]
    writer = threading.Thread(target=lambda: outbox.put(batch))
    writer.start()
    end_s = time.monotonic() + DEADLINE_S
    while not outbox.waiting:
        assert time.monotonic() < end_s
    states, events, _ = outbox.take()
    writer.join()
    assert (states, events) == ([affect(0.2)], [boundary(1), boundary(2)])


def test_no_event_is_lost_between_a_fast_writer_and_a_reader() -> None:
    stats = Stats()
    outbox = Outbox(stats, capacity=100_000)

    def write() -> None:
        for number in range(20_000):
            outbox.put([affect(number / 20_000), boundary(number)])

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    end_s = time.monotonic() + DEADLINE_S
    while len(seen) < 20_000:
        assert time.monotonic() < end_s
        events = outbox.take().events
        seen += [event.id for event in events if isinstance(event, Boundary)]
    writer.join()
    assert seen == list(range(20_000))
    assert stats.dropped_events == 0


def test_news_bear_the_stamp_of_the_newest_sound_behind_them() -> None:
    outbox = Outbox(Stats())
    outbox.put([affect(0.1)], 1.5)
    outbox.put([boundary(1)], 2.5)
    assert outbox.take().arrived_s == 2.5
    assert outbox.take().arrived_s is None


def test_it_says_whether_there_is_something_to_take() -> None:
    outbox = Outbox(Stats())
    told = [outbox.waiting]
    for news in (affect(0.1), boundary(1)):
        outbox.put([news])
        told.append(outbox.waiting)
        outbox.take()
        told.append(outbox.waiting)
    assert told == [False, True, False, True, False]


def test_a_capacity_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity of 1 or more"):
        Outbox(Stats(), capacity=0)
