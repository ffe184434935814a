"""OSC messages packed once: what never changes stays packed, only arguments are filled in.

Conventions
-----------
OSC 1.0, types ``i f s``, at most `MAX_DATAGRAM` bytes. Address and type tags of a signal never
change, so they are padded and packed when the template is made; filling in numbers is one
``pack_into``. A number that is not finite, or no float32 or int32, is refused: it never leaves.

See Also
--------
oscbridge.wire.packet : reads what others send.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

from oscbridge.readable import ascii_of

if TYPE_CHECKING:
    from oscbridge.protocol import Value

MAX_DATAGRAM = 1024

_NUMBER_FORMATS = {"i": ">i", "f": ">f"}


def _padded(text: str, encoding: str = "utf-8") -> bytes:
    """OSC string: the bytes, a NUL, and NULs up to a multiple of 4."""
    data = text.encode(encoding, "replace")
    return data + b"\0" * (4 - len(data) % 4)


class Template:
    """A message with all that never changes already packed; ``pack`` returns a view of it.

    Parameters
    ----------
    address : str
        Where it goes at the receiver, ASCII.
    types : str
        Type tags without the comma, of ``i f s``; ``T`` and ``F`` are told without an argument.
    ascii_only : bool
        Write string arguments without accents, and ``?`` for what is still not ASCII.
    """

    __slots__ = ("_buffer", "_encoding", "_head", "_numbers", "_offset", "_types")

    def __init__(self, address: str, types: str, *, ascii_only: bool = False) -> None:
        self._head = _padded(address, "ascii") + _padded("," + types)
        self._offset = len(self._head)
        self._types = types = types.replace("T", "").replace("F", "")  # those have no value
        self._encoding = "ascii" if ascii_only else "utf-8"
        self._numbers = None
        self._buffer = bytearray(self._head)
        if "s" not in types:
            self._numbers = struct.Struct(">" + types)
            self._buffer += bytes(self._numbers.size)

    def pack(self, args: tuple[Value, ...]) -> bytearray | bytes:
        """Return the datagram, valid until the next call. Raises ``ValueError`` if it cannot be."""
        try:
            if self._numbers is None:
                return self._pack_mixed(args)
            for value in args:
                if value - value != 0.0:  # type: ignore[operator]  # infinite or no number
                    raise ValueError(f"{value} is not a finite float32")
            self._numbers.pack_into(self._buffer, self._offset, *args)
        except (struct.error, OverflowError) as error:
            raise ValueError(f"{args} cannot be packed as {self._types!r}: {error}") from None
        return self._buffer

    def _pack_mixed(self, args: tuple[Value, ...]) -> bytes:
        parts = [self._head]
        budget = MAX_DATAGRAM - len(self._head) - 4 * len(args)
        for tag, value in zip(self._types, args, strict=True):
            if tag == "s":
                part = self._string(str(value), budget)
                budget -= len(part)
            elif isinstance(value, str) or not math.isfinite(value):
                raise ValueError(f"{value} is not a finite float32")
            else:
                part = struct.pack(_NUMBER_FORMATS[tag], value)
            parts.append(part)
        return b"".join(parts)

    def _string(self, text: str, budget: int) -> bytes:
        text = text.replace("\0", "")
        if self._encoding == "ascii" and not text.isascii():
            text = ascii_of(text)
        data = _padded(text, self._encoding)
        if len(data) > budget:
            # Cut at a character, never inside one: half a code point is not UTF-8.
            room = max(budget - 4, 0) // 4 * 4
            kept = text.encode(self._encoding, "replace")[:room].decode(self._encoding, "ignore")
            data = _padded(kept, self._encoding)
        return data
