"""A strap over Bluetooth: real measurement bytes through bleak, over an air that is faked."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from oscbridge import sensors
from oscbridge.body.measurement import Measurement, read_measurement
from oscbridge.errors import MissingExtraError
from oscbridge.sensors.heart_strap import Config, HeartStrap
from tests.sensors.fake_bluetooth import BATTERY, Air, Peripheral
from tests.sensors.hearing import Ear, until

CONTACT, NO_CONTACT = 0b110, 0b100


def measured(
    bpm: int, *, flags: int = 0, energy: int | None = None, rr: tuple[int, ...] = ()
) -> bytes:
    """Bytes as section 3.1 of the Heart Rate Service lays them out."""
    data = struct.pack("<H" if bpm > 255 or flags & 1 else "B", bpm)
    flags |= bpm > 255
    if energy is not None:
        flags |= 8
        data += struct.pack("<H", energy)
    if rr:
        flags |= 16
        data += struct.pack(f"<{len(rr)}H", *rr)
    return bytes([flags]) + data


@pytest.mark.parametrize(
    ("data", "means"),
    [
        (bytes.fromhex("0048"), Measurement(72.0)),
        (bytes.fromhex("014800"), Measurement(72.0)),
        (bytes.fromhex("012c01"), Measurement(300.0)),
        (bytes.fromhex("0648"), Measurement(72.0, True)),
        (bytes.fromhex("0448"), Measurement(72.0, False)),
        (bytes.fromhex("0248"), Measurement(72.0)),  # it cannot tell, whatever it says
        (bytes.fromhex("103c0004"), Measurement(60.0, None, (1.0,))),
        (bytes.fromhex("103cf4030c04"), Measurement(60.0, None, (1012 / 1024, 1036 / 1024))),
        (bytes.fromhex("1e480a000004"), Measurement(72.0, True, (1.0,))),
        (bytes.fromhex("1f48000a000004"), Measurement(72.0, True, (1.0,))),
        (bytes.fromhex("103c000455"), Measurement(60.0, None, (1.0,))),  # half an interval
        (bytes.fromhex("083c0a00"), Measurement(60.0)),
    ],
)
def test_every_layout_of_a_measurement_is_read(data: bytes, means: Measurement) -> None:
    assert read_measurement(data) == means
    assert read_measurement(bytearray(data)) == means


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x01\x48", b"\x08\x48", b"\x18\x48\x01"])
def test_a_measurement_that_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="heart rate measurement"):
        read_measurement(data)


@pytest.fixture
def air() -> Air:
    return Air([Peripheral("Thermometer", "AA:00", BATTERY), Peripheral("Polar H10 1234", "AA:01")])


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def strap(air: Air, ear: Ear) -> Iterator[HeartStrap]:
    sensor = HeartStrap(Config(resting_bpm=60.0), ear.put, air.radio())
    yield sensor
    sensor.close()


def test_a_strap_in_reach_is_found_and_heard_and_other_things_are_left_alone(
    air: Air, ear: Ear, strap: HeartStrap
) -> None:
    thermometer, polar = air.peripherals
    until(lambda: polar.heard)
    polar.notify(measured(84, flags=CONTACT, energy=10, rr=(731, 731)))
    until(ear.felt)
    (pulse,) = ear.pulses()
    assert (pulse.source, pulse.bpm, pulse.resting_bpm) == ("heart_rate", 84.0, 60.0)
    (felt,) = ear.felt()
    assert felt.source == "heart_rate"
    assert felt.valence is None
    assert felt.arousal is not None
    assert felt.arousal > 0.5
    assert strap.detail == ""
    assert thermometer.links == 0


def test_a_strap_that_went_away_is_taken_up_again(air: Air, ear: Ear, strap: HeartStrap) -> None:
    polar = air.peripherals[1]
    until(lambda: polar.heard)
    polar.leave()
    until(lambda: strap.detail == "Polar H10 1234 is gone")
    assert not ear.commands
    polar.in_reach = True
    until(lambda: polar.heard)
    polar.notify(measured(70))
    until(ear.pulses)
    assert strap.detail == ""
    assert polar.links == 2


def test_a_strap_that_falls_silent_is_connected_to_anew(air: Air, ear: Ear) -> None:
    polar = air.peripherals[1]
    sensor = HeartStrap(Config(), ear.put, air.radio(silent_s=0.02))
    until(lambda: polar.links >= 3)
    sensor.close()


def test_of_several_straps_the_one_that_was_named_is_heard(ear: Ear) -> None:
    air = Air([Peripheral("Polar H10 1", "AA:01"), Peripheral("Coospo H6", "AA:02")])
    for wanted in ("coospo", "aa:02"):
        sensor = HeartStrap(Config(strap=wanted), ear.put, air.radio())
        until(lambda: air.peripherals[1].heard)
        assert not air.peripherals[0].links
        sensor.close()


def test_without_skin_there_is_no_heart(air: Air, ear: Ear, strap: HeartStrap) -> None:
    polar = air.peripherals[1]
    until(lambda: polar.heard)
    polar.notify(measured(180, flags=NO_CONTACT))
    until(lambda: strap.detail == "the strap does not touch the skin")
    polar.notify(measured(0, flags=CONTACT))
    until(lambda: strap.detail == "")
    assert not ear.commands


def test_bluetooth_that_does_not_work_is_told_and_tried_again(ear: Ear) -> None:
    air = Air([Peripheral("Polar H10 1234", "AA:01")], FileNotFoundError(2, "no such file"))
    sensor = HeartStrap(Config(), ear.put, air.radio())
    until(lambda: sensor.detail == "Bluetooth does not work: this system has no Bluetooth service")
    air.fault = None
    until(lambda: air.peripherals[0].heard)
    sensor.close()


def test_it_lets_the_strap_go_when_it_is_closed_and_closes_twice(air: Air, ear: Ear) -> None:
    polar = air.peripherals[1]
    sensor = HeartStrap(Config(), ear.put, air.radio())
    until(lambda: polar.heard)
    sensor.close()
    sensor.close()
    assert polar.link is None
    HeartStrap(Config(), ear.put, Air().radio()).close()


def test_rest_is_learned_from_a_strap_too(air: Air, ear: Ear) -> None:
    polar = air.peripherals[1]
    sensor = HeartStrap(Config(), ear.put, air.radio())
    assert not sensor.calibrate("neutral")
    until(lambda: polar.heard)
    polar.notify(measured(66))
    until(ear.pulses)
    assert not ear.felt()
    assert "not known yet" in sensor.detail
    assert sensor.calibrate("neutral")
    assert sensor.detail == ""
    sensor.close()


def not_installed(package: str) -> None:
    """What ``find_spec`` says of a package that is not there."""


def test_without_bleak_the_command_that_mends_it_is_told(
    monkeypatch: pytest.MonkeyPatch, ear: Ear
) -> None:
    module = sensors.load("heart_strap")
    monkeypatch.setattr("importlib.util.find_spec", not_installed)
    with pytest.raises(MissingExtraError, match=r"pip install .oscbridge\[heart\]"):
        module.open(module.Config(), ear.put)
