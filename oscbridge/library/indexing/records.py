"""What the indexing process and those that listen for it say to each other.

Conventions
-----------
Messages are MessagePack behind their length (4 bytes, little-endian): paths are bytes that need not
be text. A worker answers each `Order` with `Progress` as it goes on and one `Done`; the end of its
input means "leave".
"""

from __future__ import annotations

import struct
from typing import IO, TypeVar

import msgspec

from oscbridge.library.track import Track  # noqa: TC001 - msgspec reads the annotations

_LENGTH = struct.Struct("<I")
_encode = msgspec.msgpack.Encoder().encode

M = TypeVar("M")


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """First word to a worker: which library it works for, and which model listens."""

    library: bytes
    model: str


class Order(msgspec.Struct, frozen=True, tag="order"):
    """Look at a file; ``again``: listen to it although its content is known."""

    path: bytes
    again: bool


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """Share of the file that was heard so far, 0..1."""

    share: float


class Done(msgspec.Struct, frozen=True, tag="done"):
    """What became of a file.

    Attributes
    ----------
    path : bytes
        The file.
    size, mtime_ns : int
        As it was when it was read.
    digest : str
        Of its content; empty where it could not be read.
    track : Track or None
        What was heard; None where the content is known, or nothing could be heard.
    trouble : str
        Why nothing could, or what was wrong all the same, a sentence.
    """

    path: bytes
    size: int
    mtime_ns: int
    digest: str = ""
    track: Track | None = None
    trouble: str = ""


ToWorker = Begin | Order
FromWorker = Progress | Done

BEGIN = msgspec.msgpack.Decoder(Begin)
ORDER = msgspec.msgpack.Decoder(Order)
SAID: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
"""What `receive` takes, by who says it."""

Pipe = IO[bytes]


def send(pipe: Pipe, message: ToWorker | FromWorker) -> None:
    """Write a message.

    Raises
    ------
    OSError
        Nobody reads it.
    """
    content = _encode(message)
    data = memoryview(_LENGTH.pack(len(content)) + content)
    while data:  # an unbuffered pipe takes what it has room for
        data = data[pipe.write(data) :]


def receive(pipe: Pipe, decoder: msgspec.msgpack.Decoder[M]) -> M | None:
    """Read a message; None at the end of the pipe, also in the middle of one."""
    head = _read(pipe, _LENGTH.size)
    content = _read(pipe, _LENGTH.unpack(head)[0]) if head else None
    return None if content is None else decoder.decode(content)


def _read(pipe: Pipe, count: int) -> bytes | None:
    """So many bytes, or None where the pipe ends before."""
    parts = b""
    while len(parts) < count:
        part = pipe.read(count - len(parts))
        if not part:
            return None
        parts += part
    return parts
