"""What was heard of a catalogue: a Parquet dataset, one row a file, one track a content.

Conventions
-----------
``DATASET/part-NNNNNN-HASH.parquet``; parts are only added, each is there as a whole or not at all.
`oscbridge.library.far.rows` says what a row is. A later row of a path replaces an earlier one.
Where two jobs wrote into one dataset at once and both heard a track, readers take the first.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from models.weights import write_whole
from oscbridge.errors import LibraryError, MissingExtraError
from oscbridge.library.far.catalogue import Entry, reach
from oscbridge.library.far.rows import (
    IDENTITY,
    TRACK,
    UNREADABLE,
    Seen,
    build_schema,
    path_of,
    row_of,
    track_of,
)
from oscbridge.profiles.lock import HeldError, Lock

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from oscbridge.library.track import Track

FORMAT = 1
LOCK = ".writer"
_MARK = b"oscbridge"


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
        self._local = "file" in self._filesystem.protocol
        self._model = model
        try:
            self._filesystem.invalidate_cache()
            found = self._filesystem.glob(f"{self._root.rstrip('/')}/part-*.parquet")
        except OSError as error:
            raise LibraryError(f"the dataset {place!r} cannot be read: {error}.") from None
        self._parts = sorted(str(part) for part in found)
        if self._parts:
            self._check(self._parts[-1])

    def __len__(self) -> int:
        """Parts."""
        return len(self._parts)

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Keep other jobs of this machine from writing into it; at a URL nobody is kept out.

        Raises
        ------
        LibraryError
            Another job writes into it, or it cannot be written at all.
        """
        if not self._local:
            yield
            return
        try:
            Path(self._root).mkdir(parents=True, exist_ok=True)
            lock = Lock(Path(self._root) / LOCK)
        except HeldError as error:
            raise LibraryError(
                f"process {error.holder} writes into the dataset {self.place!r}: wait for it."
            ) from None
        except OSError as error:
            raise _unwritable(self.place, error) from None
        try:
            yield
        finally:
            lock.release()

    @property
    def size_bytes(self) -> int:
        """Bytes of all parts."""
        return sum(int(self._filesystem.size(part)) for part in self._parts)

    def known(self) -> Known:
        """What it knows so far."""
        latest: dict[str, tuple[Entry, str]] = {}
        digests: set[str] = set()
        sizes: set[int] = set()
        for row in self._rows(list(IDENTITY)):
            entry = Entry(path_of(row), row["size"], row["modified"])
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
        table = pyarrow.Table.from_pylist([row_of(seen) for seen in rows], schema=schema)
        written = io.BytesIO()
        pyarrow.parquet.write_table(table, written, compression="zstd")
        blob = written.getvalue()
        number = 1 + max((int(part.rpartition("/")[2][5:11]) for part in self._parts), default=0)
        digest = hashlib.blake2b(blob, digest_size=4).hexdigest()
        part = f"{self._root.rstrip('/')}/part-{number:06d}-{digest}.parquet"
        try:
            if self._local:  # elsewhere what is put is whole by itself
                Path(part).parent.mkdir(parents=True, exist_ok=True)
                write_whole(Path(part), blob)
            else:
                self._filesystem.makedirs(self._root, exist_ok=True)
                self._filesystem.pipe_file(part, blob)
        except OSError as error:
            raise _unwritable(self.place, error) from None
        self._parts.append(part)

    def tracks(self) -> Iterator[Track]:
        """Yield each track once."""
        yielded: set[str] = set()
        for row in self._rows():
            if row["kind"] == TRACK and row["digest"] not in yielded:
                yielded.add(row["digest"])
                yield track_of(row)

    def looked_at(self) -> Iterator[Seen]:
        """Yield what is known of each file, as the rows stand; tracks without what was heard."""
        for row in self._rows([*IDENTITY, "reason"]):
            entry = Entry(path_of(row), row["size"], row["modified"])
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


def _unwritable(place: str, error: OSError) -> LibraryError:
    reason = error.strerror or str(error)
    return LibraryError(f"the dataset {place!r} cannot be written: {reason}.")
