"""A row of the Parquet dataset: a file that was looked at, and what was heard in it.

Conventions
-----------
After ``path``, ``size``, ``modified``, ``kind``, ``digest`` and ``reason`` come the fields of
`Names` and of `Sound` (`oscbridge.library.track`), empty but in rows of kind ``track``. Numbers are
kept as they are, bit for bit.

==============  ===================================================================================
kind            what it says of the file
==============  ===================================================================================
``track``       this was heard in it
``copy``        it has the bytes of a track that stands in another row
``unreadable``  why nothing can be heard in it (``reason``)
==============  ===================================================================================

A path stands in ``path``; where its name is no valid Unicode, its bytes stand in ``path_bytes``.
"""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from oscbridge.library.track import Names, Section, Sound, Track

if TYPE_CHECKING:
    from oscbridge.library.far.catalogue import Entry

TRACK, COPY, UNREADABLE = "track", "copy", "unreadable"
IDENTITY = ("path", "path_bytes", "size", "modified", "kind", "digest")
"""Columns that say which file it was, and what came of it."""
_NAMES = tuple(field.name for field in dataclasses.fields(Names))
_SOUND = tuple(field.name for field in dataclasses.fields(Sound))
_SECTION = tuple(field.name for field in dataclasses.fields(Section))


class Seen(NamedTuple):
    """A row: a file that was looked at.

    Attributes
    ----------
    entry : Entry
        The file, with its true size.
    kind : str
        `TRACK`, `COPY` or `UNREADABLE`.
    digest : str
        Of its content; empty where it could not be read.
    reason : str
        Why it is unreadable.
    track : Track or None
        What was heard.
    """

    entry: Entry
    kind: str
    digest: str
    reason: str = ""
    track: Track | None = None


def build_schema() -> Any:
    """Columns and their types, as pyarrow knows them."""
    import pyarrow as pa

    number = pa.float64()
    others: dict[str, Any] = {
        **dict.fromkeys(("quadrant", "energy", "key"), pa.int64()),
        **dict.fromkeys(("quadrant_probabilities", "embedding"), pa.list_(number)),
        "model": pa.string(),
    }
    section = pa.struct([(name, others.get(name, number)) for name in _SECTION])
    others["sections"] = pa.list_(section)
    return pa.schema(
        [
            *(("path", pa.string()), ("path_bytes", pa.binary()), ("size", pa.int64())),
            *((name, pa.string()) for name in ("modified", "kind", "digest", "reason", *_NAMES)),
            *((name, others.get(name, number)) for name in _SOUND),
        ]
    )


def row_of(seen: Seen) -> dict[str, Any]:
    """A row, as values of the columns."""
    entry, track = seen.entry, seen.track
    readable = entry.path.encode("utf-8", "backslashreplace").decode()
    row: dict[str, Any] = {
        "path": readable,
        "path_bytes": None if readable == entry.path else os.fsencode(entry.path),
        "size": entry.size,
        "modified": entry.modified,
        "kind": seen.kind,
        "digest": seen.digest or None,
        "reason": seen.reason or None,
    }
    if track is not None:
        names = dataclasses.asdict(track.names)
        row |= {name: text.encode("utf-8", "replace").decode() for name, text in names.items()}
        row |= dataclasses.asdict(track.sound)
    return row


def path_of(row: dict[str, Any]) -> str:
    """Path of a row, as the file system knows it."""
    return row["path"] if row["path_bytes"] is None else os.fsdecode(row["path_bytes"])


def track_of(row: dict[str, Any]) -> Track:
    """Track of a row of kind `TRACK`."""
    names = Names(**{name: row[name] for name in _NAMES})
    sound = msgspec.convert({name: row[name] for name in _SOUND}, Sound)
    return Track(row["digest"], path_of(row), names, sound)
