"""A track as rows of the tables, and back.

Conventions
-----------
Numbers are kept as they are, bit for bit. The sections of a track are one MessagePack array of
arrays, in the order of the fields of `Section`. Paths are the bytes that the file system knows:
a name in whatever encoding comes back as it was.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Any

import msgspec

from oscbridge.library.track import Names, Section, Sound, Track

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    *("digest", "title", "artist", "album", "genre", "file"),
    *("duration_s", "valence", "arousal", "valence_sd", "arousal_sd", "dominance", "quadrant"),
    *("q1", "q2", "q3", "q4", "confidence", "energy", "tempo_bpm", "key", "loudness_lufs", "model"),
)
"""Columns of the table ``tracks``, in the order of `row_of`."""

SELECT = f"""
SELECT {", ".join(COLUMNS)}, embedding, sections,
    (SELECT path FROM files WHERE files.track = tracks.id ORDER BY files.rowid DESC LIMIT 1)
FROM tracks JOIN details ON details.track = tracks.id
"""
"""What `track_of` reads."""

Row = tuple[Any, ...]

_SECTION_FIELDS = tuple(Section.__dataclass_fields__)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[Any, ...]]).decode


def path_bytes(path: str) -> bytes:
    """A path as the file system knows it."""
    return os.fsencode(path)


def path_of(stored: bytes | None) -> str:
    """The path that `path_bytes` stored; empty where there is none."""
    return os.fsdecode(stored or b"")


def text_of(text: str) -> str:
    """A text that can be stored: what is not valid Unicode is replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def row_of(track: Track) -> Row:
    """Values of `COLUMNS`."""
    names, sound = track.names, track.sound
    file = track.path.replace("\\", "/").rsplit("/", 1)[-1]
    return (
        track.digest,
        text_of(names.title),
        text_of(names.artist),
        text_of(names.album),
        text_of(names.genre),
        text_of(file),
        sound.duration_s,
        sound.valence,
        sound.arousal,
        sound.valence_sd,
        sound.arousal_sd,
        sound.dominance,
        sound.quadrant,
        *sound.quadrant_probabilities,
        sound.confidence,
        sound.energy,
        sound.tempo_bpm,
        sound.key,
        sound.loudness_lufs,
        sound.model,
    )


def details_of(sound: Sound) -> tuple[bytes, bytes]:
    """Embedding and sections, packed."""
    sections = [[getattr(section, name) for name in _SECTION_FIELDS] for section in sound.sections]
    return struct.pack(f"<{len(sound.embedding)}d", *sound.embedding), _encode(sections)


def track_of(row: Sequence[Any]) -> Track:
    """Build the track that a row of `SELECT` describes."""
    digest, title, artist, album, genre, _file, *numbers, embedding, sections, path = row
    duration_s, valence, arousal, valence_sd, arousal_sd, dominance, quadrant = numbers[:7]
    q1, q2, q3, q4, confidence, energy, tempo_bpm, key, loudness_lufs, model = numbers[7:]
    sound = Sound(
        duration_s=duration_s,
        valence=valence,
        arousal=arousal,
        valence_sd=valence_sd,
        arousal_sd=arousal_sd,
        dominance=dominance,
        quadrant=quadrant,
        quadrant_probabilities=(q1, q2, q3, q4),
        confidence=confidence,
        energy=energy,
        tempo_bpm=tempo_bpm,
        key=key,
        loudness_lufs=loudness_lufs,
        embedding=struct.unpack(f"<{len(embedding) // 8}d", embedding),
        sections=tuple(_section_of(packed) for packed in _decode(sections)),
        model=model,
    )
    return Track(digest, path_of(path), Names(title, artist, album, genre), sound)


def _section_of(packed: tuple[Any, ...]) -> Section:
    return Section(*packed[:-1], embedding=tuple(packed[-1]))
