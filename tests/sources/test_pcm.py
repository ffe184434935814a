"""Raw samples through real pipes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import numpy as np
import pytest

from oscbridge.errors import InputError
from oscbridge.sources import pcm
from oscbridge.sources.pcm import StandardInput
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats


def from_pipe(data: bytes, settings: SourceSettings, stats: Stats | None = None):
    """Put ``data`` (less than a pipe holds) through a pipe; return the source and its samples."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    source = StandardInput(settings, stats, fd=reading)
    samples, position = [], 0
    deadline_s = time.monotonic() + 30
    while not source.finished:
        assert time.monotonic() < deadline_s
        block = source.read(0.1)
        if block is not None:
            assert block.start == position
            position = block.stop
            samples.append(block.samples.copy())
    os.close(reading)
    return source, np.concatenate(samples) if samples else np.zeros(0, np.float32)


def test_sixteen_bit_stereo_is_mixed_at_full_scale_one():
    frames = np.array([[-32768, -32768], [16384, 0], [0, 0], [32767, 32767]], dtype="<i2")
    source, heard = from_pipe(frames.tobytes(), SourceSettings())
    assert heard.tolist() == [-1.0, 0.25, 0.0, 32767 / 32768]
    assert source.sample_rate == 44100
    assert source.health.ok


@pytest.mark.parametrize("block_size", [1, 7, 4096])
def test_floats_come_through_unchanged_for_every_block_size(block_size):
    wave = np.random.default_rng(0).uniform(-1, 1, 3001).astype("<f4")
    settings = SourceSettings(
        pcm_format="f32le", pcm_channels=1, sample_rate=48000, block_size=block_size
    )
    source, heard = from_pipe(wave.tobytes(), settings)
    assert np.array_equal(heard, wave)
    assert source.sample_rate == 48000


@pytest.mark.parametrize("extra", [1, 2, 3])
def test_an_incomplete_last_frame_is_left_out_and_named(extra):
    frames = np.ones((10, 2), dtype="<i2")
    source, heard = from_pipe(frames.tobytes() + bytes(extra), SourceSettings())
    assert len(heard) == 10
    assert f"{extra} byte(s) of an incomplete frame" in source.health.detail


def test_an_input_without_a_sample_is_an_error():
    with pytest.raises(InputError, match="ended without a sample"):
        from_pipe(b"", SourceSettings())


def test_nan_on_the_pipe_is_counted_and_replaced():
    wave = np.array([0.5, np.nan, np.inf, -0.5], dtype="<f4")
    stats = Stats()
    settings = SourceSettings(pcm_format="f32le", pcm_channels=1)
    _, heard = from_pipe(wave.tobytes(), settings, stats)
    assert heard.tolist() == [0.5, 0.0, 0.0, -0.5]
    assert stats.nonfinite == 2


def test_frames_that_arrive_in_pieces_are_put_together():
    reading, writing = os.pipe()
    source = StandardInput(SourceSettings(), fd=reading)
    os.write(writing, b"\x00")
    assert source.read(0.05) is None
    os.write(writing, b"\x40\x00\x40\x00")
    block = source.read(5.0)
    assert block is not None
    assert block.samples.tolist() == [0.5]
    os.close(writing)
    assert source.read(5.0) is None
    assert source.finished
    source.close()
    source.close()
    os.close(reading)


def test_an_audio_file_on_the_pipe_is_recognised_by_its_header():
    with pytest.raises(InputError, match="begins like a WAV file"):
        from_pipe(b"RIFF" + bytes(400), SourceSettings())


def test_a_channel_that_the_input_does_not_have_is_refused():
    with pytest.raises(InputError, match="channel 3 does not exist"):
        StandardInput(SourceSettings(channels=(3,)), fd=0)


def test_a_terminal_is_refused_with_an_example_of_what_to_do(monkeypatch):
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as terminal:
        monkeypatch.setattr(pcm.sys, "stdin", terminal)
        with pytest.raises(InputError, match=r"is a terminal: pipe raw samples .* ffmpeg"):
            StandardInput(SourceSettings())
    os.close(ours)


def test_a_writer_of_a_real_process_is_heard_to_the_last_sample():
    reader = (
        "from oscbridge.sources.select import *\n"
        "source, count = open_source('-', SourceSettings(pcm_channels=1)), 0\n"
        "while not source.finished:\n"
        "    block = source.read(0.5)\n"
        "    count += 0 if block is None else len(block.samples)\n"
        "print(count)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", reader],
        input=bytes(2 * 300_001),
        capture_output=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.split() == [b"300001"]
