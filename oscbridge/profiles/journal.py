"""A log that is only ever appended to, and the state that it starts from: safe at every byte.

Conventions
-----------
Two files in a folder of their own. ``state`` is one record and is replaced whole or not at all;
``log`` has a record a line and grows. A record is the CRC-32 of its content in eight hex digits, a
space, the content, which has no line end in it, and a line end. A content begins with its running
number and a space, so that what stands in the state already is known in the log.

`Journal.append` returns when the record is on the disk: until then it is not acknowledged. Whatever
ends the process, and wherever it was, the next `Journal` finds all records that were acknowledged
and perhaps the one that was not. One that is not complete is cut off; one that is damaged is left
out, and the file as it was is kept beside it. `Journal.repaired` says so. Only one process may hold
a journal.
"""

from __future__ import annotations

import contextlib
import errno
import os
import zlib
from typing import TYPE_CHECKING

from models.weights import write_whole
from oscbridge.profiles.lock import Lock

if TYPE_CHECKING:
    from pathlib import Path

STATE, LOG, DAMAGED = "state", "log", "log.damaged"
LONGEST = 1 << 26
"""A record of more bytes than that is none of ours."""


class DamagedError(ValueError):
    """A state that cannot be read; says why."""


class Journal:
    """The records of a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Attributes
    ----------
    state : bytes or None
        Content of the state; None of a new journal.
    records : list of bytes
        Contents of the log that are newer than the state, oldest first.
    last : int
        Number of the newest record.
    lessons : int
        Records in the log.
    repaired : str
        What was wrong and has been put right, a sentence; empty where nothing was.

    Raises
    ------
    HeldError
        Another process holds it.
    DamagedError
        The state cannot be read.
    OSError
        The folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = Lock(folder / "lock")
        self._fd = -1
        self._torn = False
        try:
            number, self.state = read_state(folder)
            contents, self._whole = read_log(folder)
            self.records = [content for n, content in contents if n > number]
            self.last = max([number, *(n for n, _ in contents)])
            self.lessons = len(contents)
            self.repaired = self._repair()
            self._fd = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            self._length = os.fstat(self._fd).st_size
            _settle(folder)
        except BaseException:
            self.close()
            raise

    def append(self, content: bytes) -> int:
        """Write a record, and wait until it is on the disk.

        Returns
        -------
        int
            Its number.

        Raises
        ------
        OSError
            It could not be written; the log is as it was.
        """
        line = _record(self.last + 1, content)
        try:
            view = memoryview(b"\n" + line if self._torn else line)
            while view:
                view = view[os.write(self._fd, view) :]
            os.fsync(self._fd)
        except OSError:
            self._torn = True  # else the next record would go on where this one ended
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self._length)
                self._torn = False
            raise
        self._torn = False
        self._length = os.fstat(self._fd).st_size
        self.last += 1
        self.lessons += 1
        return self.last

    def settle(self, content: bytes) -> None:
        """Make a state of all so far, and begin a new log.

        Raises
        ------
        OSError
            It could not be written; what was there stays.
        """
        write_whole(self._folder / STATE, _record(self.last, content))
        _settle(self._folder)
        os.ftruncate(self._fd, 0)
        os.fsync(self._fd)
        self._length = self.lessons = 0

    def close(self) -> None:
        """Let go of the files; a second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
        self._lock.release()

    def _repair(self) -> str:
        """Put the log right; say what was wrong."""
        path = self._folder / LOG
        if self._whole.is_sound:
            return ""
        if self._whole.damaged:
            os.replace(path, self._folder / DAMAGED)
            write_whole(path, self._whole.sound)
            return (
                f"{self._whole.damaged} of what was taught could not be read and is left out; the "
                f"file as it was: {self._folder / DAMAGED}"
            )
        os.truncate(path, len(self._whole.sound))
        return "the last thing that was taught was not complete on the disk and is left out"


class Log:
    """What is sound of a log.

    Attributes
    ----------
    sound : bytes
        The records that are good.
    damaged : int
        Records that are not.
    is_sound : bool
        Whether all are good and complete.
    """

    def __init__(self, data: bytes) -> None:
        *lines, torn = data.split(b"\n")
        good = [line for line in lines if _content(line) is not None]
        self.contents = [_numbered(line) for line in good]
        self.sound = b"".join(line + b"\n" for line in good)
        self.damaged = len(lines) - len(good)
        self.is_sound = not self.damaged and not torn


def read_state(folder: Path) -> tuple[int, bytes | None]:
    """Number and content of the state; 0 and None where there is none.

    Raises
    ------
    DamagedError
        It cannot be read.
    OSError
        As files raise it.
    """
    try:
        data = _read(folder / STATE)
    except FileNotFoundError:
        return 0, None
    if not data.endswith(b"\n") or _content(data[:-1]) is None:
        raise DamagedError(f"{folder / STATE} is damaged")
    return _numbered(data[:-1])


def read_log(folder: Path) -> tuple[list[tuple[int, bytes]], Log]:
    """Numbers and contents of the log. Raises ``OSError`` as files do."""
    try:
        log = Log(_read(folder / LOG))
    except FileNotFoundError:
        log = Log(b"")
    return log.contents, log


def _read(path: Path) -> bytes:
    """Read a plain file: a device might never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, f"{path} is no file")
    return path.read_bytes()


def _record(number: int, content: bytes) -> bytes:
    if b"\n" in content or len(content) > LONGEST:
        raise ValueError("a record is one line of at most 64 MiB")
    numbered = b"%d %s" % (number, content)
    return b"%08x %s\n" % (zlib.crc32(numbered), numbered)


def _content(line: bytes) -> bytes | None:
    """Number and content of a record, None where it is damaged."""
    checksum, _, numbered = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(numbered) or not numbered.partition(b" ")[0].isdigit():
        return None
    return numbered


def _numbered(line: bytes) -> tuple[int, bytes]:
    number, _, content = line.partition(b" ")[2].partition(b" ")
    return int(number), content


def _settle(folder: Path) -> None:
    """Have the names of new files on the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
