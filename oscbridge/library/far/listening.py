"""What a worker does: fetch files, hash them, listen to them.

Conventions
-----------
Everything here is called on another process or machine, with plain values, and gives plain values
back; nothing is written but a copy of the one file that is listened to, in the worker's own folder,
which goes when the file is done (or with the worker, if it is killed).

What goes wrong with a file is told, not raised: the other files of the partition go on. Trouble is
*passing* where another day may end better (a network, a permission, a file that changes), and is
not remembered; else it is the file's own, and is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from oscbridge.errors import InputError, OscbridgeError
from oscbridge.library.content import DIGEST_BYTES, digest_of
from oscbridge.library.far.catalogue import UNKNOWN_SIZE, Entry, is_url, reach
from oscbridge.library.indexing.protection import why_undecoded
from oscbridge.library.track import Track

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from oscbridge.library.track import Names, Sound

TRIES = 3
"""How often a file is fetched before its trouble is told."""
PAUSE_S = 1.0
"""Between two tries, twice as long each time."""
_CHUNK = 1 << 20


class Examined(NamedTuple):
    """What became of a file.

    Attributes
    ----------
    entry : Entry
        The file, with the size that was read.
    digest : str
        Of its content; empty where it could not be read.
    trouble : str
        What was wrong; empty where nothing was.
    passing : bool
        Whether another day may end better.
    track : Track or None
        What was heard, if that was wanted.
    worked_s : float
        How long a processor worked on it, seconds; waiting is not counted.
    """

    entry: Entry
    digest: str = ""
    trouble: str = ""
    passing: bool = False
    track: Track | None = None
    worked_s: float = 0.0


class _ChangedError(OSError):
    """A file is not what the catalogue says."""


def as_heard(heard: Sequence[Any], _model: str) -> Sequence[Sound]:
    """What was heard, where nothing is left to be judged."""
    return heard


@dataclass(frozen=True, slots=True)
class Ear:
    """How a worker listens.

    Attributes
    ----------
    hear : callable
        Takes a local file and the name of a model; returns what the track is called and what was
        heard. Raises `OscbridgeError` where nothing can be heard.
    model : str
        Name of the model.
    judge : callable
        Takes what was heard in the files of a partition; returns the sound of each.
    """

    hear: Callable[[str, str], tuple[Names, Any]]
    model: str = "music"
    judge: Callable[[Sequence[Any], str], Sequence[Sound]] = as_heard


class Identity(NamedTuple):
    """Which oscbridge a worker runs."""

    version: str
    model: str


def identity(model: str) -> Identity:
    """Who we are, for a coordinator that asks whether all workers are the same.

    Raises
    ------
    SettingsError
        The model is unknown.
    OscbridgeError
        The model's files are damaged.
    """
    from oscbridge import __version__
    from oscbridge.analyzer import Analyzer

    listens = Analyzer(48_000, model=model)
    return Identity(__version__, f"{listens.model_name}@{listens.model_digest}")


def hear_track(path: str, model: str) -> tuple[Names, Sound]:
    """Hear a file as ``oscbridge library add`` does.

    Raises
    ------
    OscbridgeError
        Nothing can be heard in it.
    """
    from oscbridge.library.describe import describe
    from oscbridge.library.tags import names_of

    return names_of(path), describe(path, model)


def hash_all(partition: Sequence[Entry]) -> list[Examined]:
    """Hash files without listening to them."""
    return [_examined(entry, None)[0] for entry in partition]


def listen_to_all(partition: Sequence[Entry], ear: Ear) -> list[Examined]:
    """Hash files and listen to them."""
    began_s = time.thread_time()
    found = [_examined(entry, ear) for entry in partition]
    sounds = iter(ear.judge([heard[1] for _, heard in found if heard], ear.model))
    worked_s = (time.thread_time() - began_s) / len(found)
    return [
        examined._replace(
            track=Track(examined.digest, examined.entry.path, heard[0], next(sounds)),
            worked_s=worked_s,
        )
        if heard
        else examined
        for examined, heard in found
    ]


_Found = tuple[Examined, "tuple[Names, Any] | None"]


def _examined(entry: Entry, ear: Ear | None) -> _Found:
    """Examine a file; where its file system is in trouble, more than once."""
    trouble = ""
    for attempt in range(TRIES):
        try:
            return _examined_once(entry, ear)
        except (FileNotFoundError, PermissionError, IsADirectoryError, _ChangedError) as error:
            return Examined(entry, trouble=_reason(error), passing=True), None
        except OSError as error:
            trouble = _reason(error)
            if attempt + 1 < TRIES:
                time.sleep(PAUSE_S * 2**attempt)
    return Examined(entry, trouble=trouble, passing=True), None


def _examined_once(entry: Entry, ear: Ear | None) -> _Found:
    with _fetched(entry) as (path, digest):
        found = entry._replace(size=os.path.getsize(path))
        if found.size == 0:
            return Examined(found, digest, "it is empty"), None
        if ear is None:
            return Examined(found, digest), None
        before = os.stat(path).st_mtime_ns
        try:
            heard = ear.hear(path, ear.model)
        except OscbridgeError as error:
            trouble = why_undecoded(path) or str(error).replace(path, entry.path)
            return Examined(found, digest, trouble), None
        if os.stat(path).st_mtime_ns != before:
            raise _ChangedError("it was changed while it was listened to")
        return Examined(found, digest), heard


@contextlib.contextmanager
def _fetched(entry: Entry) -> Generator[tuple[str, str]]:
    """A local file with the content of an entry, and its hash."""
    if not is_url(entry.path):
        with open(entry.path, "rb") as stream:
            digest = digest_of(stream)
        yield entry.path, digest
        return
    try:
        filesystem, inside = reach(entry.path)
    except InputError as error:
        raise _ChangedError(str(error)) from None
    with tempfile.TemporaryDirectory(prefix="oscbridge-", dir=_own_folder()) as folder:
        path = os.path.join(folder, f"track{os.path.splitext(inside)[1].lower()}")
        hashed = hashlib.blake2b(digest_size=DIGEST_BYTES)
        with filesystem.open(inside, "rb") as source, open(path, "wb") as copy:
            while chunk := source.read(_CHUNK):
                hashed.update(chunk)
                copy.write(chunk)
        if entry.size not in (UNKNOWN_SIZE, os.path.getsize(path)):
            raise _ChangedError(f"it has {os.path.getsize(path)} bytes, not {entry.size}")
        yield path, hashed.hexdigest()


def _own_folder() -> str | None:
    """Folder of the worker that runs this: others clean it up when the worker is killed."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # called without a cluster
        return None


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
