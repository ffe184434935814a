"""``oscbridge learn`` as its users start it: with a run, without one, at a terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import OscEar
from tests.midi.folder import System, wait_until

Start = Callable[..., subprocess.Popen[str]]
AROUSAL = "BF 15"


@pytest.fixture
def start() -> Iterator[Start]:
    """Give a function that starts oscbridge; all are ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*words: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "oscbridge", *words]
        started.append(
            subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], status: int = 0) -> str:
    """Wait for the end; what it printed, the complaint where there is one."""
    printed, complaint = process.communicate(timeout=60)
    assert process.returncode == status, complaint
    return complaint or printed


def controls(lines: list[str]) -> set[str]:
    """What moved or sounded; that notes are ended is no matter."""
    return {line[:5] for line in lines if line[:2] in ("BF", "9F")}


def test_what_can_be_learned_is_listed(start: Start) -> None:
    listed = ended(start("learn"))
    for name, number in (("valence", "CC 20"), ("note/boundary", "note 64")):
        assert any(name in line and number in line for line in listed.splitlines())


def test_a_name_that_nothing_has_is_one_line_that_names_those_there_are(start: Start) -> None:
    complaint = ended(start("learn", "arousl"), status=2)
    assert "Did you mean 'arousal'?" in complaint
    assert complaint.count("\n") == 1


def test_where_nothing_runs_a_port_is_opened_and_one_control_moves(
    system: System, start: Start
) -> None:
    system.plug(outputs=["Synth"])
    printed = ended(start("learn", "arousal", "--midi-out", "Synth", "--seconds", "4.5"))
    assert "arousal moves alone" in printed
    sent = system.sent("Synth")
    assert controls(sent) == {AROUSAL}
    assert {"BF 15 00", "BF 15 7F"} <= set(sent)
    assert sent[-1] == "close"


def test_enter_goes_on_to_the_next_and_ctrl_c_ends_it(system: System, start: Start) -> None:
    system.plug(outputs=["Synth"])
    keys, terminal = pty.openpty()
    process = start("learn", "arousal", "--midi-out", "Synth", stdin=terminal)
    assert process.stdout is not None
    shown = iter(process.stdout)
    assert any("Enter: on to intensity" in line for line in shown)
    wait_until(lambda: "BF 15 7F" in system.sent("Synth"))
    os.write(keys, b"\n")
    assert any("intensity moves alone" in line for line in shown)
    wait_until(lambda: "BF 16 7F" in system.sent("Synth"))
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    os.close(keys)
    os.close(terminal)
    assert controls(system.sent("Synth")) == {AROUSAL, "BF 16"}


def test_without_midi_the_reason_is_said(system: System, start: Start) -> None:
    system.unplug()
    complaint = ended(start("learn", "valence", "--midi-out", ""), status=2)
    assert "no MIDI here" in complaint


def test_an_oscbridge_that_runs_is_asked_and_speaks_again_afterwards(
    system: System, start: Start, osc_ear: OscEar, free_udp_port: int
) -> None:
    port = str(free_udp_port)
    start("demo", "--midi-out", "--no-view", "--port", port, "--to", osc_ear.target)
    osc_ear.wait_for("/oscbridge/valence", deadline_s=90.0)
    wait_until(lambda: {"BF 14", AROUSAL, "BF 16"} <= controls(system.sent()))
    learning = start("learn", "arousal", "--to", f"127.0.0.1:{port}", "--seconds", "5")
    assert learning.stdout is not None
    assert "arousal moves alone" in learning.stdout.readline()
    before = len(system.sent())
    wait_until(lambda: system.sent()[before:].count("BF 15 7F") >= 1)
    while_learning = system.sent()[before:]
    assert controls(while_learning) == {AROUSAL}
    assert ended(learning) == ""
    after = len(system.sent())
    wait_until(lambda: {"BF 14", "BF 16"} <= controls(system.sent()[after - 20 :]))
