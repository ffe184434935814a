"""Which device a user means."""

from __future__ import annotations

import pytest

from oscbridge.errors import DeviceError
from oscbridge.sources.devices import InputDevice, choose_device

BUILT_IN = InputDevice(0, "Built-in Microphone", "Core Audio", 1, 48000, default=True)
USB = InputDevice(2, "USB Audio CODEC", "Core Audio", 2, 44100)
BLACKHOLE = InputDevice(3, "BlackHole 2ch", "Core Audio", 2, 48000)
JACK = InputDevice(7, "system", "JACK Audio Connection Kit", 8, 48000, host_default=True)
DEVICES = [BUILT_IN, USB, BLACKHOLE, JACK]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, BUILT_IN),
        ("", BUILT_IN),
        (2, USB),
        ("2", USB),
        ("BlackHole 2ch", BLACKHOLE),
        ("blackhole 2CH", BLACKHOLE),
        ("codec", USB),
        ("hole", BLACKHOLE),
    ],
)
def test_a_device_is_found_by_number_by_name_and_by_a_part_of_its_name(wanted, expected):
    assert choose_device(DEVICES, wanted) is expected


def test_a_host_api_narrows_the_choice_and_brings_its_own_default():
    assert choose_device(DEVICES, None, "jack") is JACK
    with pytest.raises(DeviceError, match=r"'codec'.*7 \"system\""):
        choose_device(DEVICES, "codec", "jack")


@pytest.mark.parametrize("wanted", ["Focusrite", 5, "5"])
def test_an_unknown_device_is_an_error_that_lists_what_exists(wanted):
    with pytest.raises(DeviceError) as caught:
        choose_device(DEVICES, wanted)
    message = str(caught.value)
    assert str(wanted) in message
    for device in DEVICES:
        assert device.name in message
    assert "\n" not in message


def test_a_part_that_fits_several_devices_is_an_error_that_lists_them_and_no_others():
    with pytest.raises(DeviceError, match="fits 2 input devices") as caught:
        choose_device(DEVICES, "i")  # no exact name: built-In, audIo…
    assert "USB Audio CODEC" in str(caught.value)
    assert "BlackHole" not in str(caught.value)


def test_a_whole_name_wins_over_longer_names_that_contain_it():
    longer = InputDevice(9, "USB Audio CODEC 2", "Core Audio", 2, 44100)
    assert choose_device([longer, *DEVICES], "USB Audio CODEC") is USB


def test_one_device_that_several_windows_systems_list_is_taken_from_the_best_of_them():
    mme = InputDevice(1, "Microphone (Realtek(R) Audio De", "MME", 2, 44100)
    wasapi = InputDevice(9, "Microphone (Realtek(R) Audio Device)", "Windows WASAPI", 2, 48000)
    direct = InputDevice(5, "Microphone (Realtek(R) Audio Device)", "Windows DirectSound", 2, 44100)
    assert choose_device([mme, direct, wasapi], "realtek") is wasapi
    assert choose_device([mme, direct, wasapi], "realtek", "mme") is mme


def test_two_equal_devices_of_one_system_are_ambiguous_and_chosen_by_number():
    twins = [InputDevice(4, "Mic", "ALSA", 1, 48000), InputDevice(5, "Mic", "ALSA", 1, 48000)]
    with pytest.raises(DeviceError, match="fits 2 input devices"):
        choose_device(twins, "Mic")
    assert choose_device(twins, 5) is twins[1]


def test_no_device_no_default_and_no_such_system_each_have_their_own_sentence():
    with pytest.raises(DeviceError, match="no audio input here"):
        choose_device([], None)
    with pytest.raises(DeviceError, match="no input is set as the default"):
        choose_device([USB, BLACKHOLE], None)
    with pytest.raises(DeviceError, match=r"no audio system 'asio'.*Core Audio"):
        choose_device(DEVICES, None, "asio")


def test_inputs_that_carry_what_the_computer_plays_are_marked():
    loop = InputDevice(1, "Speakers", "Windows WASAPI", 2, 48000, loopback=True)
    monitor = InputDevice(2, "Monitor of Built-in Audio", "ALSA", 2, 48000)
    assert [d.records_output for d in (loop, monitor, BLACKHOLE, USB)] == [True, True, True, False]
