"""``oscbridge run`` and ``demo`` as processes: packets, views, signals, settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from oscbridge import ending
from oscbridge.config import load, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program
    from tests.conftest import OscEar

    Start = Callable[..., subprocess.Popen[str]]


def wait_until(true: Callable[[], bool], deadline_s: float = 60.0) -> None:
    """Poll until ``true`` returns True."""
    ends_s = time.monotonic() + deadline_s
    while not true():
        assert time.monotonic() < ends_s
        time.sleep(0.02)


def test_the_demo_sends_and_says_where_to_and_how_to_see_it(
    started: Start, osc_ear: OscEar
) -> None:
    process = started("demo", "--to", osc_ear.target, "--plain")
    osc_ear.wait_for("/oscbridge/va", count=3, deadline_s=60.0)
    process.send_signal(signal.SIGINT)
    out, complaints = process.communicate(timeout=30.0)
    assert (process.returncode, complaints) == (0, "")
    assert osc_ear.target in out
    assert "oscbridge monitor" in out
    assert "listening" in out
    assert "quadrant" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_silent_run_with_status_0(
    started: Start, osc_ear: OscEar, number: signal.Signals
) -> None:
    process = started("run", "--source", "music.wav", "--to", osc_ear.target, "--no-view")
    osc_ear.wait_for("/oscbridge/valence", deadline_s=60.0)
    process.send_signal(number)
    assert process.communicate(timeout=30.0) == ("", "")
    assert process.returncode == 0


def _lives(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("number", ending.SIGNALS, ids=lambda number: number.name)
def test_a_signal_during_the_start_ends_a_run_with_status_0_and_leaves_no_process(
    program: Program, tmp_path: Path, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [*program.command, "run", "--source", "music.wav", "--record", str(tmp_path / "started")],
        cwd=program.folder,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kernels")},  # a first start: minutes
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until((tmp_path / "started").exists)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if children.exists():
            wait_until(lambda: children.read_text() != "")
        compilers = children.read_text().split() if children.exists() else []
        process.send_signal(number)
        # The pipes end only when the compiling process, if it held them, has ended too.
        assert process.communicate(timeout=20.0) == ("", "")
        assert process.returncode == 0
    wait_until(lambda: not any(_lives(int(pid)) for pid in compilers))


@pytest.mark.parametrize(
    ("written", "complaint"),
    [(b"", "ended without a sample"), (b"RIFF" + bytes(4000), "begins like a WAV file")],
)
def test_a_standard_input_that_is_of_no_use_is_said_in_one_line(
    program: Program, written: bytes, complaint: str
) -> None:
    done = subprocess.run(
        [*program.command, "run", "--source", "-", "--no-view"],
        input=written,
        capture_output=True,
        timeout=60.0,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert complaint in line


def test_raw_samples_on_standard_input_are_heard(program: Program, tmp_path: Path) -> None:
    record = tmp_path / "said.jsonl"
    raw = ["--source", "-", "--raw-format", "s16le", "--raw-channels", "1", "--rate", "24000"]
    done = subprocess.run(
        [*program.command, "run", *raw, "--no-view", "--record", str(record)],
        cwd=program.folder,
        input=os.urandom(2 * 24_000 * 3),
        capture_output=True,
        timeout=60.0,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    signals = {json.loads(line).get("signal") for line in record.read_text().splitlines()}
    assert {"hello", "status", "valence", "arousal", "va"} <= signals


def test_printed_settings_read_back_as_the_same_settings(program: Program, tmp_path: Path) -> None:
    done = program.run(
        "run", "--print-config", "--source", "demo", "--to", "127.0.0.1:9001", "--block-size", "128"
    )
    assert done.returncode == 0, done.stderr
    path = tmp_path / "printed.toml"
    path.write_text(done.stdout, encoding="utf-8")
    printed = tomllib.loads(done.stdout)
    assert printed["input"] == "demo"
    assert printed["source"]["block_size"] == 128
    assert list(printed["outputs"]["osc"]["to"]) == ["127.0.0.1:9001"]
    assert render(load(path)) == done.stdout


def test_an_option_wins_over_the_file_and_the_file_over_the_default(
    program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "my.toml"
    path.write_text('input = "demo"\n[send]\nrate_hz = 10\n[source]\nblock_size = 64\n')
    done = program.run("run", "--config", str(path), "--block-size", "256", "--print-config")
    printed = tomllib.loads(done.stdout)
    assert (printed["input"], printed["send"]["rate_hz"]) == ("demo", 10)
    assert printed["source"]["block_size"] == 256


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--preset", "unity-extsoc"], "Did you mean 'unity-extosc'?"),
        (["--model", "oracle"], "There are: cnn_lstm, "),
        (["--source", "missing.wav"], "missing.wav"),
        (["--source", "text.wav"], "not audio"),
        (["--to", "127.0.0.1:loud"], "HOST:PORT"),
        (["--source", "demo", "--device", "2"], "live"),
        (["--config", "missing.toml"], "missing.toml"),
        (["--config", "wrong.toml"], "rate_hzz"),
        (["--record", "missing/said.jsonl"], "missing"),
        (["--record-audio"], "give --record FILE"),
    ],
)
def test_what_cannot_work_is_one_line_that_says_what_exists(
    program: Program, arguments: list[str], complaint: str
) -> None:
    (program.folder / "wrong.toml").write_text("[send]\nrate_hzz = 3\n")
    given = arguments if "--source" in arguments else ["--source", "demo", *arguments]
    done = program.run("run", "--seconds", "1", "--no-view", *given)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("oscbridge: ")
    assert complaint in line


def shown_on_terminal(program: Program, kind: str) -> str:
    """Run a demo of 4 s on a terminal of 100 columns; return what it wrote there."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [*program.command, "demo", "--seconds", "4"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": kind, "PYTHONIOENCODING": "utf-8"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65_536)
        except OSError:  # the other side is closed
            break
    os.close(ours)
    assert process.wait(30.0) == 0
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a thing of Unix")
def test_on_a_terminal_that_cannot_move_the_cursor_the_view_is_lines(program: Program) -> None:
    text = shown_on_terminal(program, "dumb")
    assert "status listening" in text
    assert "\x1b" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a thing of Unix")
def test_on_a_terminal_the_view_moves_and_leaves_the_cursor_as_it_was(program: Program) -> None:
    text = shown_on_terminal(program, "xterm-256color")
    for words in (
        "valence",
        "arousal",
        "happy",
        "tense",
        "sad",
        "relaxed",
        "●",
        "┼",
        "Ctrl-C ends",
    ):
        assert words in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


@pytest.mark.parametrize(
    ("arguments", "section_s"),
    [([], 8.0), (["--seconds", "10"], 2.5), (["--seconds", "90"], 8.0), (["--section", "5"], 5.0)],
)
def test_a_short_demo_still_visits_all_four_quadrants(
    program: Program, arguments: list[str], section_s: float
) -> None:
    printed = tomllib.loads(program.run("demo", "--print-config", *arguments).stdout)
    assert printed["source"]["section_s"] == section_s
    assert printed["segments"]["min_segment_s"] < section_s
