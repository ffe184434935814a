"""What is said to the capture process and what it says, and how that is written on the pipes.

Conventions
-----------
What it shall do is one `Request`, a line of JSON. What it answers is a run of records. A record is
a fixed head ``<c3xIQI`` (kind, payload bytes, gap in frames, device overflows so far; little
endian) and a payload: JSON, or interleaved float32 frames in the byte order of this machine, since
both ends run on it.

==== ===================== ==========================================================
kind record                payload
==== ===================== ==========================================================
L    `DeviceList`          JSON: the input devices
O    `Opened`              JSON: the device that was opened and how
A    `Audio`               frames
X    `Failed`              JSON: why it could not open, or why it ended
==== ===================== ==========================================================
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Literal

import msgspec
import numpy as np

from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError
from oscbridge.sources.devices import InputDevice  # noqa: TC001 - msgspec decodes into it

HEAD = struct.Struct("<c3xIQI")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to record; the meanings are those of `oscbridge.sources.settings.SourceSettings`."""

    list: bool = False
    device: str | int | None = None
    host_api: str | None = None
    channels: int | None = None
    sample_rate: int | None = None
    block_size: int | None = None


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
    latency_s : float
        Share of device and driver as the audio system reports it, made plausible, and of the
        hand-over to us, seconds.
    """

    device: InputDevice
    sample_rate: int
    channels: int
    latency_s: float


class Failed(msgspec.Struct, frozen=True):
    """It could not open, or it ended; ``detail`` is a sentence for people."""

    kind: Literal["device", "extra"]
    detail: str

    def error(self) -> OscbridgeError:
        """Build the error to raise for a user."""
        if self.kind == "extra":
            return MissingExtraError("live input", "pyaudio", "live")
        return DeviceError(self.detail)


class Audio(msgspec.Struct, frozen=True):
    """Frames from the device.

    Attributes
    ----------
    samples : np.ndarray, shape=(n * channels,), float32
        Interleaved.
    gap : int
        Frames lost just before, because nobody fetched them in time.
    overflows : int
        Times the audio system itself reported lost input, since the stream began.
    """

    samples: np.ndarray
    gap: int
    overflows: int


Record = DeviceList | Opened | Audio | Failed

_TEXT_KINDS: dict[bytes, type[DeviceList] | type[Opened] | type[Failed]] = {
    b"L": DeviceList,
    b"O": Opened,
    b"X": Failed,
}
_KIND_OF = {record: kind for kind, record in _TEXT_KINDS.items()}


def write_record(stream: BinaryIO, record: DeviceList | Opened | Failed) -> None:
    """Write a record of text and flush. Raises ``OSError`` when the reader is gone."""
    payload = msgspec.json.encode(record)
    stream.write(HEAD.pack(_KIND_OF[type(record)], len(payload), 0, 0) + payload)
    stream.flush()


def write_audio(stream: BinaryIO, frames: np.ndarray, gap: int, overflows: int) -> None:
    """Write frames, shape=(n, channels) float32, and flush. Raises ``OSError`` as above."""
    payload = frames.tobytes()
    stream.write(HEAD.pack(b"A", len(payload), gap, overflows) + payload)
    stream.flush()


def read_record(stream: BinaryIO) -> Record | None:
    """Read the next record; None at the end of the stream, also when it ends inside a record."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size, gap, overflows = HEAD.unpack(head)
    payload = stream.read(size)
    if len(payload) < size:
        return None
    if kind == b"A":
        return Audio(np.frombuffer(payload, dtype=np.float32), gap, overflows)
    return msgspec.json.decode(payload, type=_TEXT_KINDS[kind])
