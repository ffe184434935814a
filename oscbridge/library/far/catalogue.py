"""The files of a catalogue: of a folder, of what fsspec reaches, or of a list.

Conventions
-----------
A catalogue is a folder, a URL (``s3://bucket/music``, ``gs://…``, ``https://…``), one file of
sound, or a list: a text file, local or remote, with a path or URL a line (``#`` begins a comment,
relative paths begin at the list). Local files are named by absolute paths, others by URLs. Only
names are looked at, and what the file system says of size and change; nothing is read.

Folders are walked as ``oscbridge library add`` does (`oscbridge.library.indexing.collection`).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from oscbridge.errors import InputError, MissingExtraError
from oscbridge.library.indexing.collection import Collection, is_sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNKNOWN_SIZE = -1
ASKING = 16
"""Files of a list that are asked after at once."""
LARGEST_LIST_BYTES = 1 << 30
_CHANGES = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")
"""Under which names file systems say that a file is another one than before."""


class Entry(NamedTuple):
    """A file of a catalogue.

    Attributes
    ----------
    path : str
        Absolute path or URL.
    size : int
        Bytes; -1 where the file system does not say.
    modified : str
        Something that is different when the file was changed; may be empty.
    """

    path: str
    size: int = UNKNOWN_SIZE
    modified: str = ""


def entries(catalogue: str) -> Iterator[Entry]:
    """Yield the files of a catalogue that are called like music, each path once.

    Raises
    ------
    InputError
        There is no such thing, it cannot be read, or it is a list of nothing.
    MissingExtraError
        It is a URL, and the package for such is missing.
    """
    if not is_url(catalogue):
        path = os.path.abspath(catalogue)
        if os.path.isdir(path):
            return _in_folder(path)
    try:
        filesystem, path = reach(catalogue)
        filesystem.invalidate_cache()
        kind = filesystem.info(path)["type"]
        if kind == "directory":
            return _in_store(filesystem, path)
    except FileNotFoundError:
        raise InputError(f"there is no catalogue {catalogue!r}.") from None
    except OSError as error:
        raise InputError(f"the catalogue {catalogue!r} cannot be read: {error}.") from None
    if is_sound(os.path.basename(path)):
        return iter([_entry_of(catalogue)])
    return _in_list(catalogue, filesystem, path)


def is_url(path: str) -> bool:
    """Whether a path is one of a file system elsewhere."""
    return "://" in path or "::" in path


def reach(path: str) -> tuple[Any, str]:
    """File system of fsspec that a path or URL belongs to, and what it is called there.

    Raises
    ------
    InputError
        Nobody knows such URLs.
    MissingExtraError
        The package for such URLs is missing.
    """
    try:
        import fsspec.core
    except ImportError:
        raise MissingExtraError("a catalogue beyond this machine", "fsspec", "cluster") from None
    try:
        filesystem, inside = fsspec.core.url_to_fs(path)
    except ImportError as error:
        raise InputError(f"{path!r} cannot be reached: {error}.") from None
    except ValueError as error:
        raise InputError(f"{path!r} is no URL that can be reached: {error}.") from None
    return filesystem, str(inside)


def partitions(those: Iterable[Entry], count: int, most_bytes: int) -> Iterator[tuple[Entry, ...]]:
    """Divide files, in their order, into what one task does.

    Parameters
    ----------
    those : iterable of Entry
    count : int
        Files of a partition at most.
    most_bytes : int
        Bytes of a partition at most, a single file apart.
    """
    gathered: list[Entry] = []
    total = 0
    for entry in those:
        size = max(entry.size, 0)
        if gathered and (len(gathered) >= count or total + size > most_bytes):
            yield tuple(gathered)
            gathered, total = [], 0
        gathered.append(entry)
        total += size
    if gathered:
        yield tuple(gathered)


def _in_folder(folder: str) -> Iterator[Entry]:
    """Files of a folder; what cannot be looked at comes last, and whoever reads it says why."""
    collection = Collection([folder])
    for found in collection.files():
        yield Entry(found.path, found.size, str(found.mtime_ns))
    yield from (Entry(path) for path, _ in collection.closed)


def _in_store(filesystem: Any, root: str) -> Iterator[Entry]:
    for _, _, files in filesystem.walk(root, detail=True):
        for name in sorted(files):
            info = files[name]
            if is_sound(name) and info["name"].rstrip("/") != root.rstrip("/"):
                yield Entry(filesystem.unstrip_protocol(info["name"]), *_signs(info))


def _in_list(catalogue: str, filesystem: Any, path: str) -> Iterator[Entry]:
    try:
        if filesystem.size(path) > LARGEST_LIST_BYTES:
            raise InputError(f"{catalogue!r} is too large for a list of files.")
        text = filesystem.cat_file(path).decode("utf-8-sig", "surrogateescape")
    except OSError as error:
        raise InputError(f"the list {catalogue!r} cannot be read: {error}.") from None
    lines = (line.strip() for line in text.splitlines())
    named = dict.fromkeys(line for line in lines if line and not line.startswith("#"))
    if not named or "\0" in text:
        raise InputError(
            f"{catalogue!r} is neither music nor a list: a path or URL a line is expected."
        )
    parent = catalogue.rpartition("/")[0] if is_url(catalogue) else os.path.dirname(path)
    paths = [_beside(parent, name) for name in named]
    with ThreadPoolExecutor(ASKING) as asking:
        yield from asking.map(_entry_of, paths)


def _beside(parent: str, name: str) -> str:
    """A path of a list as seen from here."""
    if is_url(name) or os.path.isabs(name):
        return name
    return f"{parent}/{name}" if is_url(parent) else os.path.join(parent, name)


def _entry_of(path: str) -> Entry:
    """A file with what its file system says of it; whoever reads it will find what is wrong."""
    try:
        if not is_url(path):
            status = os.stat(path)
            return Entry(os.path.abspath(path), status.st_size, str(status.st_mtime_ns))
        filesystem, inside = reach(path)
        return Entry(path, *_signs(filesystem.info(inside)))
    except (OSError, InputError):
        return Entry(path)


def _signs(info: dict[str, Any]) -> tuple[int, str]:
    """Size and change, as far as a file system tells them."""
    size = info.get("size")
    change = next((str(info[name]) for name in _CHANGES if info.get(name) is not None), "")
    return (UNKNOWN_SIZE if size is None else int(size)), change
