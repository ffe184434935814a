"""PortAudio, seen through PyAudio: enumerate inputs, open one, keep its chatter off the terminal.

Conventions
-----------
Everything here runs in the capture process (`oscbridge.sources.capture`) and nowhere else:
PortAudio may block for minutes, and a process can always be ended. The callback copies into a ring
that the listening process shares, bumps counters and, when there is enough for a result, rings that
process's bell, one write to a pipe that never waits; it neither locks, logs nor raises.

Traps met
---------
- PortAudio reports an input latency of 0.0 or 89,478 s on JACK (an unsigned underflow):
  `plausible_latency_s`.
- ALSA's ``null`` device calls back without a pause, a hundred times faster than real time:
  `Stream.runs_away`.
- On Windows ``pyaudiowpatch``, a build of PyAudio that adds WASAPI loop-back inputs, is preferred.
"""

from __future__ import annotations

import importlib
import math
import sys
import time
from typing import TYPE_CHECKING, Any

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.ring import Ring
from oscbridge.sources.devices import InputDevice

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_BLOCK = 256
RING_S = 4.0
_INPUT_OVERFLOW = 2  # paInputOverflow
_CONTINUE = 0  # paContinue
_MOST_DEFAULT_CHANNELS = 2
_RUNAWAY = 2.0
_LONGEST_LATENCY_S = 2.0


def load_pyaudio() -> Any:
    """Import PyAudio. Raises ``MissingExtraError`` where it is not installed."""
    names = ("pyaudiowpatch", "pyaudio") if sys.platform == "win32" else ("pyaudio",)
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise MissingExtraError("live input", "pyaudio", "live")


def input_devices(audio: Any) -> list[InputDevice]:
    """All devices that can record, by number.

    Parameters
    ----------
    audio : pyaudio.PyAudio
        Initialised PortAudio.
    """
    apis = [audio.get_host_api_info_by_index(i) for i in range(audio.get_host_api_count())]
    try:
        default = int(audio.get_default_input_device_info()["index"])
    except OSError:
        default = -1
    found: list[InputDevice] = []
    for index in range(audio.get_device_count()):
        info = audio.get_device_info_by_index(index)
        if int(info["maxInputChannels"]) < 1:
            continue
        api = apis[int(info["hostApi"])]
        found.append(
            InputDevice(
                index=index,
                name=str(info["name"]),
                host_api=str(api["name"]),
                channels=int(info["maxInputChannels"]),
                sample_rate=round(float(info["defaultSampleRate"])),
                default=index == default,
                host_default=index == int(api["defaultInputDevice"]),
                loopback=bool(info.get("isLoopbackDevice", False)),
            )
        )
    return found


def plausible_latency_s(reported_s: float, block_s: float) -> float:
    """Latency that PortAudio reports, or one block where the report cannot be true.

    Parameters
    ----------
    reported_s, block_s : float
        Seconds.
    """
    if math.isfinite(reported_s) and 0.0 < reported_s <= _LONGEST_LATENCY_S:
        return reported_s
    return block_s


class Stream:
    """A running input stream and the ring that it fills.

    Parameters
    ----------
    pyaudio : module
        From `load_pyaudio`.
    audio : pyaudio.PyAudio
        Initialised PortAudio.
    device : InputDevice
        What to open.
    sample_rate : int, optional
        Rate to ask for, Hz; the device's own by default.
    channels : int, optional
        Channels to record; the first two (or the only one) by default.
    block_size : int, optional
        Frames per callback.
    make_ring : callable
        Makes the ring, given capacity and channels.

    Attributes
    ----------
    ring : Ring
        What was recorded.
    bell : callable
        Called with what `Audio` holds when the reader has what it wants; does nothing until it is
        set.
    overflows : int
        Callbacks for which PortAudio said that input was lost before them.
    last_s : float
        ``time.perf_counter()`` of the newest callback, 0.0 before the first.

    Raises
    ------
    DeviceError
        The device refused.
    """

    def __init__(
        self,
        pyaudio: Any,
        audio: Any,
        device: InputDevice,
        *,
        sample_rate: int | None = None,
        channels: int | None = None,
        block_size: int | None = None,
        make_ring: Callable[[int, int], Ring] = Ring,
    ) -> None:
        self.device = device
        self.sample_rate = sample_rate or device.sample_rate
        self.channels = channels or min(device.channels, _MOST_DEFAULT_CHANNELS)
        self.block_size = block_size or DEFAULT_BLOCK
        if self.channels > device.channels:
            raise DeviceError(
                f"input device {device.name!r} has {device.channels} channel(s),"
                f" channel {self.channels} does not exist."
            )
        capacity = max(round(RING_S * self.sample_rate), 4 * self.block_size)
        self.ring = make_ring(capacity, self.channels)
        self.bell: Callable[[int, int, float], None] = _silent
        self.overflows = 0
        self.last_s = 0.0
        self.started_s = time.perf_counter()
        try:
            self._stream = audio.open(
                format=pyaudio.paFloat32,
                channels=self.channels,
                rate=self.sample_rate,
                input=True,
                input_device_index=device.index,
                frames_per_buffer=self.block_size,
                stream_callback=self._callback,
            )
        except (OSError, ValueError) as error:
            raise DeviceError(
                f"input device {device.name!r} ({device.host_api}) did not open with"
                f" {self.sample_rate} Hz and {self.channels} channel(s): {_reason(error)}."
            ) from error
        self.latency_s = plausible_latency_s(
            float(self._stream.get_input_latency()), self.block_size / self.sample_rate
        )

    def _callback(
        self, data: bytes, _frames: int, _time_info: object, status: int
    ) -> tuple[None, int]:
        """Copy, count, ring the bell, nothing else: runs in PortAudio's thread."""
        arrived_s = time.perf_counter()
        position = self.ring.write(data)
        if status & _INPUT_OVERFLOW:
            self.overflows += 1
        self.last_s = arrived_s
        if position >= self.ring.wanted:
            self.bell(position, self.overflows, arrived_s)
        return None, _CONTINUE

    @property
    def active(self) -> bool:
        """False when the audio system ended the stream."""
        try:
            return bool(self._stream.is_active())
        except OSError:
            return False

    @property
    def runs_away(self) -> bool:
        """True when sound comes far faster than it can be played: this is no real device."""
        elapsed_s = time.perf_counter() - self.started_s
        # A second of slack: a device may deliver what it had in stock at once.
        return self.ring.written > (_RUNAWAY * elapsed_s + 1.0) * self.sample_rate

    def close(self) -> None:
        """End the stream; may block when the audio system is in trouble."""
        self._stream.close()


def _silent(position: int, overflows: int, arrived_s: float) -> None:
    """A bell that does not ring."""


def _reason(error: BaseException) -> str:
    """PortAudio's own words without the number: ``Invalid sample rate``."""
    if len(error.args) > 1:
        return str(error.args[1])
    text = str(error)
    return text.partition("] ")[2] or text
