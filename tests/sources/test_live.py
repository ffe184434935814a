"""Live input against a scripted capture process: time line, counters, loss and return."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from oscbridge import own_process
from oscbridge.errors import DeviceError
from oscbridge.sources import capture_link, live
from oscbridge.sources.live import Live
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats

DEADLINE_S = 20.0
OPEN = ["open", 48000, 1]
SOUND = ["audio", 480, 0, 0]


@pytest.fixture
def play(monkeypatch, tmp_path):
    """Give a function that opens `Live` on the scenes of a script."""
    program = (str(Path(__file__).with_name("fake_capture.py")), str(tmp_path))
    monkeypatch.setattr(capture_link, "PROGRAM", program)
    monkeypatch.setattr(live, "RETRY_S", (0.01, 0.05))
    opened = []

    def start(*scenes, **settings) -> tuple[Live, Stats]:
        for number, steps in enumerate(scenes):
            (tmp_path / f"{number}.json").write_text(json.dumps(steps))
        stats = Stats()
        opened.append(Live(SourceSettings(**settings), stats))
        return opened[-1], stats

    yield start
    for source in opened:
        source.close()


def blocks(source: Live, count: int) -> list:
    """The next blocks, samples copied."""
    found = []
    end_s = time.monotonic() + DEADLINE_S
    while len(found) < count:
        assert time.monotonic() < end_s, source.health
        block = source.read(0.1)
        if block is not None:
            found.append((block.start, block.gap, block.samples.copy()))
    return found


def until(source: Live, condition) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, source.health
        source.read(0.05)


def test_lost_frames_are_a_gap_on_the_time_line_and_counted(play):
    small = ["open", 48000, 1, 480]
    source, stats = play([small, SOUND, ["audio", 480, 1000, 2], ["audio", 100, 0, 3]])
    assert (source.name, source.sample_rate) == ("Deck", 48000)
    spans = [(start, gap, len(samples)) for start, gap, samples in blocks(source, 3)]
    assert spans == [(0, 0, 480), (1480, 1000, 480), (1960, 0, 100)]
    assert (stats.overflows, stats.device_overflows) == (1000, 3)
    assert source.health.ok
    assert source.latency_s == 0.01


def test_a_block_bears_the_instant_at_which_its_last_sample_arrived(play):
    began_s = time.perf_counter()
    source, _ = play([OPEN, ["audio", 6000, 0, 0]])
    arrived_s = []
    while len(arrived_s) < 2:  # more than is handed out at once
        block = source.read(DEADLINE_S)
        arrived_s.append(block.arrived_s)
    assert began_s < arrived_s[0] < arrived_s[1] < time.perf_counter()
    assert arrived_s[1] - arrived_s[0] == pytest.approx((6000 - live.LONGEST_BLOCK) / 48000)


def test_channels_are_counted_from_one_and_only_as_many_as_needed_are_recorded(play, tmp_path):
    source, _ = play([["open", 48000, 3], SOUND], channels=(1, 3))
    ((_, _, samples),) = blocks(source, 1)
    assert np.allclose(samples, (0.25 + 0.75) / 2)
    request = json.loads((tmp_path / "requests").read_text())
    assert request["channels"] == 3


def test_a_device_that_cannot_be_opened_at_the_start_is_an_error(play):
    with pytest.raises(DeviceError, match="there is no audio input here"):
        play()
    with pytest.raises(DeviceError, match=r"crashed \(SIGABRT\)"):
        play([["crash"]])


@pytest.mark.parametrize("end", [["fail", "'Deck' is gone."], ["crash"]])
def test_a_lost_device_is_reported_waited_for_and_taken_up_as_the_same_device(play, tmp_path, end):
    source, stats = play([OPEN, SOUND, end], device="dec")
    blocks(source, 1)
    heard_s = time.monotonic()
    until(source, lambda: not source.health.ok)
    assert source.health.detail.endswith("waiting for it to come back")
    assert not source.finished
    assert stats.reconnects == 0
    (tmp_path / "9.json").write_text(json.dumps([OPEN, SOUND, SOUND]))
    first, *others = blocks(source, 1)
    away_s = time.monotonic() - heard_s
    while len(first[2]) + sum(len(samples) for *_, samples in others) < 960:
        others += blocks(source, 1)  # what came at once is one block
    assert 0 < first[1] / 48000 <= away_s
    assert first[0] == 480 + first[1]
    assert [block[:2] for block in others] == [(first[0] + 480, 0)][: len(others)]
    assert source.health.ok
    assert stats.reconnects == 1
    first_request, *_, last_request = (
        json.loads(line) for line in (tmp_path / "requests").read_text().splitlines()
    )
    assert first_request["device"] == "dec"
    assert (last_request["device"], last_request["host_api"]) == ("Deck", "ALSA")


def test_a_device_that_returns_with_another_rate_is_resampled_to_the_first_one(play, tmp_path):
    source, stats = play([OPEN, SOUND, ["fail", "gone"]])
    blocks(source, 1)
    until(source, lambda: not source.health.ok)
    (tmp_path / "9.json").write_text(
        json.dumps([["open", 24000, 1], *[["audio", 2400, 0, 0]] * 20])
    )
    heard_s = 2.0
    heard: list[np.ndarray] = []
    while sum(map(len, heard)) < (heard_s - 0.01) * 48000:
        heard.append(blocks(source, 1)[0][2])
    assert stats.reconnects == 1
    samples = np.concatenate(heard)
    assert len(samples) / 48000 == pytest.approx(heard_s, abs=0.01)
    assert np.allclose(samples[4800:], 0.25, atol=0.01)


def test_a_capture_process_that_falls_silent_is_replaced(play, tmp_path, monkeypatch):
    monkeypatch.setattr(live, "QUIET_S", 1.0)
    source, stats = play([OPEN, SOUND], [OPEN, SOUND])
    _, second = blocks(source, 2)
    assert stats.reconnects == 1
    assert second[1] >= 0.75 * 48000
    assert second[0] == 480 + second[1]


def test_reading_returns_in_time_while_the_device_is_away(play):
    source, _ = play([OPEN, ["fail", "gone"]])
    until(source, lambda: not source.health.ok)
    began_s = time.monotonic()
    assert source.read(0.05) is None
    assert time.monotonic() - began_s < DEADLINE_S / 2


def test_closing_ends_the_capture_process_and_the_source(play):
    source, _ = play([OPEN, SOUND])
    pid = source._link.pid
    source.close()
    source.close()
    assert source.finished
    assert source.read(0.1) is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_capture_process_runs_the_code_of_this_very_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    path = own_process.environment()["PYTHONPATH"].split(os.pathsep)
    assert Path(path[0], "oscbridge", "sources", "live.py").samefile(
        sys.modules["oscbridge.sources.live"].__file__
    )
    assert path[1] == "/elsewhere"
