"""Small sound files with tags as DJ software leaves them, and tags read without any library."""

from __future__ import annotations

import struct
from pathlib import Path

import mutagen
import numpy as np
import soundfile
from mutagen.id3 import APIC, GEOB, PRIV, TIT2, TPE1, TXXX

RATE = 22050
SERATO = bytes(range(256)) * 9
"""Stands for what Serato keeps of cue points: bytes of every value, zeros among them."""
TRAKTOR = b"\x00\x00TRMD\xff\xfe" + bytes(reversed(range(256))) * 4
PICTURE = b"\xff\xd8\xff" + b"TAG" * 400

SUFFIXES = ("mp3", "aiff", "wav", "flac", "ogg")


def make_sound(path: Path, seconds: float = 0.4) -> Path:
    """Write noise that is another one for each name."""
    rng = np.random.default_rng(list(path.name.encode()))
    samples = 0.1 * rng.standard_normal(int(seconds * RATE))
    soundfile.write(path, samples.astype(np.float32), RATE)
    return path


def tag_like_a_dj(path: Path, version: int = 4) -> None:
    """Write what Serato, Traktor and a person leave in a file."""
    opened = mutagen.File(path)
    assert opened is not None
    if path.suffix in (".flac", ".ogg"):
        opened["TITLE"], opened["ARTIST"] = "Ünder", ["A", "B"]
        opened["SERATO_MARKERS_V2"] = "YXBwbGljYXRpb24v\nb2N0ZXQ="
        opened.save()
        return
    if opened.tags is None:
        opened.add_tags()
    for frame in (
        TIT2(encoding=1, text=["Ünder"]),
        TPE1(encoding=0, text=["A"]),
        TXXX(encoding=1, desc="Größe", text=["9"]),
        GEOB(encoding=0, mime="application/octet-stream", desc="Serato Markers2", data=SERATO),
        PRIV(owner="TRAKTOR4", data=TRAKTOR),
        APIC(encoding=0, mime="image/jpeg", type=3, desc="", data=PICTURE),
    ):
        opened.tags.add(frame)
    if path.suffix == ".mp3":
        opened.save(v2_version=version, v1=2)
    else:
        opened.save(v2_version=version)


def id3_of(path: Path) -> bytes:
    """The ID3v2 tag of a file as bytes, wherever it lies."""
    content = path.read_bytes()
    if content[:3] == b"ID3":
        return content[: 10 + _synchsafe(content[6:10])]
    order = "<" if content[:4] == b"RIFF" else ">"
    at = 12
    while at < len(content):
        name, size = content[at : at + 4], struct.unpack(order + "I", content[at + 4 : at + 8])[0]
        if name in (b"ID3 ", b"id3 "):
            return content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise AssertionError(f"{path} has no ID3 tag")


def frames_of(path: Path) -> list[bytes]:
    """The frames of a file's ID3v2.3 or 2.4 tag, each with its header."""
    tag = id3_of(path)
    version, at, frames = tag[3], 10, []
    while at + 10 <= len(tag) and tag[at]:
        size = tag[at + 4 : at + 8]
        length = _synchsafe(size) if version == 4 else int.from_bytes(size, "big")
        frames.append(tag[at : at + 10 + length])
        at += 10 + length
    return frames


def frame(name: bytes, content: bytes, flags: bytes = b"\0\0", version: int = 4) -> bytes:
    """Build a frame of ID3v2.3 or 2.4."""
    size = len(content)
    if version == 4:
        size = size & 0x7F | (size & 0x3F80) << 1 | (size & 0x1FC000) << 2
    return name + size.to_bytes(4, "big") + flags + content


def tag_of(frames: list[bytes], version: int = 4, flags: int = 0, padding: int = 64) -> bytes:
    """Build an ID3v2 tag."""
    body = b"".join(frames) + bytes(padding)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + body


def make_mp4(path: Path, sound: bytes, before: bytes = b"") -> None:
    """Write an MP4 file with one track of sound in two chunks, and boxes of others.

    Parameters
    ----------
    path : Path
    sound : bytes
        What the two chunks hold; nobody decodes it.
    before : bytes
        A list of metadata that is there already.
    """
    half = len(sound) // 2
    start = 0
    for _ in range(2):  # offsets of chunks depend on what lies before them
        offsets = struct.pack(">IIII", 0, 2, start, start + half)
        kind = bytes(6) + struct.pack(">HQHHII", 1, 0, 2, 16, 0, RATE << 16)
        described = box(b"mp4a", kind + box(b"free", b""))
        table = box(
            b"stbl",
            box(b"stsd", struct.pack(">II", 0, 1) + described) + box(b"stco", offsets),
        )
        media = box(
            b"mdia",
            box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, RATE, RATE, 0, 0))
            + box(b"hdlr", struct.pack(">II4s12xB", 0, 0, b"soun", 0))
            + box(b"minf", table),
        )
        movie = box(b"moov", box(b"trak", media) + box(b"udta", _meta(before)))
        head = box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + movie
        start = len(head) + 8
    path.write_bytes(head + box(b"mdat", sound))


def box(name: bytes, content: bytes) -> bytes:
    """Build a box of MP4."""
    return struct.pack(">I", 8 + len(content)) + name + content


def chunks_of(path: Path, length: int) -> bytes:
    """What the chunks of a file of `make_mp4` hold, found by its table of offsets."""
    content = path.read_bytes()
    at = content.index(b"stco") + 4
    _, count, *offsets = struct.unpack(">IIII", content[at : at + 16])
    assert count == 2
    return b"".join(content[offset : offset + length // 2] for offset in offsets)


def _meta(items: bytes) -> bytes:
    handler = box(b"hdlr", struct.pack(">II4s12xB", 0, 0, b"mdir", 0))
    return box(b"meta", bytes(4) + handler + box(b"ilst", items))


def _synchsafe(size: bytes) -> int:
    return size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]
