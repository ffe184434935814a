"""Plays clicks into an output device and says when each was to be heard. Started by `loopback`.

Conventions
-----------
A process of its own, as `oscbridge.sources.capture` and for the same reason. Standard input: one
line of JSON, a `Clicks`; its end ends the process. Standard output: a line for each click, the
instant at which it sounds in seconds of ``time.perf_counter``; or one line that begins with ``!``,
why it cannot play. A click sounds when its first sample leaves the device: after the callback that
fills the buffer by the sample's place in it and by the latency that the audio system reports.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

import msgspec
import numpy as np

from oscbridge.errors import OscbridgeError
from oscbridge.own_process import silence_stderr
from oscbridge.sources.portaudio import load_pyaudio, plausible_latency_s

CLICK = 48
"""Samples of a click."""
_GOLDEN = 0.6180339887
"""Clicks that are this part of a second out of step fall everywhere between two messages."""
_CONTINUE = 0  # paContinue


class Clicks(msgspec.Struct, frozen=True, kw_only=True):
    """What to play.

    Attributes
    ----------
    device, host_api : str
        Names of output device and audio system, as of the input.
    sample_rate, block_size : int
        Hz, frames.
    period_s : float
        Between clicks, seconds, on average.
    """

    device: str
    host_api: str
    sample_rate: int
    block_size: int
    period_s: float


def build_click() -> np.ndarray:
    """Build a burst at a 16th of the sample rate, which no resampler takes away; shape=(CLICK,)."""
    n = np.arange(CLICK)
    return (0.5 * np.hanning(CLICK) * np.sin(np.pi / 8.0 * n)).astype(np.float32)


class Schedule:
    """Where clicks begin, in frames since the start."""

    def __init__(self, clicks: Clicks) -> None:
        self._period = clicks.period_s * clicks.sample_rate
        self._number = 1

    def within(self, start: int, stop: int) -> int | None:
        """Frame in ``[start, stop)`` at which the next click begins, None if it is later."""
        jitter = 0.5 * (self._number * _GOLDEN % 1.0)
        at = max(int((self._number + jitter) * self._period), start)
        if at >= stop:
            return None
        self._number += 1
        return at


class Player:
    """Fills the buffers of an output stream; `__call__` is PortAudio's callback."""

    def __init__(self, clicks: Clicks, channels: int) -> None:
        self._click = build_click()
        self._clicks = clicks
        self._schedule = Schedule(clicks)
        self._channels = channels
        self._frame = 0
        self._rest = self._click[:0]
        self.latency_s = 0.0

    def __call__(self, _: object, frames: int, *__: object) -> tuple[bytes, int]:
        """Give the next frames, and print when a click in them sounds."""
        now_s = time.perf_counter()
        mono = np.zeros(frames, dtype=np.float32)
        begun = min(len(self._rest), frames)
        mono[:begun] = self._rest[:begun]
        self._rest = self._rest[begun:]
        at = self._schedule.within(self._frame, self._frame + frames)
        if at is not None:
            into = at - self._frame
            first = min(CLICK, frames - into)
            mono[into : into + first] = self._click[:first]
            self._rest = self._click[first:]
            sounds_s = now_s + self.latency_s + into / self._clicks.sample_rate
            sys.stdout.write(f"{sounds_s:.6f}\n")
            sys.stdout.flush()
        self._frame += frames
        return np.repeat(mono, self._channels).tobytes(), _CONTINUE


def _find_output(audio: Any, clicks: Clicks) -> dict[str, Any]:
    """The output device that is meant.

    Raises
    ------
    OscbridgeError
        There is none: lists what exists.
    """
    names: list[str] = []
    for index in range(audio.get_device_count()):
        info = audio.get_device_info_by_index(index)
        api = audio.get_host_api_info_by_index(info["hostApi"])["name"]
        if int(info["maxOutputChannels"]) < 1 or api != clicks.host_api:
            continue
        if info["name"] == clicks.device:
            return info
        names.append(repr(info["name"]))
    raise OscbridgeError(
        f"{clicks.host_api} has no output {clicks.device!r} to play to."
        f" There are: {', '.join(names) or 'none'}."
    )


def _play(clicks: Clicks) -> None:
    pyaudio = load_pyaudio()
    audio = pyaudio.PyAudio()
    info = _find_output(audio, clicks)
    channels = min(int(info["maxOutputChannels"]), 2)
    player = Player(clicks, channels)
    stream = audio.open(
        format=pyaudio.paFloat32,
        channels=channels,
        rate=clicks.sample_rate,
        output=True,
        output_device_index=int(info["index"]),
        frames_per_buffer=clicks.block_size,
        stream_callback=player,
    )
    player.latency_s = plausible_latency_s(float(stream.get_output_latency()), 0.0)
    threading.Event().wait()


def main() -> None:
    """Play until standard input ends."""
    silence_stderr()
    clicks = msgspec.json.decode(sys.stdin.buffer.readline(), type=Clicks)

    def end_with_owner() -> None:
        while os.read(0, 1):
            pass
        os._exit(0)

    threading.Thread(target=end_with_owner, daemon=True).start()
    try:
        _play(clicks)
    except (OscbridgeError, OSError, ValueError) as error:
        sys.stdout.write(f"!{error}\n")
        sys.stdout.flush()
        os._exit(1)


if __name__ == "__main__":
    main()
