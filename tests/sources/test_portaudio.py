"""PortAudio's traps, with a double in its place."""

from __future__ import annotations

import contextlib
import os
import sys
import time

import numpy as np
import pytest

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.sources.capture_link import CaptureLink, list_devices
from oscbridge.sources.devices import InputDevice
from oscbridge.sources.portaudio import Stream, input_devices, load_pyaudio, plausible_latency_s
from oscbridge.sources.records import Request
from tests.sources.reading import read

MIC = InputDevice(3, "Mic", "ALSA", 4, 48000)


class FakePyAudio:
    """Stands for the module ``pyaudio`` and for ``pyaudio.PyAudio()``."""

    paFloat32 = 1  # noqa: N815 - its name

    def __init__(self, latency_s: float = 0.01, error: Exception | None = None) -> None:
        self.latency_s = latency_s
        self.error = error
        self.active = True
        self.options: dict = {}

    def open(self, **options):
        if self.error:
            raise self.error
        self.options = options
        return self

    def get_input_latency(self) -> float:
        return self.latency_s

    def is_active(self) -> bool:
        if not self.active:
            raise OSError(-9988, "Stream closed")
        return True

    def deliver(self, frames: np.ndarray, status: int = 0):
        """Call back as PortAudio does."""
        data = frames.astype("f4").tobytes()
        return self.options["stream_callback"](data, len(frames), {}, status)


def open_stream(fake: FakePyAudio | None = None, **options) -> tuple[FakePyAudio, Stream]:
    fake = fake or FakePyAudio()
    return fake, Stream(fake, fake, MIC, **options)


def test_the_callback_copies_counts_and_asks_for_more():
    fake, stream = open_stream()
    frames = np.arange(20, dtype=np.float32).reshape(10, 2)
    assert fake.deliver(frames) == (None, 0)
    rung = []
    stream.bell = lambda *told: rung.append(told)
    assert fake.deliver(frames, status=2) == (None, 0)
    heard, gap = read(stream.ring)
    assert np.array_equal(heard, np.concatenate([frames, frames]))
    assert (gap, stream.overflows) == (0, 1)
    assert rung == [(20, 1, stream.last_s)]
    assert 0 < stream.last_s <= time.perf_counter()


def test_the_bell_rings_from_the_block_on_that_brings_what_the_reader_wants():
    fake, stream = open_stream()
    rung: list[int] = []
    stream.bell = lambda position, *_: rung.append(position)
    stream.ring.want(25)
    for _ in range(4):
        fake.deliver(np.zeros((10, 2)))
    assert rung == [30, 40]
    stream.ring.want(60)
    for _ in range(3):
        fake.deliver(np.zeros((10, 2)))
    assert rung == [30, 40, 60, 70]


def test_without_wishes_the_device_gives_its_own_rate_and_two_channels():
    fake, _ = open_stream()
    assert (fake.options["rate"], fake.options["channels"]) == (48000, 2)
    assert fake.options["input_device_index"] == 3
    fake, stream = open_stream(sample_rate=96000, channels=4, block_size=64)
    assert (fake.options["rate"], fake.options["channels"]) == (96000, 4)
    assert fake.options["frames_per_buffer"] == 64
    assert (stream.sample_rate, stream.channels) == (96000, 4)


@pytest.mark.parametrize("reported_s", [0.0, 89_478.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_latency_is_replaced_by_one_block(reported_s):
    assert plausible_latency_s(reported_s, 0.005) == 0.005
    _, stream = open_stream(FakePyAudio(latency_s=reported_s), block_size=480)
    assert stream.latency_s == pytest.approx(0.01)


def test_a_possible_latency_is_believed():
    assert plausible_latency_s(0.02, 0.005) == 0.02


def test_a_device_that_delivers_much_faster_than_real_time_is_found_out():
    fake, stream = open_stream()
    fake.deliver(np.zeros((40_000, 2)))
    assert not stream.runs_away
    for _ in range(40):
        fake.deliver(np.zeros((40_000, 2)))
    assert stream.runs_away


def test_a_refusal_is_one_sentence_with_the_reason_of_the_audio_system():
    with pytest.raises(DeviceError, match=r"'Mic' \(ALSA\) did not open with 7 Hz.*: Invalid samp"):
        open_stream(FakePyAudio(error=OSError(-9997, "Invalid sample rate")), sample_rate=7)
    with pytest.raises(DeviceError, match="has 4 channel"):
        open_stream(channels=5)


def test_a_stream_that_the_audio_system_ended_is_not_active():
    fake, stream = open_stream()
    assert stream.active
    fake.active = False
    assert not stream.active


def test_only_inputs_are_listed_and_a_missing_default_is_no_error():
    class Listing:
        devices = (
            {"name": "Speakers", "hostApi": 0, "maxInputChannels": 0, "defaultSampleRate": 48000.0},
            {"name": "Mic", "hostApi": 0, "maxInputChannels": 1, "defaultSampleRate": 44099.99},
        )

        def get_host_api_count(self):
            return 1

        def get_host_api_info_by_index(self, index):
            return {"name": "Core Audio", "defaultInputDevice": 1}

        def get_default_input_device_info(self):
            raise OSError("No Default Input Device Available")

        def get_device_count(self):
            return len(self.devices)

        def get_device_info_by_index(self, index):
            return self.devices[index]

    assert input_devices(Listing()) == [
        InputDevice(1, "Mic", "Core Audio", 1, 44100, default=False, host_default=True)
    ]


def test_without_pyaudio_the_pip_command_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyaudio", None)
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", None)
    with pytest.raises(MissingExtraError, match=r'pip install "oscbridge\[live\]"'):
        load_pyaudio()
    (tmp_path / "pyaudio.py").write_text("raise ImportError('not here')\n")
    shadow = (
        "import sys; sys.path.insert(0, {!r}); from oscbridge.sources.capture import main; main()"
    )
    monkeypatch.setattr(
        "oscbridge.sources.capture_link.PROGRAM", ("-c", shadow.format(str(tmp_path)))
    )
    with pytest.raises(MissingExtraError, match=r"live input needs .* pip install"):
        list_devices()


def test_the_capture_process_ends_when_its_owner_lets_go(monkeypatch):
    monkeypatch.setattr(
        "oscbridge.sources.capture_link.PROGRAM", ("-c", "import time; time.sleep(1000)")
    )
    link = CaptureLink(Request())
    os.kill(link.pid, 0)  # it runs
    link.close()
    link.close()
    with pytest.raises(ProcessLookupError):
        os.kill(link.pid, 0)
    assert link.next(0.0) is None


def test_modules_in_the_users_folder_do_not_shadow_ours(monkeypatch, tmp_path):
    (tmp_path / "msgspec.py").write_text("raise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(MissingExtraError):
        assert isinstance(list_devices(), list)
