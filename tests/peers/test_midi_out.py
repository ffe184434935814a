"""MIDI out on a real JACK server, heard by another process: lost, frozen, killed, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import mido
import pytest

from oscbridge import line_process
from oscbridge.midi import child
from oscbridge.outputs import midi
from oscbridge.outputs.midi import Config, MidiOutput
from oscbridge.protocol import SIGNALS, Message
from tests.children import running
from tests.conftest import OscEar
from tests.peers.servers import DEADLINE_S, JackServer, end, wait_until

pytestmark = pytest.mark.peer("jackd", "jack_lsp")

SYNTH = "oscbridge-test-synth"
BEGIN = """
import sys, time
import rtmidi
port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="oscbridge-test-synth")
port.ignore_types(True, False, True)
port.set_callback(lambda event, data: print(bytes(event[0]).hex(), flush=True))
"""
OWN_PORT = "port.open_virtual_port('keys')\n"
CONNECT = """
names = lambda: [name for name in port.get_ports() if "oscbridge Out" in name]
while not names(): time.sleep(0.05)
port.open_port(port.get_ports().index(names()[0]))
"""
LISTEN = 'print("listening", flush=True)\ntime.sleep(600)\n'
PLAY = """
import sys, time
import rtmidi
out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="oscbridge-test-pads")
names = lambda: [name for name in out.get_ports() if "oscbridge In" in name]
while not names(): time.sleep(0.05)
out.open_port(out.get_ports().index(names()[0]))
for line in sys.stdin:
    if line == "clock\\n":
        began, tick = time.monotonic(), 60 / 126 / 24
        for n in range(24 * 12):
            time.sleep(max(began + n * tick - time.monotonic(), 0))
            out.send_message([0xF8])
    else:
        out.send_message(list(bytes.fromhex(line)))
"""
ALL_OFF = {f"8f{note:02x}00" for note in (*range(60, 68), *range(72, 80))}


@dataclass
class Listener:
    """Another process, and what it heard."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as heard:
            for line in heard:
                self.lines.append(line.strip())

    @property
    def listening(self) -> bool:
        return self.lines[:1] == ["listening"]

    def end(self) -> None:
        end(self.process)
        self._reader.join()


Start = Callable[[str], Listener]


@pytest.fixture
def jack(idle_jack: JackServer) -> JackServer:
    """Give a server as people run it, which waits for nobody."""
    idle_jack.start(waits=False)
    return idle_jack


