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
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from oscbridge.errors import LibraryError
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

PUT = f"""
INSERT INTO tracks ({", ".join(COLUMNS)}) VALUES ({", ".join("?" * len(COLUMNS))})
ON CONFLICT (digest) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}
"""
PUT_WORDS = """
INSERT INTO words (rowid, title, artist, album, genre, file)
SELECT id, title, artist, album, genre, file FROM tracks WHERE id > ?
"""
PUT_DETAILS = """
INSERT OR REPLACE INTO details (track, embedding, sections)
VALUES ((SELECT id FROM tracks WHERE digest = ?), ?, ?)
"""
PUT_FILE = """
INSERT OR REPLACE INTO files (path, track, size, mtime_ns, trouble)
VALUES (?, (SELECT id FROM tracks WHERE digest = ?), ?, ?, ?)
"""
DROP_LOST = """
DELETE FROM tracks WHERE id = ? AND NOT EXISTS (SELECT 1 FROM files WHERE track = tracks.id)
"""

Row = tuple[Any, ...]

UNSEEN = -1
"""Size and time of a file that has to be looked at again."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file that was looked at.

    Attributes
    ----------
    path : str
        Where it lies.
    size : int
        Bytes.
    mtime_ns : int
        When it was written last, nanoseconds.
    digest : str
        Its track; empty where it could not be read.
    trouble : str
        Why it could not, a sentence.
    """

    path: str
    size: int
    mtime_ns: int
    digest: str = ""
    trouble: str = ""


_fields_of = attrgetter(*Section.__dataclass_fields__)
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


def details_of(track: Track) -> tuple[str, bytes, bytes]:
    """Digest, embedding and sections, packed."""
    sound = track.sound
    embedding = struct.pack(f"<{len(sound.embedding)}d", *sound.embedding)
    return track.digest, embedding, _encode([_fields_of(section) for section in sound.sections])


def file_row_of(file: SeenFile) -> Row:
    """Values of `PUT_FILE`."""
    return path_bytes(file.path), file.digest, file.size, file.mtime_ns, file.trouble


def track_of(row: Sequence[Any]) -> Track:
    """Build the track that a row of `SELECT` describes.

    Raises
    ------
    LibraryError
        The row is damaged; says how to mend it.
    """
    try:
        return _track_of(row)
    except (struct.error, TypeError, ValueError, msgspec.MsgspecError):
        called = path_of(row[-1]) or str(row[0])
        raise LibraryError(
            f"what it knows of {called!r} is damaged; oscbridge library add --again listens to it"
        ) from None


def _track_of(row: Sequence[Any]) -> Track:
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
