"""A log or chat file that somebody else writes, followed as it grows.

Conventions
-----------
What was there before is old news: following begins at the end. A file that is not there yet is
waited for and read from its beginning; one that was replaced by another (rotation) or became
shorter (truncation) is taken for a new one and read from its beginning, after what was left of the
old one. A line counts when its end was written. Text is UTF-8, or UTF-16 with a byte order mark;
what is neither is replaced letter by letter.

A thread looks ten times a second: this works on every file system, network folders too.
"""

from __future__ import annotations

import os
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_S = 0.1
STOP_S = 2.0
MOST_BYTES = 1 << 20
"""Read at once; of what was written since the last look at most the end counts."""
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class FollowedFile:
    """Follows a file until it is closed.

    Parameters
    ----------
    path : Path
        The file, which need not be there.
    take : callable
        Takes each line without its end, in a thread of the file's own.

    Attributes
    ----------
    detail : str
        Why nothing is read; empty where all is well.
    """

    def __init__(self, path: Path, take: Callable[[str], None]) -> None:
        self.name = str(path)
        self.detail = ""
        self._path = path
        self._take = take
        self._stream: IO[bytes] | None = None
        self._rest = b""
        self._encoding = "utf-8"
        self._open(at_end=True)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensor-text-file", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow no more; a second call does nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._ended.wait(LOOK_S):
            try:
                self._look()
            except OSError as error:
                self._lose(error)
        self._forget()

    def _look(self) -> None:
        """Take what is new; change to another file where there is one."""
        if self._stream is None:
            self._open(at_end=False)
        if self._stream is None:
            return
        self._read(self._stream)
        here = os.fstat(self._stream.fileno())
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return  # moved away: a new one comes, or the writer goes on in the old one
        replaced = (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)
        if replaced or here.st_size < self._stream.tell():
            if replaced:
                self._read(self._stream)  # what was written between the two looks
            self._forget()
            self._open(at_end=False)
            if self._stream is not None:
                self._read(self._stream)

    def _open(self, *, at_end: bool) -> None:
        try:
            stream = self._path.open("rb")
        except OSError as error:
            self._lose(error)
            return
        self._encoding = _MARKS.get(stream.read(2), "utf-8")
        stream.seek(0, os.SEEK_END if at_end else os.SEEK_SET)
        self._stream, self._rest, self.detail = stream, b"", ""

    def _lose(self, error: OSError) -> None:
        self._forget()
        why = "is not there yet" if isinstance(error, FileNotFoundError) else str(error.strerror)
        self.detail = f"{self.name}: {why}"

    def _forget(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _read(self, stream: IO[bytes]) -> None:
        """Take the lines that were finished since the last time."""
        size = os.fstat(stream.fileno()).st_size
        if size - stream.tell() > MOST_BYTES:
            stream.seek(size - MOST_BYTES)
            self._rest = b""
        end = "\n".encode(self._encoding)
        *whole, self._rest = _split(self._rest + stream.read(MOST_BYTES), end)
        self._rest = self._rest[-MOST_BYTES:]
        for line in whole:
            self._take(line.decode(self._encoding, "replace").strip("\ufeff\r\n"))


def _split(data: bytes, end: bytes) -> list[bytes]:
    """Cut at line ends, which begin at a multiple of their length."""
    if len(end) == 1:
        return data.split(end)
    parts: list[bytes] = []
    begin = at = 0
    while (at := data.find(end, at)) >= 0:
        if (at - begin) % len(end) == 0:
            parts.append(data[begin:at])
            begin = at = at + len(end)
        else:
            at += 1
    return [*parts, data[begin:]]
