"""How to get a file's former content back out of its new one.

Conventions
-----------
A difference is the former content told as pieces: ``[start, length]`` of the new content, or bytes
of its own. It is small where the new content is mostly the former one, shifted here and there, as
files are whose tags were written. Any two contents have one, and `former` of it is exact.

Notes
-----
Greedy: follow the shift that fitted last; where it no longer does, look for the next `SEED` bytes
up to `REACH` bytes away. Contents are buffers, so that a mapped file of any size will do.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

    Content = bytes | mmap.mmap

SEED = 32
REACH = 1 << 20
_FIRST_STRIDE, _STRIDE = 1 << 12, 1 << 20

Piece = list[int] | bytes


def difference(old: Content, new: Content) -> bytes:
    """Tell ``old`` by ``new``.

    Parameters
    ----------
    old, new : bytes or mmap
        The former content and the one that will be kept.

    Returns
    -------
    bytes
        For `former`.
    """
    pieces: list[Piece] = []
    own = bytearray()
    at = shift = 0
    while at < len(old):
        same = _same(old, at, new, at + shift)
        if same < min(SEED, len(old) - at):
            moved = _moved(old, at, new, shift)
            if moved is None:
                own += old[at : at + SEED]
                at += SEED
                continue
            shift = moved
            same = _same(old, at, new, at + shift)
        if own:
            pieces.append(bytes(own))
            own.clear()
        pieces.append([at + shift, same])
        at += same
    if own:
        pieces.append(bytes(own))
    return zlib.compress(msgspec.msgpack.encode(pieces), level=9)


def former(told: bytes, new: Content) -> Iterator[bytes]:
    """Give the former content, piece by piece.

    Parameters
    ----------
    told : bytes
        What `difference` gave.
    new : bytes or mmap
        The content that it was told by.
    """
    for piece in msgspec.msgpack.decode(zlib.decompress(told), type=list[Piece]):
        if isinstance(piece, bytes):
            yield piece
            continue
        start, length = piece
        for begin in range(start, start + length, _STRIDE):
            yield new[begin : min(begin + _STRIDE, start + length)]


def _same(old: Content, at: int, new: Content, there: int) -> int:
    """How many bytes are the same from here and from there on."""
    if there < 0:
        return 0
    longest = min(len(old) - at, len(new) - there)
    begin, stride = 0, _FIRST_STRIDE
    while begin < longest:
        end = min(begin + stride, longest)
        one = np.frombuffer(old[at + begin : at + end], np.uint8)
        other = np.frombuffer(new[there + begin : there + end], np.uint8)
        unequal = np.flatnonzero(one != other)
        if unequal.size:
            return begin + int(unequal[0])
        begin, stride = end, min(2 * stride, _STRIDE)
    return max(longest, 0)


def _moved(old: Content, at: int, new: Content, shift: int) -> int | None:
    """By how much the next bytes were shifted; None where they are nowhere near."""
    if _same(old, at + SEED, new, at + SEED + shift) >= SEED:
        return None  # a few bytes were changed in place, as sizes and checksums are
    expected = max(at + shift, 0)
    found = new.find(old[at : at + SEED], max(expected - REACH, 0), expected + REACH)
    return None if found < 0 else found - at