@pytest.fixture
def listener(jack: JackServer) -> Iterator[Start]:
    """Give a function that starts another process, which hears until it is killed."""
    started: list[Listener] = []

    def start(program: str) -> Listener:
        command = [sys.executable, "-c", BEGIN + program + LISTEN]
        started.append(Listener(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.fixture(autouse=True)
def jack_midi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mido speak to JACK, here and in what is started; look often, and leave in peace."""
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.rtmidi/UNIX_JACK")
    monkeypatch.setattr(midi, "WATCH_S", 0.1)
    monkeypatch.setattr(line_process, "LEAVE_S", DEADLINE_S)


@pytest.fixture
def opener(jack: JackServer) -> Iterator[Callable[[Config], MidiOutput]]:
    """Give a function that opens an output, to be closed before the server is."""
    opened: list[MidiOutput] = []

    def start(config: Config) -> MidiOutput:
        opened.append(midi.open(config))
        return opened[-1]

    yield start
    jack.send(signal.SIGCONT)
    for output in opened:
        output.close()


def say(name: str, *values: object) -> Message:
    return SIGNALS[name].message(*values)


def sounding(lines: list[str]) -> set[int]:
    """Notes that were begun and not ended, as mido reads them."""
    notes: set[int] = set()
    for line in lines[1:]:
        message = mido.Message.from_hex(" ".join(line[n : n + 2] for n in range(0, len(line), 2)))
        if message.type == "note_on":
            notes.add(message.note)
        elif message.type == "note_off":
            notes.discard(message.note)
    return notes


def test_another_program_hears_our_own_port_and_a_clean_end_leaves_no_note(
    opener: Callable[[Config], MidiOutput], listener: Start
) -> None:
    output = opener(Config())
    assert output.name == "MIDI oscbridge Out"
    heard = listener(CONNECT)
    wait_until(lambda: heard.listening, "another program connects")
    output.send([say("valence", 1.0), say("confidence", 1.0), say("quadrant", 2)])
    output.send([say("segment/boundary", 1, 0, 1.0)])
    wait_until(lambda: {"bf147f", "9f3d7f", "9f407f"} <= set(heard.lines), "it hears us")
    wait_until(lambda: "8f4000" in heard.lines, "the boundary ends by itself")
    assert sounding(heard.lines) == {61}
    output.close()
    wait_until(lambda: "bf1440" in heard.lines, "the last word arrives")
    assert sounding(heard.lines) == set()
    assert set(heard.lines) >= ALL_OFF


def test_a_synth_that_is_switched_off_is_told_everything_when_it_is_back(
    opener: Callable[[Config], MidiOutput], listener: Start
) -> None:
    first = listener(OWN_PORT)
    wait_until(lambda: first.listening, "the synth is there")
    output = opener(Config(port=SYNTH))
    output.send([say("valence", -1.0), say("quadrant", 3)])
    wait_until(lambda: "9f3e7f" in first.lines, "it hears us")
    first.end()
    wait_until(lambda: bool(output.detail), "the loss is noticed")
    assert SYNTH in output.detail
    second = listener(OWN_PORT)
    wait_until(lambda: "9f3e7f" in second.lines, "it hears us again")
    wait_until(lambda: set(second.lines) >= ALL_OFF | {"bf1400"}, "it hears all of it")
    # What was seen before the synth was back may be looked at late: then it is lost once more.
    wait_until(lambda: output.detail == "", "nothing is waited for")


def test_a_server_that_freezes_keeps_nobody_waiting_and_our_port_stays(
    jack: JackServer,
    opener: Callable[[Config], MidiOutput],
    listener: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "QUIET_S", 2.0)
    output = opener(Config())
    heard = listener(CONNECT)
    wait_until(lambda: heard.listening, "another program connects")
    jack.send(signal.SIGSTOP)
    wait_until(lambda: "does not answer" in output.detail, "the silence is noticed")
    assert output.prompt
    output.send([say("valence", 1.0)])
    jack.send(signal.SIGCONT)
    wait_until(lambda: output.detail == "", "the server is back")
    output.send([say("arousal", 1.0)])
    wait_until(lambda: "bf157f" in heard.lines, "the connection has stayed")


def test_a_killed_process_is_replaced_and_no_note_of_a_synth_hangs(
    opener: Callable[[Config], MidiOutput], listener: Start
) -> None:
    heard = listener(OWN_PORT)
    wait_until(lambda: heard.listening, "the synth is there")
    output = opener(Config(port=SYNTH))
    output.send([say("segment/boundary", 1, 0, 1.0)])
    wait_until(lambda: "9f407f" in heard.lines, "a note sounds")
    for process in running("oscbridge.midi.process"):
        process.kill()
    wait_until(lambda: sounding(heard.lines) == set(), "the note is ended")
    wait_until(lambda: output.detail == "", "the port is open again")


def test_a_server_that_is_started_later_is_found(
    jack: JackServer, opener: Callable[[Config], MidiOutput], listener: Start
) -> None:
    jack.kill()
    output = opener(Config())
    assert output.name.startswith("MIDI (off: ")
    output.send([say("valence", 1.0)])
    jack.start(waits=False)
    wait_until(lambda: output.name == "MIDI oscbridge Out", "the port is opened by itself")
    heard = listener(CONNECT)
    wait_until(lambda: heard.listening, "another program connects")
    output.send([say("arousal", 1.0)])
    wait_until(lambda: "bf157f" in heard.lines, "it hears us")


def test_a_run_sends_midi_hears_a_controller_and_its_clock_and_ends_cleanly(
    listener: Start, osc_ear: OscEar, free_udp_port: int
) -> None:
    command = [sys.executable, "-m", "oscbridge", "demo", "--midi-out", "--plain"]
    command += ["--port", str(free_udp_port), "--to", osc_ear.target]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    pads = subprocess.Popen([sys.executable, "-c", PLAY], stdin=subprocess.PIPE, text=True)
    assert pads.stdin is not None
    try:
        heard = listener(CONNECT)
        osc_ear.wait_for("/oscbridge/quadrant/enter", deadline_s=90.0)
        wait_until(lambda: bool(sounding(heard.lines) & {60, 61, 62, 63}), "a quadrant sounds")
        pads.stdin.write("fa\nclock\n")
        pads.stdin.flush()
        tempo = osc_ear.wait_for("/oscbridge/tempo")
        while not 124.0 < float(str(tempo[-1].args[0])) < 128.0:
            tempo = osc_ear.wait_for("/oscbridge/tempo", len(tempo) + 1)
        pads.stdin.write("bf6e7f\n")
        pads.stdin.flush()
        status = osc_ear.wait_for("/oscbridge/status")
        while status[-1].args[0] != "frozen":
            status = osc_ear.wait_for("/oscbridge/status", len(status) + 1)
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 0
        wait_until(lambda: sounding(heard.lines) == set(), "no note is left")
        wait_until(lambda: "bf1440" in heard.lines, "controls are neutral")
    finally:
        end(pads)
        end(run)
