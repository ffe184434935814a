"""The MIDI output with its real processes, on a MIDI system in a folder that the test plugs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import mido
import psutil
import pytest

from oscbridge import line_process
from oscbridge.diagnosis.surroundings import check_midi
from oscbridge.errors import DeviceError, SettingsError
from oscbridge.inbound.sender import Sender
from oscbridge.midi import child
from oscbridge.orders import Freeze, Learn
from oscbridge.outputs import midi
from oscbridge.outputs.base import Wiring
from oscbridge.outputs.midi import Config, MidiOutput
from oscbridge.protocol import SIGNALS, Message
from oscbridge.sources.midi_link import MidiLink
from tests.children import running
from tests.midi.folder import DEADLINE_S, System, wait_until

ALL_OFF = {f"8F {note:02X} 00" for note in (*range(60, 68), *range(72, 80))}


def say(name: str, *values: object) -> Message:
    return SIGNALS[name].message(*values)


@dataclass
class Ears:
    """What the process would do about what a controller says."""

    taken: list[tuple[str, tuple[object, ...], str]] = field(
        default_factory=list[tuple[str, tuple[object, ...], str]]
    )

    def take(self, address: str, arguments: Sequence[object], sender: Sender) -> None:
        self.taken.append((address, tuple(arguments), sender.name))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ports be looked for often; who leaves may take its time on a busy machine."""
    for module in ("oscbridge.midi.watch", "oscbridge.outputs.midi"):
        monkeypatch.setattr(f"{module}.WATCH_S", 0.05)
    monkeypatch.setattr(line_process, "LEAVE_S", DEADLINE_S)


Opener = Callable[..., MidiOutput]


@pytest.fixture
def opener() -> Iterator[Opener]:
    """Give a function that opens an output, to be closed after the test."""
    opened: list[MidiOutput] = []

    def start(config: Config | None = None, wiring: Wiring | None = None) -> MidiOutput:
        opened.append(midi.open(config or Config(), wiring or Wiring()))
        return opened[-1]

    yield start
    for output in opened:
        output.close()


def test_messages_leave_from_a_port_of_our_own(system: System, opener: Opener) -> None:
    output = opener()
    assert (output.name, output.detail) == ("MIDI oscbridge Out", "")
    output.send([say("valence", 1.0), say("hello", "1", "a", 1), say("quadrant", 2)])
    assert (output.sent, output.errors) == (2, 0)
    wait_until(lambda: "BF 14 7F" in system.sent())
    sent = system.sent()
    assert sent[0] == "open"
    assert set(sent[1:17]) == ALL_OFF
    wait_until(lambda: "9F 3D 7F" in system.sent())


def test_closing_ends_notes_first_and_leaves_controls_neutral(
    system: System, opener: Opener
) -> None:
    output = opener()
    output.send([say("quadrant", 3), say("arousal", -1.0)])
    wait_until(lambda: len(system.sent()) >= 19)
    output.close()
    sent = system.sent()
    assert set(sent[19:]) >= ALL_OFF
    assert sent[-2:] == ["BF 15 40", "close"]
    output.send([say("arousal", 1.0)])
    assert system.sent() == sent
    output.close()


def children() -> list[psutil.Process]:
    return running("oscbridge.midi.process")


def test_a_killed_process_is_replaced_and_everything_said_anew(
    system: System, opener: Opener
) -> None:
    output = opener()
    output.send([say("valence", -1.0), say("quadrant", 1), say("segment/boundary", 1, 0, 1.0)])
    wait_until(lambda: "9F 40 7F" in system.sent())
    for process in children():
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: system.sent().count("open") == 2 and output.detail == "")
    wait_until(lambda: sorted(system.sent()[-2:]) == ["9F 3C 7F", "BF 14 00"])
    again = system.sent()[system.sent().index("open", 1) :]
    assert set(again) == ALL_OFF | {"open", "9F 3C 7F", "BF 14 00"}


