"""Saying what is known: who speaks, in which order, and that nothing is kept of it."""

from __future__ import annotations

import threading
import time
import tracemalloc
from collections.abc import Sequence

from oscbridge.composer import Composer
from oscbridge.config import load
from oscbridge.dispatch import Dispatcher
from oscbridge.events import Boundary, SignalLevel
from oscbridge.orders import Command, Freeze, Override, Refresh
from oscbridge.outbox import Outbox
from oscbridge.output_thread import OutputThread
from oscbridge.outputs.base import Output
from oscbridge.outputs.null import NullOutput
from oscbridge.protocol import Message
from oscbridge.stats import Stats
from tests.process.doubles import RATE_HZ, Collector, affect

DEADLINE_S = 30.0
GROWTH_BYTES = 2_000
"""Caches of the interpreter: a list of what was said would be hundreds of times as long."""


def dispatcher(output: Output, stats: Stats | None = None) -> Dispatcher:
    """Make one whose clock stands still unless it is started."""
    config = load()
    composer = Composer(config.send, config.quadrant, config.labels, "session", time.monotonic())
    stats = stats or Stats()
    return Dispatcher(Outbox(stats), composer, [output], stats)


def test_news_are_said_by_the_thread_that_brings_them_before_it_goes_on() -> None:
    output, stats = Collector(), Stats()
    said = dispatcher(output, stats)
    said.put([affect(0.5)], time.perf_counter())
    assert output.of("valence") == [(0.5,)]
    assert stats.reaction.summary().blocks == 1


def test_news_that_nobody_is_sent_is_no_reaction() -> None:
    class Deaf(Collector):
        def send(self, messages: Sequence[Message]) -> None:
            """Nothing of this concerns whom it speaks to."""

    stats = Stats()
    dispatcher(Deaf(), stats).put([affect(0.5)], time.perf_counter())
    assert stats.reaction.summary().blocks == 0


def test_an_output_that_may_take_its_time_is_served_by_the_output_thread() -> None:
    class Slow(Collector):
        prompt = False
        threads: set[str]

        def send(self, messages: Sequence[Message]) -> None:
            self.threads.add(threading.current_thread().name)
            super().send(messages)

    output = Slow()
    output.threads = set()
    said = dispatcher(output)
    said.put([affect(0.5)])
    assert output.messages == []
    thread = OutputThread([said])
    thread.start()
    assert thread.stop(DEADLINE_S)
    assert output.of("valence") == [(0.5,)]
    assert output.threads == {"output"}


def test_what_comes_while_another_thread_speaks_is_said_by_that_thread_afterwards() -> None:
    speaking, go_on = threading.Event(), threading.Event()

    class Waits(Collector):
        def send(self, messages: Sequence[Message]) -> None:
            super().send(messages)
            speaking.set()
            go_on.wait(DEADLINE_S)

    output = Waits()
    said = dispatcher(output)
    thread = OutputThread([said])
    thread.start()
    assert speaking.wait(DEADLINE_S)  # the greeting
    said.put([affect(0.25)])  # returns at once
    assert output.of("valence") == []
    go_on.set()
    end_s = time.monotonic() + DEADLINE_S
    while output.of("valence") != [(0.25,)]:
        assert time.monotonic() < end_s
        time.sleep(0.005)
    assert thread.stop(DEADLINE_S)


def test_a_command_reaches_every_output_before_what_it_leads_to_is_said() -> None:
    class Obedient(Collector):
        def __init__(self) -> None:
            super().__init__()
            self.heard: list[tuple[object, int]] = []

        def obey(self, command: Command) -> None:
            self.heard.append((command, len(self.messages)))

    class Stubborn(Collector):
        def obey(self, command: Command) -> None:
            raise RuntimeError("against the contract")

    config, stats, output = load(), Stats(), Obedient()
    composer = Composer(config.send, config.quadrant, config.labels, "session", time.monotonic())
    said = Dispatcher(Outbox(stats), composer, [Stubborn(), output], stats)
    said.put([Refresh(), affect(0.5), Freeze(True)])
    assert output.heard == [(Refresh(), 0), (Freeze(True), 0)]
    assert output.messages
    assert stats.send_errors == 2


def test_what_is_asked_for_wakes_the_output_thread_where_it_has_something_due_sooner() -> None:
    said = dispatcher(Collector())
    woken: list[str] = []
    asleep_s = said.serve()
    said.wake = lambda: woken.append("awake")
    said.put([Freeze(False)])
    assert not woken
    said.put([Override(0.5, 0.5, asleep_s / 10.0)])
    assert woken


def test_news_that_find_another_bringer_speaking_are_said_by_that_one() -> None:
    said: list[Dispatcher] = []
    boundary = Boundary(1, RATE_HZ, RATE_HZ, 0.5, RATE_HZ)

    class Interrupted(Collector):
        def send(self, messages: Sequence[Message]) -> None:
            super().send(messages)
            if not self.of("segment/boundary"):
                other = threading.Thread(target=said[0].put, args=([boundary],))
                other.start()
                other.join(DEADLINE_S)

    output = Interrupted()
    said.append(dispatcher(output))
    said[0].put([affect(0.5, 0.5)])
    assert [args[0] for args in output.of("segment/boundary")] == [1]


def test_nothing_is_kept_of_what_was_said() -> None:
    said = dispatcher(NullOutput())

    def say(count: int) -> None:
        for number in range(count):
            level = SignalLevel(number % 7 / 7, 0.5, number * 1024, RATE_HZ)
            said.put([level, affect(number % 11 / 11, time_s=number * 0.04)], time.perf_counter())

    say(2_000)
    tracemalloc.start()
    try:
        say(1_000)
        before = tracemalloc.get_traced_memory()[0]
        say(5_000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < GROWTH_BYTES
