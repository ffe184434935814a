"""ALSA without hardware: what is not a real device must not be taken for one."""

from __future__ import annotations

import sys

import pytest

from oscbridge.errors import DeviceError
from oscbridge.sources import capture_link
from oscbridge.sources.capture_link import list_devices
from oscbridge.sources.live import Live
from oscbridge.sources.settings import SourceSettings
from tests.peers.servers import write_asound


@pytest.fixture(autouse=True)
def no_jack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "there-is-none")


def test_the_null_device_that_delivers_at_full_tilt_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(write_asound(tmp_path, "null")))
    with pytest.raises(DeviceError, match=r"is no real device: .* faster than"):
        Live(SourceSettings())


def test_a_machine_without_inputs_says_so_and_prints_nothing_else(tmp_path, monkeypatch, capfd):
    config = tmp_path / "asound.conf"
    config.write_text("pcm.nothing {type hw card 99}\nctl.nothing {type hw card 99}\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    assert list_devices() == []
    with pytest.raises(DeviceError, match="there is no audio input here"):
        Live(SourceSettings())
    assert capfd.readouterr() == ("", "")


def test_an_audio_system_that_crashes_is_an_error_and_not_our_end(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/sh")
    monkeypatch.setattr(capture_link, "PROGRAM", ("-c", "kill -SEGV $$"))
    with pytest.raises(DeviceError, match=r"the audio system crashed \(SIGSEGV\)"):
        list_devices()


def test_an_audio_system_that_does_not_answer_is_given_up(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/sh")
    monkeypatch.setattr(capture_link, "PROGRAM", ("-c", "exec sleep 100"))
    with pytest.raises(DeviceError, match=r"did not answer within 0\.2 s"):
        list_devices(timeout_s=0.2)
