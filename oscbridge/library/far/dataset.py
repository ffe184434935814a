"""What was heard of a catalogue: a Parquet dataset, one row a file, one track a content.

Conventions
-----------
``DATASET/part-NNNNNN-HASH.parquet``; parts are only added, each is there as a whole or not at all.
After ``path``, ``size``, ``modified``, ``kind``, ``digest`` and ``reason`` come the fields of
`Names` and of `Sound` (`oscbridge.library.track`), empty but in rows of kind ``track``:

==============  ===================================================================================
kind            what it says of the file
==============  ===================================================================================
``track``       this was heard in it
``copy``        it has the bytes of a track that stands in another row
``unreadable``  why nothing can be heard in it (``reason``)
==============  ===================================================================================

A path stands in ``path``; where its name is no valid Unicode, its bytes stand in ``path_bytes``. A
later row of a path replaces an earlier one. Where two jobs wrote into one dataset at once and both
heard a track, readers take the first.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from models.weights import write_whole
from oscbridge.errors import LibraryError, MissingExtraError
from oscbridge.library.far.catalogue import Entry, reach
from oscbridge.library.track import Names, Section, Sound, Track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT = 1
TRACK, COPY, UNREADABLE = "track", "copy", "unreadable"
_MARK = b"oscbridge"
_NAMES = tuple(field.name for field in dataclasses.fields(Names))
_SOUND = tuple(field.name for field in dataclasses.fields(Sound))
_SECTION = tuple(field.name for field in dataclasses.fields(Section))
_IDENTITY = ["path", "path_bytes", "size", "modified", "kind", "digest"]


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


class Known(NamedTuple):
    """What a dataset knows, as far as it decides what is still to be done.

    Attributes
    ----------
    files : set of Entry
        As they were when they were looked at.
    unreadable : set of Entry
        Those of them in which nothing could be heard.
    digests : set of str
        Of the tracks.
    sizes : set of int
        Of the tracks, bytes.
    """

    files: set[Entry]
    unreadable: set[Entry]
    digests: set[str]
    sizes: set[int]


class Dataset:
    """A dataset in a folder or at a URL; made with its first part.

    Parameters
    ----------
    place : str
        Folder or URL.
    model : str
        ``name@digest`` of the model whose tracks it may hold; empty: of any.

    Raises
    ------
    LibraryError
        It cannot be read, is none of ours, newer, or of another model.
    MissingExtraError
        pyarrow or the package for such URLs is missing.
    """

    def __init__(self, place: str, model: str = "") -> None:
        if find_spec("pyarrow") is None:
            raise MissingExtraError("a Parquet dataset", "pyarrow", "cluster")
        self.place = place
        self._filesystem, self._root = reach(place)
        self._model = model
        try:
            found = self._filesystem.glob(f"{self._root.rstrip('/')}/part-*.parquet")
        except OSError as error:
            raise LibraryError(f"the dataset {place!r} cannot be read: {error}.") from None
        self._parts = sorted(str(part) for part in found)
        if self._parts:
            self._check(self._parts[-1])

    def __len__(self) -> int:
        """Parts."""
        return len(self._parts)

    @property
    def size_bytes(self) -> int:
        """Bytes of all parts."""
        return sum(int(self._filesystem.size(part)) for part in self._parts)

    def known(self) -> Known:
        """What it knows so far."""
        latest: dict[str, tuple[Entry, str]] = {}
        digests: set[str] = set()
        sizes: set[int] = set()
        for row in self._rows(_IDENTITY):
            entry = Entry(_path_of(row), row["size"], row["modified"])
            latest[entry.path] = entry, row["kind"]
            if row["kind"] == TRACK:
                digests.add(row["digest"])
                sizes.add(entry.size)
        files = {entry for entry, _ in latest.values()}
        unreadable = {entry for entry, kind in latest.values() if kind == UNREADABLE}
        return Known(files, unreadable, digests, sizes)

    def append(self, rows: Sequence[Seen]) -> None:
        """Add a part; it is there as a whole or not at all.

        Raises
        ------
        LibraryError
            It cannot be written.
        """
        import pyarrow
        import pyarrow.parquet

        mark = json.dumps({"format": FORMAT, "model": self._model}).encode()
        schema = build_schema().with_metadata({_MARK: mark})
        table = pyarrow.Table.from_pylist([_row_of(seen) for seen in rows], schema=schema)
        written = io.BytesIO()
        pyarrow.parquet.write_table(table, written, compression="zstd")
        blob = written.getvalue()
        number = 1 + max((int(part.rpartition("/")[2][5:11]) for part in self._parts), default=0)
        digest = hashlib.blake2b(blob, digest_size=4).hexdigest()
        part = f"{self._root.rstrip('/')}/part-{number:06d}-{digest}.parquet"
        try:
            if "file" in self._filesystem.protocol:  # elsewhere what is put is whole by itself
                Path(part).parent.mkdir(parents=True, exist_ok=True)
                write_whole(Path(part), blob)
            else:
                self._filesystem.makedirs(self._root, exist_ok=True)
                self._filesystem.pipe_file(part, blob)
        except OSError as error:
            reason = error.strerror or str(error)
            raise LibraryError(f"the dataset {self.place!r} cannot be written: {reason}.") from None
        self._parts.append(part)

    def tracks(self) -> Iterator[Track]:
        """Yield each track once."""
        yielded: set[str] = set()
        for row in self._rows():
            if row["kind"] == TRACK and row["digest"] not in yielded:
                yielded.add(row["digest"])
                yield _track_of(row)

    def looked_at(self) -> Iterator[Seen]:
        """Yield what is known of each file, as the rows stand; tracks without what was heard."""
        for row in self._rows([*_IDENTITY, "reason"]):
            entry = Entry(_path_of(row), row["size"], row["modified"])
            yield Seen(entry, row["kind"], row["digest"] or "", row["reason"] or "")

    def _rows(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        import pyarrow
        import pyarrow.parquet

        for part in self._parts:
            try:
                with self._filesystem.open(part, "rb") as stream:
                    table = pyarrow.parquet.read_table(stream, columns=columns)
            except (OSError, pyarrow.ArrowException) as error:
                raise LibraryError(f"{part!r} is damaged or cannot be read: {error}.") from None
            yield from table.to_pylist()

    def _check(self, part: str) -> None:
        """Refuse what a part says of itself."""
        import pyarrow
        import pyarrow.parquet

        try:
            with self._filesystem.open(part, "rb") as stream:
                metadata = pyarrow.parquet.read_schema(stream).metadata or {}
            said = json.loads(metadata[_MARK])
        except (OSError, pyarrow.ArrowException, KeyError, ValueError):
            raise LibraryError(f"{part!r} is damaged, or was not made by oscbridge.") from None
        if said["format"] > FORMAT:
            raise LibraryError(
                f"the dataset {self.place!r} was written by a newer oscbridge: update oscbridge."
            )
        if self._model and said["model"] != self._model:
            raise LibraryError(
                f"the dataset {self.place!r} was heard by {said['model']}, not {self._model}: "
                "give another place, so that one model has heard all of it."
            )


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


def _row_of(seen: Seen) -> dict[str, Any]:
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


def _path_of(row: dict[str, Any]) -> str:
    return row["path"] if row["path_bytes"] is None else os.fsdecode(row["path_bytes"])


def _track_of(row: dict[str, Any]) -> Track:
    names = Names(**{name: row[name] for name in _NAMES})
    sound = msgspec.convert({name: row[name] for name in _SOUND}, Sound)
    return Track(row["digest"], _path_of(row), names, sound)
