"""Tags written into files, and taken back; the library follows.

Conventions
-----------
For each file: it is what the library heard; a draft is written and proves to differ in nothing but
our fields; the way back is tried, kept, and on the disk; only then the draft takes the file's place
and the library is told. After a crash between any two of these steps the next run tells the library
what it missed.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from oscbridge.library.content import DIGEST_BYTES
from oscbridge.library.store import SeenFile
from oscbridge.library.tagging.backup import Write
from oscbridge.library.tagging.difference import difference, former
from oscbridge.library.tagging.replacing import (
    Original,
    draft_of,
    finish,
    found,
    said,
    take_place,
)
from oscbridge.library.tagging.writing import TagError, fields_of, write_fields

if TYPE_CHECKING:
    import os
    from collections.abc import Generator
    from pathlib import Path

    from oscbridge.library.store import Library
    from oscbridge.library.tagging.backup import Backups
    from oscbridge.library.tagging.changes import Change


class Tagger:
    """Writes tags of a library's files, one run of it.

    Parameters
    ----------
    library : Library
        Open for writing.
    backups : Backups
        Those of this library.
    keep_mtime : bool
        Whether files keep the time at which they were written last.

    Raises
    ------
    LibraryError
        The library cannot be written.
    """

    def __init__(self, library: Library, backups: Backups, *, keep_mtime: bool = False) -> None:
        self._library = library
        self._backups = backups
        self._keep_mtime = keep_mtime
        self._run = 0
        self._catch_up()

    def write(self, change: Change) -> None:
        """Write what is wanted into a file.

        Raises
        ------
        TagError
            The file stays what it was; says why.
        LibraryError
            The backup or the library cannot be written.
        """
        original = found(change.path)
        if original.digest != change.digest:
            raise TagError("it has changed since the library heard it: oscbridge library add")
        with draft_of(original) as draft:
            shutil.copyfile(original.path, draft)
            write_fields(str(draft), change.wanted)
            after = finish(draft)
            write = Write(
                change.path,
                original.digest,
                after,
                original.status.st_mtime_ns,
                {name: change.says[name] for name in change.wanted},
                change.wanted,
                _way_back(original, draft),
            )
            self._run = self._run or self._backups.begin()
            self._backups.keep(self._run, write)
            mtime_ns = original.status.st_mtime_ns if self._keep_mtime else None
            status = take_place(draft, original, mtime_ns)
        self._follow(original.digest, change.path, after, status)

    def take_back(self, write: Write) -> str:
        """Make a file what it was before a write; return how, for the user.

        A file that others have changed since loses only our fields; those that say something else
        by now stay.

        Raises
        ------
        TagError
            The file stays what it is; says why.
        LibraryError
            The backup or the library cannot be written.
        """
        path = self._place_of(write)
        original = found(path)
        if original.digest == write.before:  # a crash came between, or somebody was faster
            self._follow(write.after, path, write.before, original.status)
            self._backups.mark_undone(write)
            return "is what it was"
        exact = original.digest == write.after
        with draft_of(original) as draft:
            if exact:
                _build_former(write, original, draft)
            elif not _without_ours(write, original, draft):
                self._backups.mark_undone(write)
                return "others have changed it: nothing of ours is left"
            after = finish(draft)
            if exact and after != write.before:
                raise TagError("its backup is damaged")
            status = take_place(draft, original, write.mtime_ns if exact else None)
        self._follow(original.digest, path, after, status)
        self._backups.mark_undone(write)
        return "as it was, byte for byte" if exact else "others have changed it: only our fields"

    def _catch_up(self) -> None:
        """Tell the library of the last file, if a crash came before it was told."""
        last = self._backups.last()
        if last is None or last.path not in self._library.paths(last.before):
            return
        with contextlib.suppress(TagError):  # the file is gone: nothing to tell
            now = found(last.path)
            if now.digest == last.after:
                self._follow(last.before, last.path, now.digest, now.status)

    def _place_of(self, write: Write) -> str:
        """Where the file of a write lies now, as far as the library knows."""
        places = self._library.paths(write.after)
        return write.path if write.path in places or not places else places[0]

    def _follow(self, old: str, path: str, digest: str, status: os.stat_result) -> None:
        """Tell the library that a file has another content, and is the same track."""
        track = self._library.track(old)
        if track is None or path not in self._library.paths(old):
            return  # the library knows nothing of this file any more
        seen = SeenFile(path, status.st_size, status.st_mtime_ns, digest)
        self._library.follow(old, replace(track, digest=digest, path=path), seen)


def _way_back(original: Original, draft: Path) -> bytes:
    """Tell a file by its draft, and try it. Raises `TagError`."""
    with _content(original.path) as old, _content(draft) as new:
        told = difference(old, new)
        digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
        for piece in former(told, new):
            digest.update(piece)
    if digest.hexdigest() != original.digest:
        raise TagError("another program changed it meanwhile; try again")
    return told


def _build_former(write: Write, original: Original, draft: Path) -> None:
    """Build what a file was before a write."""
    with _content(original.path) as new, draft.open("wb") as rebuilt:
        rebuilt.writelines(former(write.difference, new))


@contextlib.contextmanager
def _content(path: Path) -> Generator[mmap.mmap]:
    """A file as bytes that need no memory."""
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        yield content


def _without_ours(write: Write, original: Original, draft: Path) -> bool:
    """Build a file with what its fields said before; False where none is ours any more.

    Raises
    ------
    TagError
        Its tags cannot be written.
    """
    says = fields_of(str(original.path))
    ours = {name: write.said[name] for name in write.written if says[name] == write.written[name]}
    if not ours:
        return False
    with said():
        shutil.copyfile(original.path, draft)
    write_fields(str(draft), ours)
    return True
