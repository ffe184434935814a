"""A file's content, replaced as a whole or not at all.

Conventions
-----------
A draft is made beside the file, under a name that begins with `DRAFT`, and takes its place in one
step; rights, owner and extended attributes go along. Behind a symbolic link it is the file itself
that is replaced; other hard links keep the former content. A draft that a crash left behind is
replaced by the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.library.content import digest_of
from oscbridge.library.tagging.writing import TagError

if TYPE_CHECKING:
    from collections.abc import Generator

DRAFT = ".oscbridge-"


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was found.

    Attributes
    ----------
    path : Path
        The file itself, links resolved.
    status : os.stat_result
        Its size, times, owner.
    digest : str
        Of its content.
    """

    path: Path
    status: os.stat_result
    digest: str

    @property
    def untouched(self) -> bool:
        """Whether nobody has changed or replaced the file since."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        then = self.status
        return (now.st_ino, now.st_size, now.st_mtime_ns) == (
            then.st_ino,
            then.st_size,
            then.st_mtime_ns,
        )


def found(path: str) -> Original:
    """Look at a file that is to be changed.

    Raises
    ------
    TagError
        It is not there, no file, empty, or may not be written.
    """
    real = Path(os.path.realpath(path))
    with said():
        status = real.stat()
        if not stat.S_ISREG(status.st_mode):
            raise TagError("it is no file")
        if not status.st_size:
            raise TagError("it is empty")
        if not status.st_mode & 0o222 or not os.access(real, os.W_OK):
            raise TagError("it is read-only")
        with real.open("rb") as stream:
            original = Original(real, status, digest_of(stream))
    if not original.untouched:
        raise TagError("it is being changed by another program")
    return original


@contextlib.contextmanager
def draft_of(original: Original) -> Generator[Path]:
    """Give a path beside the file for its next content; nothing is left there afterwards.

    Raises
    ------
    TagError
        Its folder cannot be written, the disk is full.
    """
    name = hashlib.blake2b(os.fsencode(original.path.name), digest_size=8).hexdigest()
    draft = original.path.with_name(DRAFT + name + original.path.suffix)
    with said():
        try:
            yield draft
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def finish(draft: Path) -> str:
    """Bring a draft to the disk; return the digest of its content. Raises `OSError`."""
    with draft.open("r+b") as stream:
        digest = digest_of(stream)
        os.fsync(stream.fileno())
    return digest


def take_place(draft: Path, original: Original, mtime_ns: int | None) -> os.stat_result:
    """Put a draft in the place of a file, if that is still what it was.

    Parameters
    ----------
    draft : Path
        The next content, on the disk.
    original : Original
    mtime_ns : int or None
        When it is to have been written; None: now.

    Returns
    -------
    os.stat_result
        Of the file as it lies there now.

    Raises
    ------
    TagError
        Another program changed the file meanwhile, or its owner could not be kept.
    OSError
        The system does not let us.
    """
    now, then = draft.stat(), original.status
    if os.name == "posix" and (now.st_uid, now.st_gid) != (then.st_uid, then.st_gid):
        try:
            os.chown(draft, then.st_uid, then.st_gid)
        except PermissionError:
            raise TagError("it belongs to somebody else") from None
    shutil.copystat(original.path, draft)
    if mtime_ns is None:
        os.utime(draft)
    else:
        os.utime(draft, ns=(then.st_atime_ns, mtime_ns))
    status = draft.stat()
    if not original.untouched:
        raise TagError("another program changed it meanwhile; try again")
    os.replace(draft, original.path)
    if os.name == "posix":
        folder = os.open(original.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return status


@contextlib.contextmanager
def said() -> Generator[None]:
    """Turn what the system says into a reason. Raises `TagError`."""
    try:
        yield
    except OSError as error:
        raise TagError(error.strerror or str(error)) from None
