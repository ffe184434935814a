"""The analysis thread: what it reports, how it ends, and that it never waits for a reader."""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Sequence

import pytest

from dsp.types import AudioBlock
from oscbridge.analysis import StatusReporter, StreamAnalysis
from oscbridge.analysis_thread import AnalysisThread
from oscbridge.events import Boundary, Event, SegmentEnded, SignalLevel, State, Status
from oscbridge.outbox import Outbox
from oscbridge.sources.base import Health
from oscbridge.stats import Stats
from tests.process.doubles import HOP, RATE_HZ, PacedSource, ScriptedAnalyzer, affect

DEADLINE_S = 30.0
LAST = SegmentEnded(0, 0, RATE_HZ, RATE_HZ, 0.1, 0.2, 1, 0.9)


def run_to_end(
    source: PacedSource, analyzer: ScriptedAnalyzer
) -> tuple[list[State], list[Event], BaseException | None]:
    """Run the thread until it ends by itself; return what the outbox holds, and why it ended."""
    ends: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    outbox = Outbox(analyzer.stats)
    stream = StreamAnalysis(source, analyzer, outbox, analyzer.stats, on_end=ends.put)
    thread = AnalysisThread([stream])
    thread.start()
    ended = ends.get(timeout=DEADLINE_S)
    assert thread.stop(DEADLINE_S)
    states, events, _ = outbox.take()
    return states, events, ended


def test_results_reach_the_outbox_in_order_and_the_end_closes_the_last_segment() -> None:
    boundaries = [Boundary(i, i, i, 0.5, RATE_HZ) for i in range(20)]
    analyzer = ScriptedAnalyzer(lambda i, _: [affect(i / 20), boundaries[i]], last=[LAST])
    states, events, ended = run_to_end(PacedSource(0.0, count=20), analyzer)
    assert ended is None
    assert states == [affect(0.95)]
    assert [e for e in events if not isinstance(e, Status)] == [*boundaries, LAST]
    assert (analyzer.stats.states, analyzer.finished) == (20, 1)


def test_the_status_tells_of_start_music_silence_and_end() -> None:
    presence = [0.0] * 5 + [0.9] * 5 + [0.4] * 5 + [0.1] * 5 + [0.4] * 5
    analyzer = ScriptedAnalyzer(lambda i, _: [affect(music=presence[i])])
    _, events, _ = run_to_end(PacedSource(0.0, count=25), analyzer)
    assert [(e.state, e.detail) for e in events if isinstance(e, Status)] == [
        ("starting", "a paced test source"),
        ("silent", "no music"),
        ("listening", "a paced test source"),
        ("silent", "no music"),
        ("silent", "end of a paced test source"),
    ]


def test_trouble_of_the_source_is_told_and_its_end_too() -> None:
    source = PacedSource(0.0, count=9)
    health = [Health(True, "plays")] * 3 + [Health(False, "device is gone")] * 3

    def script(index: int, block: AudioBlock) -> Sequence[State]:
        source.health = (health + [Health(True, "plays")] * 3)[index]
        return [affect()]

    _, events, ended = run_to_end(source, ScriptedAnalyzer(script))
    assert ended is None
    assert [e.state for e in events if isinstance(e, Status)] == [
        "starting",
        "listening",
        "error",
        "listening",
        "silent",
    ]
    assert Status("error", "device is gone") in events


def test_no_sound_at_all_is_no_music_whatever_the_model_says() -> None:
    reporter = StatusReporter("x")
    said = [
        reporter.update(True, "", [affect(music=1.0), SignalLevel(0.0, 0.0, stop, RATE_HZ)])
        for stop in range(0, 3 * RATE_HZ, HOP)
    ]
    assert [s.state for s in said if s] == ["listening", "silent"]


def test_a_short_pause_belongs_to_the_music_and_a_long_one_is_told_once() -> None:
    reporter = StatusReporter("x")
    told: list[tuple[float, str]] = []
    for stop in range(0, 20 * RATE_HZ, HOP):
        time_s = stop / RATE_HZ
        quiet = 5.0 <= time_s < 5.5 or 10.0 <= time_s < 15.0
        level = SignalLevel(0.0 if quiet else 0.5, 0.0, stop, RATE_HZ)
        fading = math.exp(-max(time_s - 10.0, 0.0) / 3.0) if quiet else 1.0
        status = reporter.update(True, "", [level, affect(music=fading, time_s=time_s)])
        if status:
            told.append((round(time_s), status.state))
    assert told == [(0, "listening"), (11, "silent"), (15, "listening")]


def test_a_source_is_told_after_each_block_how_much_is_missing_to_a_result() -> None:
    class Noted(PacedSource):
        wanted: tuple[int, ...] = ()

        def want(self, count: int) -> None:
            self.wanted += (count,)

    class Needy(ScriptedAnalyzer):
        @property
        def missing(self) -> int:  # type: ignore[override]
            return 100 * self._count

    source = Noted(0.0, count=3)
    run_to_end(source, Needy(lambda i, _: []))
    assert source.wanted == (100, 200, 300)


def test_a_fault_is_logged_once_told_in_the_status_and_ends_the_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def script(index: int, block: AudioBlock) -> Sequence[State]:
        if index == 3:
            raise ZeroDivisionError("a fault of ours")
        return [affect()]

    with caplog.at_level(logging.ERROR):
        _, events, ended = run_to_end(PacedSource(0.0), ScriptedAnalyzer(script))
    assert isinstance(ended, ZeroDivisionError)
    assert events[-1] == Status("error", "analysis failed: a fault of ours")
    assert [r.getMessage() for r in caplog.records] == ["the analysis failed"]


def test_stopping_closes_the_last_segment_while_the_source_still_plays() -> None:
    analyzer = ScriptedAnalyzer(lambda i, _: [affect()], last=[LAST])
    outbox = Outbox(analyzer.stats)
    thread = AnalysisThread([StreamAnalysis(PacedSource(), analyzer, outbox, analyzer.stats)])
    thread.start()
    states: list[State] = []
    events: list[Event] = []
    end_s = time.monotonic() + DEADLINE_S
    while not states:
        assert time.monotonic() < end_s
        states, more, _ = outbox.take()
        events += more
    assert thread.stop(DEADLINE_S)
    events += outbox.take().events
    assert LAST in events
    assert Status("silent", "stopped listening to a paced test source") in events


def test_a_reader_that_sleeps_does_not_hold_up_the_analysis() -> None:
    done = threading.Event()

    def script(index: int, block: AudioBlock) -> Sequence[State | Event]:
        if index == 5000:
            done.set()
        return [affect(index / 5001), Boundary(index, 0, 0, 0.5, RATE_HZ)]

    stats = Stats()
    outbox = Outbox(stats, capacity=100)
    source = PacedSource(0.0, count=5001)
    thread = AnalysisThread([StreamAnalysis(source, ScriptedAnalyzer(script), outbox, stats)])
    thread.start()
    assert done.wait(DEADLINE_S)
    assert thread.stop(DEADLINE_S)
    states, events, _ = outbox.take()
    assert states == [affect(5000 / 5001)]
    assert len(events) == 100
    assert stats.dropped_events == stats.events - 100
