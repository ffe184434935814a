"""A keyboard on a real JACK server, played by another process: heard, lost, taken up again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from oscbridge.midi import child
from oscbridge.midi.child import list_ports
from oscbridge.sources.midi_link import MidiLink
from tests.conftest import OscEar
from tests.peers.servers import DEADLINE_S, JackServer, end, wait_until

pytestmark = pytest.mark.peer("jackd", "jack_lsp")

NAME = "oscbridge-test-piano"
PLAYER = f"""
import itertools, sys, time
import rtmidi
out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name={NAME!r})
out.open_virtual_port("keys")
print("playing", flush=True)
for i in itertools.count():
    pitch = (60, 64, 67, 72, 76, 72, 67, 64)[i % 8]
    out.send_message([0x90, pitch, 90])
    time.sleep(0.1)
    out.send_message([0x80, pitch, 0])
"""


@pytest.fixture
def jack(idle_jack: JackServer) -> JackServer:
    """Give a server as people run it, which waits for nobody."""
    idle_jack.start(waits=False)
    return idle_jack


@pytest.fixture
def pianist(jack: JackServer) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Give a function that starts a keyboard which plays until it is killed."""
    players: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        player = subprocess.Popen([sys.executable, "-c", PLAYER], stdout=subprocess.PIPE)
        players.append(player)
        assert player.stdout is not None
        assert player.stdout.readline() == b"playing\n"
        return player

    yield start
    for player in players:
        end(player)


@pytest.fixture(autouse=True)
def jack_midi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mido speak to JACK, here and in what is started."""
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.rtmidi/UNIX_JACK")


def test_a_keyboard_is_listed_heard_lost_and_taken_up_again(
    jack: JackServer, pianist: Callable[[], subprocess.Popen[bytes]]
) -> None:
    player = pianist()
    wait_until(lambda: any(NAME in port for port in list_ports().inputs), "the port is listed")
    port = MidiLink(NAME, watch_s=0.1)
    heard: list[bytes] = []

    def hears(message: bytes) -> bool:
        heard.extend(taken for _, taken in port.take())
        return message in heard

    try:
        wait_until(lambda: hears(bytes((0x90, 76, 90))), "a key is heard")
        end(player)
        wait_until(lambda: not port.health.ok, "the loss is noticed")
        assert NAME in port.health.detail
        assert hears(bytes((0xB0, 123, 0)))
        heard.clear()
        pianist()
        wait_until(lambda: port.health.ok, "the keyboard is taken up again")
        wait_until(lambda: hears(bytes((0x90, 76, 90))), "a key is heard again")
    finally:
        port.close()


def test_a_server_that_freezes_keeps_nobody_waiting_and_is_taken_up_again(
    jack: JackServer,
    pianist: Callable[[], subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """python-rtmidi holds the interpreter's lock while it waits for the server."""
    monkeypatch.setattr(child, "QUIET_S", 2.0)
    pianist()
    port = MidiLink(NAME, watch_s=0.1)
    try:
        jack.send(signal.SIGSTOP)
        asked_s = [time.monotonic()]
        while port.health.ok:
            port.take()
            asked_s.append(time.monotonic())
            assert asked_s[-1] - asked_s[0] < DEADLINE_S
            time.sleep(0.01)
        longest_s = max(later - earlier for earlier, later in pairwise(asked_s))
        assert longest_s < (asked_s[-1] - asked_s[0]) / 2, "the server kept us waiting"
        assert "does not answer" in port.health.detail
        jack.send(signal.SIGCONT)
        wait_until(lambda: port.health.ok, "the keyboard is taken up again")
    finally:
        jack.send(signal.SIGCONT)
        port.close()


def test_a_run_with_a_keyboard_alone_sends_what_it_expresses(
    jack: JackServer,
    pianist: Callable[[], subprocess.Popen[bytes]],
    osc_ear: OscEar,
) -> None:
    pianist()
    command = [sys.executable, "-m", "oscbridge", "run", "--midi-in", NAME]
    command += ["--to", osc_ear.target, "--plain"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        entered = osc_ear.wait_for("/oscbridge/quadrant/enter", deadline_s=90.0)
        assert entered[0].args[0] in (1, 2, 3, 4)
        statuses = osc_ear.of("/oscbridge/status")
        while statuses[-1].args[0] != "listening":
            statuses = osc_ear.wait_for("/oscbridge/status", len(statuses) + 1)
        assert NAME in statuses[-1].args[1]
    finally:
        end(process)


def test_a_port_that_does_not_exist_is_one_line_that_names_those_that_do(
    jack: JackServer, pianist: Callable[[], subprocess.Popen[bytes]]
) -> None:
    pianist()
    command = [sys.executable, "-m", "oscbridge", "run", "--midi-in", "no such organ"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 2
    assert "no MIDI input 'no such organ'" in done.stderr
    assert NAME in done.stderr
    listed = subprocess.run(
        [*command[:-1], "list"], capture_output=True, text=True, timeout=90, check=False
    )
    assert listed.returncode == 0
    assert NAME in listed.stdout