OWNER = """
import os, sys, time
from oscbridge.outputs import midi
from oscbridge.protocol import SIGNALS
output = midi.open(midi.Config())
output.send([SIGNALS["quadrant"].message(4), SIGNALS["valence"].message(1.0)])
print("sent", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_ends_the_owner_notes_are_ended(system: System, number: int) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"sent\n"
    wait_until(lambda: "9F 3F 7F" in system.sent())
    owner.send_signal(number)
    owner.wait()
    wait_until(lambda: system.sent()[-1] == "close")
    assert set(system.sent()[18:]) >= ALL_OFF
    assert system.sent()[-2] == "BF 14 40"


def test_an_interrupt_of_the_whole_group_leaves_the_last_word_to_the_owner(
    system: System, opener: Opener
) -> None:
    output = opener()
    for process in children():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process.send_signal(number)
    output.send([say("valence", 1.0)])
    wait_until(lambda: "BF 14 7F" in system.sent())
    assert system.sent().count("open") == 1


def test_a_port_that_is_unplugged_is_taken_up_again_when_it_returns(
    system: System, opener: Opener
) -> None:
    system.plug(outputs=["Synth 20:0"])
    output = opener(Config(port="synth"))
    assert output.name == "MIDI Synth 20:0"
    output.send([say("valence", 1.0)])
    wait_until(lambda: "BF 14 7F" in system.sent("Synth 20:0"))
    system.plug(outputs=["Big Synth 20:0"])
    wait_until(lambda: bool(output.detail))
    assert output.detail == "MIDI: Synth 20:0 is gone; waiting for it to come back"
    output.send([say("valence", -1.0)])
    assert output.errors == 1
    system.plug(outputs=["Big Synth 20:0", "Synth 28:0"])
    wait_until(lambda: "BF 14 00" in system.sent("Synth 28:0"))
    wait_until(lambda: (output.name, output.detail) == ("MIDI Synth 28:0", ""))
    assert system.sent("Big Synth 20:0") == []


def test_a_system_that_freezes_keeps_nobody_waiting(
    system: System, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "QUIET_S", 0.5)
    monkeypatch.setattr(line_process, "LEAVE_S", 0.1)
    system.plug(outputs=["Synth"])
    output = opener(Config(port="Synth"))
    assert output.prompt
    (system.folder / "frozen").touch()
    longest_s, end_s = 0.0, time.monotonic() + DEADLINE_S
    while not output.detail:
        began_s = time.monotonic()
        output.send([say("valence", longest_s), say("quadrant/label", "x" * 3000)] * 40)
        longest_s = max(longest_s, time.monotonic() - began_s)
        assert began_s < end_s
    assert "does not answer" in output.detail
    assert longest_s < child.HOPELESS_S / 3, "it waits for the system, or until it is given up"
    output.send([say("valence", 1.0)])
    (system.folder / "frozen").unlink()
    wait_until(lambda: output.detail == "")
    wait_until(lambda: "BF 14 7F" in system.sent("Synth"))


def test_without_midi_everything_else_runs_and_the_reason_is_said_once(
    system: System, opener: Opener
) -> None:
    system.unplug()
    output = opener()
    assert output.name == "MIDI (off: MIDI does not answer on this machine: no MIDI here)"
    output.send([say("valence", 1.0)] * 3)
    output.obey(Learn("valence", True))
    assert (output.sent, output.errors, output.detail) == (0, 0, "")
    output.obey(Learn(None, True))
    system.plug()
    wait_until(lambda: "BF 14 7F" in system.sent())
    wait_until(lambda: output.name == "MIDI oscbridge Out")


def test_a_system_without_virtual_ports_is_said_and_asked_again_only_for_new_ports(
    system: System, opener: Opener
) -> None:
    (system.folder / "no virtual ports").touch()
    output = opener()
    assert output.name == (
        "MIDI (off: the MIDI output 'oscbridge Out' does not open: "
        "Virtual ports are not supported by this system)"
    )
    asked = system.asked("which ports")
    wait_until(lambda: system.asked("which ports") > 20 + asked)
    assert system.asked("virtual port") <= 2
    (system.folder / "no virtual ports").unlink()
    system.plug(outputs=["Something"])
    wait_until(lambda: output.name == "MIDI oscbridge Out")


@pytest.mark.parametrize("option", ["port", "control"])
def test_a_port_that_is_named_and_not_there_is_a_mistake(system: System, option: str) -> None:
    system.plug(inputs=["Pads"], outputs=["Synth"])
    wiring = Wiring(receiver=Ears())  # type: ignore[arg-type]
    with pytest.raises(DeviceError, match=r"no MIDI (in|out)put 'organ'.*(Pads|Synth)"):
        midi.open(Config(**{option: "organ"}), wiring)
    wait_until(lambda: not children())


def test_streams_have_ports_of_their_own(system: System, opener: Opener) -> None:
    output = opener(wiring=Wiring(stream="drums"))
    assert output.name == "MIDI oscbridge Out drums"
    with pytest.raises(SettingsError, match="streams cannot share"):
        opener(Config(port="Synth"), Wiring(stream="drums"))


def test_what_a_controller_says_is_taken(system: System, opener: Opener) -> None:
    ears = Ears()
    opener(wiring=Wiring(receiver=ears, prefix="/mood/a"))  # type: ignore[arg-type]
    system.play(
        mido.Message("control_change", channel=15, control=110, value=127),
        mido.Message("note_on", channel=15, note=40),
        mido.Message("start"),
    )
    wait_until(lambda: len(ears.taken) >= 3)
    who = "MIDI oscbridge In"
    assert ears.taken == [
        ("/mood/a/in/freeze", (1,), who),
        ("/mood/a/in/segment/mark", (), who),
        ("/mood/a/in/transport/playing", (1,), who),
    ]


def test_a_controller_goes_through_what_can_be_learned(system: System, opener: Opener) -> None:
    ears = Ears()
    output = opener(wiring=Wiring(receiver=ears, prefix="/oscbridge"))  # type: ignore[arg-type]
    press = [mido.Message("control_change", channel=15, control=117, value=v) for v in (127, 0)]
    for count, name in enumerate(("valence", "arousal", "intensity"), start=1):
        system.play(*press)
        wait_until(lambda count=count: len(ears.taken) == count)
        assert ears.taken[-1][:2] == ("/oscbridge/in/learn", (name,))
        output.obey(Learn(name, True))


def test_learning_moves_one_control_and_says_which(system: System, opener: Opener) -> None:
    output = opener(Config(channel=3))
    output.obey(Freeze(True))
    output.obey(Learn("arousal", True))
    assert output.detail == "MIDI: arousal is being learned, CC 21 on channel 3"
    before = len(system.sent())
    output.send([say("valence", 1.0), say("arousal", 0.5), say("quadrant", 1)])
    wait_until(lambda: "B2 15 7F" in system.sent())
    assert {line[:5] for line in system.sent()[max(before, 17) :]} == {"B2 15"}
    output.obey(Learn("next", True))
    assert "intensity is being learned, CC 22" in output.detail
    output.obey(Learn("norm/valence", True))  # of OSC alone
    assert output.detail == ""
    wait_until(lambda: "B2 14 7F" in system.sent())


def test_learning_goes_on_at_a_port_that_returns(system: System, opener: Opener) -> None:
    output = opener()
    output.obey(Learn("note/boundary", True))
    wait_until(lambda: "9F 40 7F" in system.sent())
    for process in children():
        os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: system.sent().count("open") == 2)
    wait_until(lambda: "9F 40 7F" in system.sent()[system.sent().index("open", 1) :])


def test_the_doctor_counts_ports_and_names_what_is_missing(system: System) -> None:
    system.plug(inputs=["Piano"], outputs=["Synth", "Lights"])
    found = check_midi()
    assert found.verdict == "ok"
    assert "1 inputs, 2 outputs" in found.detail
    system.unplug()
    found = check_midi()
    assert (found.verdict, found.detail[-12:]) == ("limited", "no MIDI here")
    assert found.remedy


def test_a_key_that_is_struck_while_the_port_opens_is_heard_after_it_is_open(
    system: System,
) -> None:
    system.plug(inputs=["Piano"])
    (system.folder / "Piano.played").touch()
    system.play(mido.Message("note_on", note=60), port="Piano")
    link = MidiLink("piano", watch_s=0.05)
    heard: list[bytes] = []
    wait_until(lambda: bool(heard.extend(message for _, message in link.take()) or heard))
    assert link.name == "Piano"
    link.close()
