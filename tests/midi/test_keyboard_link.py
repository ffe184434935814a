"""The link to a scripted MIDI process: what it plays, how it fails, that it is replaced."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.midi import child, keeper, watch
from oscbridge.midi.child import list_ports
from oscbridge.midi.records import Ports
from oscbridge.sources.midi_link import MidiLink, all_keys_up

DEADLINE_S = 20.0
BEGIN = """
import os, pathlib, sys, time
import msgspec
from oscbridge.midi.records import *
request = msgspec.json.decode(sys.stdin.buffer.readline(), type=MidiRequest)
wanted = getattr(request, "port", None) and request.port.name
log = pathlib.Path({log!r})
role = type(request).__name__
first = not log.exists() or role not in log.read_text()
log.open("a").write(f"{{role}} {{wanted}}\\n")
def tell(record):
    os.write(1, msgspec.json.encode(record) + b"\\n")
"""
WAIT = "\nsys.stdin.buffer.read()"

Play = Callable[[str], None]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """Give a function that lets a script be the MIDI process."""
    for name in ("QUIET_S", "HOPELESS_S"):  # a busy machine makes nobody's silence suspicious
        monkeypatch.setattr(child, name, DEADLINE_S)
    monkeypatch.setattr(watch, "WATCH_S", 0.01)

    def script(program: str) -> None:
        whole = BEGIN.format(log=str(tmp_path / "asked")) + program
        monkeypatch.setattr(child, "PROGRAM", ("-c", whole))

    return script


def wait_until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.005)


PLAYS = """
if wanted is None:
    while True: tell(Ports({ports}, [])); time.sleep(0.02)
"""
PIANO = PLAYS.format(ports="['Piano 20:0']")


def test_what_is_played_is_taken_with_its_age(play: Play) -> None:
    play(
        PIANO + "tell(Opened('Piano 20:0'))\n"
        "for pitch in (60, 64): tell(Heard(bytes((0x90, pitch, 80)), 0.25))\n"
        "while True: tell(Opened('Piano 20:0')); time.sleep(0.02)"
    )
    link = MidiLink("pian")
    taken: list[tuple[float, bytes]] = []
    wait_until(lambda: (taken.extend(link.take()), len(taken) >= 2)[1])
    assert [message for _, message in taken] == [b"\x90\x3c\x50", b"\x90\x40\x50"]
    assert all(0.25 <= age_s < DEADLINE_S for age_s, _ in taken)
    assert (link.name, link.health.ok) == ("Piano 20:0", True)
    link.close()
    link.close()


def test_a_cable_that_is_pulled_lets_all_keys_go_and_is_taken_up_when_it_returns(
    play: Play, tmp_path: Path
) -> None:
    plugged = tmp_path / "plugged"
    plugged.write_text("20:0")
    play(
        PLAYS.format(
            ports=f"['Piano ' + n for n in pathlib.Path({str(plugged)!r}).read_text().split()]"
        )
        + f"name = 'Piano ' + pathlib.Path({str(plugged)!r}).read_text()\n"
        "while True: tell(Opened(name)); time.sleep(0.02)"
    )
    link = MidiLink("pian")
    assert link.health.ok
    plugged.write_text("")
    wait_until(lambda: not link.health.ok)
    assert link.health.detail == "keyboard Piano 20:0 is gone; waiting for it to come back"
    assert [message for _, message in link.take()] == all_keys_up()
    plugged.write_text("32:0")
    wait_until(lambda: link.health.ok)
    assert link.name == "Piano 32:0"
    assert "Hear Piano" in (tmp_path / "asked").read_text().split("\n")
    link.close()


@pytest.mark.parametrize("stuck", ["wanted", "not wanted"])
def test_a_process_that_falls_silent_is_replaced_and_no_note_hangs(
    play: Play, stuck: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "QUIET_S", 0.3)
    monkeypatch.setattr(child, "HOPELESS_S", 3.0)
    play(
        f"once = {stuck} and first\n"
        "if wanted: tell(Opened('Piano 20:0'))\n"
        "elif once: tell(Ports(['Piano 20:0'], []))\n"
        "if once: time.sleep(1000)\n"
        + PIANO
        + "while True: tell(Opened('Piano 20:0')); time.sleep(0.02)"
    )
    link = MidiLink("pian")
    wait_until(lambda: not link.health.ok)
    assert link.health.detail == "keyboard Piano 20:0 does not answer; waiting for it to come back"
    assert [message for _, message in link.take()] == all_keys_up()
    wait_until(lambda: link.health.ok)
    link.close()


def test_a_process_that_crashes_is_replaced(play: Play) -> None:
    play(
        PIANO + "tell(Opened('Piano'))\nif first: time.sleep(0.1); os.abort()\n"
        "while True: tell(Opened('Piano')); time.sleep(0.02)"
    )
    link = MidiLink("pian")
    wait_until(lambda: not link.health.ok)
    wait_until(lambda: link.health.ok)
    link.close()


def test_a_port_that_cannot_be_had_is_an_error(play: Play) -> None:
    play("tell(Refused('there is no MIDI input.'))")
    with pytest.raises(DeviceError, match="there is no MIDI input"):
        MidiLink("pian")
    play("tell(Refused('', 'mido'))")
    with pytest.raises(MissingExtraError, match=r"needs the package 'mido'"):
        MidiLink("pian")
    play("os.abort()")
    with pytest.raises(DeviceError, match=r"crashed \(SIGABRT\)"):
        list_ports()


def test_a_midi_system_that_does_not_answer_is_given_up(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (child, keeper):
        monkeypatch.setattr(module, "OPEN_S", 0.2)
    play(WAIT)
    with pytest.raises(DeviceError, match=r"did not answer within 0\.2 s"):
        list_ports()
    with pytest.raises(DeviceError, match=r"did not answer within 0\.2 s"):
        MidiLink("pian")


def test_ports_are_listed(play: Play) -> None:
    play("tell(Ports(['Piano'], ['Pads']))")
    assert list_ports() == Ports(["Piano"], ["Pads"])
