"""Reading OSC 1.0 packets: bytes in, messages and bundles out, or an error that says what is wrong.

Conventions
-----------
Big-endian, everything padded to 4 bytes. A time tag is an NTP number; 1 means immediately.
The reader accepts the types of the specification and its usual extras
(``i f s b h t d S c r m T F N I [ ]``), and messages without a type tag string from old senders.
It never sleeps, guesses or stops half way: a packet is read whole or refused with a `PacketError`.

References
----------
M. Wright, "The Open Sound Control 1.0 Specification", 2002.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

IMMEDIATELY = 1
MAX_DEPTH = 8
"""Bundles within bundles and arrays within arrays deeper than this are refused."""

NTP_TO_UNIX_S = 2_208_988_800
"""Seconds from 1900 (NTP) to 1970 (Unix)."""

Argument = int | float | str | bytes | bool | None | list["Argument"]


class PacketError(ValueError):
    """The bytes are no OSC packet; the message says where they stop making sense."""


@dataclass(frozen=True, slots=True)
class OscMessage:
    """One message: ``types`` are its type tags without the comma, one `Argument` each."""

    address: str
    types: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class OscBundle:
    """A time tag (NTP, 64 bit) and what it holds."""

    time_tag: int
    elements: tuple[OscMessage | OscBundle, ...]

    @property
    def unix_s(self) -> float | None:
        """The time tag in seconds since 1970, None for immediately."""
        return None if self.time_tag == IMMEDIATELY else self.time_tag / 2**32 - NTP_TO_UNIX_S

    def messages(self) -> Iterator[OscMessage]:
        """All messages, those of inner bundles included, in order."""
        for element in self.elements:
            if isinstance(element, OscBundle):
                yield from element.messages()
            else:
                yield element


def read_packet(data: bytes) -> OscMessage | OscBundle:
    """Read one datagram.

    Raises
    ------
    PacketError
        The bytes are no OSC packet.
    """
    return _read_element(data, depth=0)


def _read_element(data: bytes, depth: int) -> OscMessage | OscBundle:
    if not data:
        raise PacketError("empty packet")
    if data.startswith(b"#bundle\0"):
        return _read_bundle(data, depth)
    if data.startswith(b"/"):
        return _read_message(data)
    raise PacketError(f"starts with {data[:8]!r}, neither an address nor a bundle")


def _read_bundle(data: bytes, depth: int) -> OscBundle:
    if depth >= MAX_DEPTH:
        raise PacketError(f"bundles nested deeper than {MAX_DEPTH}")
    if len(data) < 16:
        raise PacketError("bundle without a time tag")
    (time_tag,) = struct.unpack_from(">Q", data, 8)
    elements: list[OscMessage | OscBundle] = []
    at = 16
    while at < len(data):
        if at + 4 > len(data):
            raise PacketError(f"bundle ends within the size of element {len(elements) + 1}")
        (size,) = struct.unpack_from(">i", data, at)
        at += 4
        if size < 0 or at + size > len(data):
            raise PacketError(f"bundle element {len(elements) + 1} claims {size} bytes")
        elements.append(_read_element(data[at : at + size], depth + 1))
        at += size
    return OscBundle(time_tag, tuple(elements))


def _read_message(data: bytes) -> OscMessage:
    address, at = _read_string(data, 0, "address")
    if at == len(data):
        return OscMessage(address, "", ())
    tags, at = _read_string(data, at, "type tags")
    if not tags.startswith(","):
        raise PacketError(f"type tags of {address} do not start with a comma")
    tags = tags[1:]
    stack: list[list[Argument]] = [[]]
    for number, tag in enumerate(tags, start=1):
        if tag == "[":
            if len(stack) > MAX_DEPTH:
                raise PacketError(f"arrays of {address} nested deeper than {MAX_DEPTH}")
            inner: list[Argument] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif tag == "]":
            if len(stack) == 1:
                raise PacketError(f"array of {address} ends before it begins")
            stack.pop()
        else:
            value, at = _read_argument(data, at, tag, f"argument {number} of {address}")
            stack[-1].append(value)
    if len(stack) > 1:
        raise PacketError(f"array of {address} does not end")
    if at > len(data):
        raise PacketError(f"{address} is not padded to 4 bytes")
    if at < len(data):
        raise PacketError(f"{len(data) - at} bytes left over after the arguments of {address}")
    return OscMessage(address, tags, tuple(stack[0]))


_NUMBERS = {"i": ">i", "f": ">f", "h": ">q", "t": ">Q", "d": ">d", "r": ">I", "m": ">I"}
_CONSTANTS: dict[str, Argument] = {"T": True, "F": False, "N": None, "I": "impulse"}


def _read_argument(data: bytes, at: int, tag: str, what: str) -> tuple[Argument, int]:
    if tag in _CONSTANTS:
        return _CONSTANTS[tag], at
    if tag in "sS":
        return _read_string(data, at, what)
    if tag == "b":
        (size,), start = _unpack(">i", data, at, what)
        stop = start + size
        if size < 0 or stop > len(data):
            raise PacketError(f"{what} claims {size} bytes")
        return data[start:stop], _padded(stop)
    if tag == "c":
        (code,), at = _unpack(">I", data, at, what)
        return (chr(code) if code < 0x110000 else "?"), at
    if tag not in _NUMBERS:
        raise PacketError(f"{what} has the unknown type {tag!r}")
    (number,), at = _unpack(_NUMBERS[tag], data, at, what)
    return number, at


def _unpack(code: str, data: bytes, at: int, what: str) -> tuple[tuple[Any, ...], int]:
    stop = at + struct.calcsize(code)
    if stop > len(data):
        raise PacketError(f"{what} is cut off")
    return struct.unpack_from(code, data, at), stop


def _read_string(data: bytes, at: int, what: str) -> tuple[str, int]:
    end = data.find(b"\0", at)
    if end < 0:
        raise PacketError(f"{what} does not end")
    stop = _padded(end + 1)
    if stop > len(data):
        raise PacketError(f"{what} is not padded to 4 bytes")
    return data[at:end].decode("utf-8", errors="replace"), stop


def _padded(size: int) -> int:
    return (size + 3) & ~3
