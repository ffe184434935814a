"""Output threads: who shares one, what they say when no news comes, and how rarely they wake."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from oscbridge.composer import Composer
from oscbridge.config import load
from oscbridge.dispatch import Dispatcher
from oscbridge.outbox import Outbox
from oscbridge.output_thread import OutputThread, output_threads
from oscbridge.outputs.base import Output
from oscbridge.protocol import Message
from oscbridge.stats import Stats
from tests.process.doubles import Collector, affect

DEADLINE_S = 30.0


def dispatcher(output: Output, **send: object) -> Dispatcher:
    config = load(overrides={f"send.{name}": value for name, value in send.items()})
    composer = Composer(config.send, config.quadrant, config.labels, "session", time.monotonic())
    stats = Stats()
    return Dispatcher(Outbox(stats), composer, [output], stats)


def wait_until(condition: object) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end_s
        time.sleep(0.002)


class Slow(Collector):
    """Waits for the word before anything is written, as a disk that spins up does."""

    prompt = False

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def send(self, messages: Sequence[Message]) -> None:
        self.go_on.wait(DEADLINE_S)
        super().send(messages)


def test_streams_whose_outputs_are_prompt_share_a_thread_and_slow_ones_hold_up_nobody() -> None:
    prompt, slow = [Collector(), Collector()], [Slow(), Slow()]
    threads = output_threads([dispatcher(output) for output in (*prompt, *slow)])
    assert len(threads) == 3
    for thread in threads:
        thread.start()
    wait_until(lambda: all("hello" in output.names() for output in prompt))
    assert [output.messages for output in slow] == [[], []]
    for output in slow:
        output.go_on.set()
    assert all(thread.stop(DEADLINE_S) for thread in threads)
    assert all("hello" in output.names() for output in slow)


def test_a_heartbeat_leaves_although_no_news_comes() -> None:
    output = Collector()
    thread = OutputThread([dispatcher(output, heartbeat_s=0.1)])
    thread.start()
    wait_until(lambda: len(output.of("heartbeat")) >= 5)
    assert thread.stop(DEADLINE_S)
    assert [beat[0] for beat in output.of("heartbeat")] == list(range(len(output.of("heartbeat"))))


def test_what_the_limit_of_the_rate_held_back_leaves_without_more_news() -> None:
    output = Collector()
    said = dispatcher(output, rate_hz=20.0)
    thread = OutputThread([said])
    thread.start()
    said.put([affect(0.25)])
    said.put([affect(0.75)])
    wait_until(lambda: output.of("valence")[-1:] == [(0.75,)])
    assert thread.stop(DEADLINE_S)


def test_while_news_flows_the_thread_leaves_the_word_to_those_who_bring_it() -> None:
    output = Collector()
    speakers: list[str] = []

    class Noted(Collector):
        def send(self, messages: Sequence[Message]) -> None:
            speakers.append(threading.current_thread().name)
            super().send(messages)

    output = Noted()
    said = dispatcher(output, heartbeat_s=0.1)
    thread = OutputThread([said])
    thread.start()
    wait_until(lambda: "hello" in output.names())
    speakers.clear()
    for number in range(60):
        said.put([affect(number / 100)])
        time.sleep(0.01)
    heard = list(speakers)
    assert thread.stop(DEADLINE_S)
    assert len(output.of("heartbeat")) >= 3
    others = heard.count("output")
    assert others <= len(heard) // 10, "only a stumble of the machine makes the thread speak"


def test_who_looks_at_a_snapshot_keeps_no_news_back() -> None:
    output = Collector()
    said = dispatcher(output)
    thread = OutputThread([said])
    thread.start()
    looking = threading.Event()

    def look() -> None:
        while not looking.is_set():
            said.snapshot()

    observer = threading.Thread(target=look)
    observer.start()
    try:
        for number in range(1, 200):
            said.put([affect(number / 200)])
            wait_until(lambda: said.snapshot().valence == number / 200)  # noqa: B023
    finally:
        looking.set()
        observer.join()
    assert thread.stop(DEADLINE_S)
