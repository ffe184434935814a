"""A MIDI input that is chosen, heard, lost and found again, with a MIDI system on a script."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import mido
import pytest

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.midi.backend import (
    InPort,
    OutPort,
    PortChoice,
    choose_port,
    open_backend,
    ports,
    steady,
)

DEADLINE_S = 20.0
PORTS = [
    "Digital Piano:Digital Piano MIDI 1 20:0",
    "Pads:Pads MIDI 1 24:0",
    "Pads:Pads MIDI 2 24:1",
]


@dataclass
class Port:
    """An open port of the scripted system."""

    callback: Callable[[mido.Message], None]
    closed: bool = False

    def close(self) -> None:
        self.closed = True


@dataclass
class System:
    """A MIDI system whose cables the test plugs."""

    ports: list[str]
    broken: str = ""
    api: str | None = None
    opened: list[Port] = field(default_factory=list)

    @property
    def module(self) -> System:
        return self

    def get_devices(self) -> list[dict[str, object]]:
        names = self.get_input_names()
        return [{"name": name, "is_input": True, "is_output": name == "Pads"} for name in names]

    def get_input_names(self) -> list[str]:
        if self.broken:
            raise RuntimeError(self.broken)
        return list(self.ports)

    def open_input(self, name: str, callback: Callable[[mido.Message], None]) -> Port:
        if name not in self.ports:
            raise OSError(f"unknown port {name}")
        self.opened.append(Port(callback))
        return self.opened[-1]


def wait_until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def test_a_port_is_chosen_by_its_name_or_by_a_part_that_fits_one() -> None:
    assert choose_port(PORTS, "piano") == PORTS[0]
    assert choose_port(PORTS, PORTS[2]) == PORTS[2]
    assert choose_port(PORTS, "Pads:Pads MIDI 2") == PORTS[2]
    with pytest.raises(DeviceError, match=r"several MIDI inputs .*MIDI 1.*MIDI 2"):
        choose_port(PORTS, "pads")
    with pytest.raises(DeviceError, match=r"no MIDI input 'organ'.*Digital Piano"):
        choose_port(PORTS, "organ")
    with pytest.raises(DeviceError, match="There are: none"):
        choose_port([], "organ")


def test_the_number_that_alsa_gives_anew_is_no_part_of_a_name() -> None:
    assert steady("Piano:Piano MIDI 1 20:0") == steady("Piano:Piano MIDI 1 28:0")
    assert steady("Piano 2") == "Piano 2"


def test_messages_are_taken_once_in_order_with_their_age() -> None:
    system = System(PORTS)
    port = InPort(PortChoice("piano"), system)
    assert not port.news.is_set()
    system.opened[0].callback(mido.Message("note_on", note=60, velocity=64))
    system.opened[0].callback(mido.Message("note_off", note=60))
    assert port.news.is_set()
    taken = port.take()
    assert [message for _, message in taken] == [b"\x90\x3c\x40", b"\x80\x3c\x40"]
    assert all(age_s >= 0.0 for age_s, _ in taken)
    assert port.take() == []


def test_a_port_that_does_not_open_is_a_sentence() -> None:
    class Busy(System):
        def open_input(self, name: str, callback: Any) -> Port:
            raise OSError("in use by another program")

    with pytest.raises(DeviceError, match="does not open: in use"):
        InPort(PortChoice("piano"), Busy(PORTS))


def test_ports_are_listed_once() -> None:
    assert ports(System(["Piano", "Piano", "Pads"])) == (["Piano", "Pads"], ["Pads"])


def _spec(hidden: str, find: Callable[[str], object], name: str) -> object:
    """What is found of a package; nothing of the one that is hidden."""
    return None if name == hidden else find(name)


@pytest.mark.parametrize(("package", "module"), [("mido", "mido"), ("python-rtmidi", "rtmidi")])
@pytest.mark.parametrize("kind", [InPort, OutPort])
def test_without_the_extra_the_command_that_mends_it_is_told(
    package: str, module: str, kind: type[InPort | OutPort], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        importlib.util, "find_spec", partial(_spec, module, importlib.util.find_spec)
    )
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"{package}.*oscbridge\[midi\]"):
        kind(PortChoice("any"))


def test_a_machine_without_midi_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.no_such_backend")
    with pytest.raises(DeviceError, match="MIDI does not answer"):
        open_backend()
