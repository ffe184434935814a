"""What is said to the capture process and what it says, and how that is written on the pipes.

Conventions
-----------
What it shall do is one `Request`, a line of JSON. What it answers is a run of records. A record is
a fixed head ``<c3xIQQd`` (kind, payload bytes, position in frames, device overflows so far, when
the newest frame arrived; little endian) and a payload of JSON, empty for `Audio`: the frames lie in
a ring that both processes share (`oscbridge.sources.shared_ring`), and the record only tells how
far it is filled. Instants are seconds of ``time.perf_counter``, one clock for all processes.

==== ===================== ==========================================================
kind record                payload
==== ===================== ==========================================================
L    `DeviceList`          JSON: the input devices
O    `Opened`              JSON: the device that was opened and how
A    `Audio`               none
X    `Failed`              JSON: why it could not open, or why it ended
==== ===================== ==========================================================
"""

from __future__ import annotations

import os
import struct
import time
from typing import Literal, NamedTuple

import msgspec

from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError
from oscbridge.sources.devices import InputDevice  # noqa: TC001 - msgspec decodes into it

HEAD = struct.Struct("<c3xIQQd")
_AUDIO = b"A"
_FULL_S = 0.01
"""Pause before a record is offered again to a pipe that is full."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to record; the meanings are those of `oscbridge.sources.settings.SourceSettings`.

    ``memory`` is the key of the shared memory that the frames go to; `CaptureLink` fills it in.
    """

    list: bool = False
    device: str | int | None = None
    host_api: str | None = None
    channels: int | None = None
    sample_rate: int | None = None
    block_size: int | None = None
    memory: int | str | None = None


class DeviceList(msgspec.Struct, frozen=True):
    """The input devices that there are."""

    devices: list[InputDevice]


class Opened(msgspec.Struct, frozen=True):
    """A stream runs.

    Attributes
    ----------
    device : InputDevice
        What was opened.
    sample_rate, channels : int
        Rate (Hz) and interleaved channels of the frames to come.
    block_size : int
        Frames that come at once.
    latency_s : float
        Share of device, driver and block as the audio system reports it, made plausible, seconds.
    capacity : int
        Frames that the shared ring holds.
    """

    device: InputDevice
    sample_rate: int
    channels: int
    block_size: int
    latency_s: float
    capacity: int


class Failed(msgspec.Struct, frozen=True):
    """It could not open, or it ended; ``detail`` is a sentence for people."""

    kind: Literal["device", "extra"]
    detail: str

    def error(self) -> OscbridgeError:
        """Build the error to raise for a user."""
        if self.kind == "extra":
            return MissingExtraError("live input", "pyaudio", "live")
        return DeviceError(self.detail)


class Audio(NamedTuple):
    """There are more frames in the ring.

    Attributes
    ----------
    position : int
        Frames since the stream began.
    overflows : int
        Times the audio system itself reported lost input, since then.
    arrived_s : float
        When the newest frame arrived.
    """

    position: int
    overflows: int
    arrived_s: float


Record = DeviceList | Opened | Audio | Failed

_TEXT_KINDS: dict[bytes, type[DeviceList] | type[Opened] | type[Failed]] = {
    b"L": DeviceList,
    b"O": Opened,
    b"X": Failed,
}
_KIND_OF = {record: kind for kind, record in _TEXT_KINDS.items()}


def write_record(fd: int, record: DeviceList | Opened | Failed) -> None:
    """Write a record of text, waiting for room. Raises ``OSError`` when the reader is gone."""
    payload = msgspec.json.encode(record)
    rest = memoryview(HEAD.pack(_KIND_OF[type(record)], len(payload), 0, 0, 0.0) + payload)
    while rest:
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:
            time.sleep(_FULL_S)


def write_audio(fd: int, position: int, overflows: int, arrived_s: float) -> None:
    """Tell of frames as `Audio` does. Raises ``OSError`` where the reader is gone or far behind."""
    os.write(fd, HEAD.pack(_AUDIO, 0, position, overflows, arrived_s))


class RecordReader:
    """Puts together what arrives in pieces.

    Of several `Audio` records in a row only the last one counts, which tells of all frames.
    """

    def __init__(self) -> None:
        self._data = b""

    @property
    def waiting(self) -> bool:
        """Whether there are bytes of further records."""
        return bool(self._data)

    def push(self, data: bytes) -> Record | None:
        """Take bytes as they came; return the next whole record, or None."""
        if not self._data and len(data) == HEAD.size and data.startswith(_AUDIO):  # as usual
            return Audio._make(HEAD.unpack(data)[2:])
        self._data += data
        return self.next()

    def next(self) -> Record | None:
        """Next whole record among those that came together, or None."""
        audio: Audio | None = None
        data, at = self._data, 0
        while len(data) - at >= HEAD.size:
            kind, size, *told = HEAD.unpack_from(data, at)
            end = at + HEAD.size + size
            if kind == _AUDIO:
                audio, at = Audio(*told), end
                continue
            if audio is not None or len(data) < end:
                break
            self._data = data[end:]
            return msgspec.json.decode(data[end - size : end], type=_TEXT_KINDS[kind])
        self._data = data[at:]
        return audio
