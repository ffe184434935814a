"""Why a file is not decoded: copy protection, or a format that libsndfile does not know.

Conventions
-----------
MP4 files (ISO/IEC 14496-12) say in their ``moov`` box that samples are encrypted: sample entries
``drms`` (FairPlay) or ``enca`` with a ``sinf``. ASF files (WMA) carry an encryption object in their
header. Audible's brands and endings stand for themselves.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from typing import BinaryIO

_MOST_BYTES = 1 << 22
_ASF = UUID("75b22630-668e-11cf-a6d9-00aa0062ce6c").bytes_le
_ENCRYPTED = tuple(
    UUID(name).bytes_le
    for name in ("2211b3fb-bd23-11d2-b4b7-00a0c955fc6e", "298ae614-2622-4c17-b935-dae07ee9289c")
)
_PROTECTED = "is copy-protected (DRM): only the shop's own player can play it"
_FORMATS = {
    ".m4a": "AAC or ALAC",
    ".m4b": "AAC",
    ".m4r": "AAC",
    ".mp4": "AAC",
    ".aac": "AAC",
    ".wma": "Windows Media",
    ".asf": "Windows Media",
    ".ape": "Monkey's Audio",
    ".wv": "WavPack",
    ".mpc": "Musepack",
    ".dsf": "DSD",
    ".dff": "DSD",
}


def why_undecoded(path: str) -> str:
    """Why a file cannot be decoded here, a sentence without its name; empty where that is unknown.

    Parameters
    ----------
    path : str
        A file that could not be opened as sound.
    """
    ending = os.path.splitext(path)[1].lower()
    if ending in (".m4p", ".aa", ".aax") or _is_protected(path):
        return _PROTECTED
    if ending in _FORMATS:
        return (
            f"is {_FORMATS[ending]}, which is not decoded here: make a FLAC of it  "
            "(ffmpeg -i IN OUT.flac)"
        )
    return ""


def _is_protected(path: str) -> bool:
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(16)
            if head[4:8] == b"ftyp":
                return head[8:11] == b"aax" or _has_encrypted_track(stream)
            if head == _ASF:
                header = head + stream.read(_MOST_BYTES)
                return any(mark in header for mark in _ENCRYPTED)
    except OSError:
        pass
    return False


def _has_encrypted_track(stream: BinaryIO) -> bool:
    """Whether the ``moov`` box of an MP4 file holds an encrypted sample entry."""
    at, end = 0, os.fstat(stream.fileno()).st_size
    while at + 8 <= end:
        stream.seek(at)
        size, kind = struct.unpack(">I4s", stream.read(8))
        if size == 1:
            size = struct.unpack(">Q", stream.read(8).ljust(8, b"\0"))[0]
        if kind == b"moov":
            box = stream.read(min(size or end, _MOST_BYTES))
            return b"drms" in box or (b"enca" in box and b"sinf" in box)
        if size < 8:
            break
        at += size
    return False
