"""The loudspeaker: heard where there is an output, no obstacle where there is none."""

from __future__ import annotations

import time

import numpy as np
import pytest

from oscbridge.play import loudspeaker, loudspeaker_link
from oscbridge.play.score import SAMPLE_RATE
from oscbridge.play.sound import BLOCK
from oscbridge.sources.live import Live
from oscbridge.sources.settings import SourceSettings

DEADLINE_S = 30.0
TONE_HZ = 440.0


def tone_block(start: int) -> np.ndarray:
    phases = 2.0 * np.pi * TONE_HZ * np.arange(start, start + BLOCK) / SAMPLE_RATE
    return (0.5 * np.sin(phases)).astype(np.float32)


def loudest_hz(samples: np.ndarray, sample_rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * sample_rate / len(samples)


@pytest.mark.peer("pulseaudio", "pactl", "paplay")
@pytest.mark.usefixtures("pulse")
def test_what_the_game_plays_comes_out_of_the_sound_card() -> None:
    speaker = loudspeaker_link.LoudspeakerLink()
    source = Live(SourceSettings(device="pulse", sample_rate=48_000))
    try:
        heard: list[np.ndarray] = []
        end_s = time.monotonic() + DEADLINE_S
        start = 0
        while sum(map(len, heard)) < 24_000:
            assert time.monotonic() < end_s, speaker.words
            speaker.hear(tone_block(start))
            start += BLOCK
            block = source.read(BLOCK / SAMPLE_RATE)
            if block is not None and np.sqrt(np.mean(block.samples**2)) > 0.1:
                heard.append(block.samples.copy())
        assert loudest_hz(np.concatenate(heard), 48_000) == pytest.approx(TONE_HZ, rel=0.02)
        assert speaker.words.startswith("sound: ")
    finally:
        source.close()
        speaker.close()


class NoOutput:
    """PyAudio as it is where there is no output."""

    def get_default_output_device_info(self) -> dict[str, object]:
        """Complain as PyAudio does."""
        raise OSError("No Default Output Device Available")


def test_where_there_is_no_output_that_is_what_is_said() -> None:
    with pytest.raises(OSError, match="there is no output device"):
        loudspeaker.play(NoOutput(), 1, 1)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("print('!there is no output device')", "there is no output device"),
        ("import os; os.abort()", "the loudspeaker has ended"),  # as PortAudio may
    ],
)
def test_a_loudspeaker_that_ends_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, ends: str, words: str
) -> None:
    monkeypatch.setattr(loudspeaker_link, "PROGRAM", ("-c", ends))
    speaker = loudspeaker_link.LoudspeakerLink()
    try:
        end_s = time.monotonic() + DEADLINE_S
        while not speaker.words.startswith("no sound: "):
            assert time.monotonic() < end_s, speaker.words
            speaker.hear(tone_block(0))
            time.sleep(0.01)
        assert speaker.words == f"no sound: {words}"
        for _ in range(200):
            speaker.hear(tone_block(0))
    finally:
        speaker.close()
        speaker.close()
