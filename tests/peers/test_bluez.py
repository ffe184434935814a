"""A heart rate strap as Linux has it: bleak's way over D-Bus, to a BlueZ that is faked there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oscbridge.sensors.heart_strap import Config, HeartStrap
from tests.peers.bluez import NAME, BlueZ
from tests.sensors.hearing import Ear, until

pytestmark = pytest.mark.peer("dbus-daemon")


@pytest.fixture
def bluez(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlueZ]:
    """Give a system bus with a strap on it."""
    one = BlueZ()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", one.address)
    yield one
    one.close()


def test_a_strap_of_this_system_is_found_heard_lost_and_taken_up_again(bluez: BlueZ) -> None:
    ear = Ear()
    sensor = HeartStrap(Config(resting_bpm=60.0), ear.put)
    try:
        until(lambda: bluez.heard)
        bluez.notify(bytes.fromhex("1648cf02"))  # contact, 72 beats, one interval of 0.702 s
        until(ear.felt)
        assert [(pulse.bpm, pulse.resting_bpm) for pulse in ear.pulses()] == [(72.0, 60.0)]
        assert sensor.detail == ""
        bluez.lose()
        until(lambda: sensor.detail == f"{NAME} is gone")
        until(lambda: bluez.heard)
        bluez.notify(bytes.fromhex("0649"))
        until(lambda: len(ear.pulses()) > 1)
    finally:
        sensor.close()
    until(lambda: not bluez.connected)
