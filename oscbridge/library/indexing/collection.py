"""Which files of a folder are music: a walk that follows links and comes to an end.

Conventions
-----------
Files are given in the order of their names, each once, however many links lead to it: files and
folders are known by their device and number, so links in circles end. What is no sound by its name
is counted and passed over; what is sound that nobody here can decode is given all the same, to be
listed. Links that lead nowhere, to themselves or back are named with the reason.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oscbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DECODED = frozenset(
    (
        *(".wav", ".wave", ".w64", ".rf64", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".mp2"),
        *(".aif", ".aiff", ".aifc", ".au", ".snd", ".caf"),
    )
)
"""Endings of what is decoded here."""
UNDECODED = frozenset(
    (
        *(".m4a", ".m4b", ".m4p", ".m4r", ".mp4", ".aac", ".wma", ".asf", ".aa", ".aax", ".ape"),
        *(".wv", ".mpc", ".tta", ".tak", ".dsf", ".dff", ".ac3", ".dts", ".mka", ".ra", ".rm"),
    )
)
"""Endings of sound that is not."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be music.

    Attributes
    ----------
    path : str
        Absolute.
    size : int
        Bytes.
    mtime_ns : int
        When it was written last, nanoseconds.
    """

    path: str
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Collection:
    """Folders and files.

    Attributes
    ----------
    roots : sequence of str
        As the user named them.
    others : int
        Files that are no sound, counted by `files`.
    closed : list of (str, str)
        Folders and files that could not be looked at, and why.
    circles : list of (str, str)
        Links to a folder around them, and that they are; nothing is missed there.
    """

    roots: Sequence[str]
    others: int = 0
    closed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    circles: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _seen: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])

    def files(self) -> Iterator[FoundFile]:
        """Yield the files; one that is named itself is sound whatever it is called.

        Raises
        ------
        InputError
            A folder or file that was named is not there.
        """
        for root in self.roots:
            path = os.path.abspath(root)
            if not os.path.lexists(path):
                raise InputError(f"there is no folder or file {root!r}.")
        for root in self.roots:
            path = os.path.abspath(root)
            if os.path.isdir(path):
                yield from self._walk(path)
            else:
                yield from self._file(path)

    def holds(self, path: str) -> bool:
        """Whether an absolute path lies in what was named, or is it."""
        roots = (os.path.abspath(root) for root in self.roots)
        return any(path == root or path.startswith(os.path.join(root, "")) for root in roots)

    def _walk(self, top: str) -> Iterator[FoundFile]:
        """Yield the files of a folder and of those in it, without recursion."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            try:
                if not self._is_new(folder, os.stat(folder)):
                    if _leads_back(folder):
                        self.circles.append((folder, "is a link back to a folder that it lies in"))
                    continue
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                self.closed.append((folder, _reason(folder, error)))
                continue
            folders: list[str] = []
            for entry in entries:
                try:
                    folder_too = entry.is_dir()
                except OSError as error:  # a link to itself
                    self.closed.append((entry.path, _reason(entry.path, error)))
                    continue
                if folder_too:
                    folders.append(entry.path)
                elif is_sound(entry.name) or not os.path.exists(entry.path):  # perhaps of a folder
                    yield from self._file(entry.path)
                else:
                    self.others += 1
            waiting += reversed(folders)

    def _is_new(self, path: str, status: os.stat_result) -> bool:
        """Whether nothing has led here before."""
        place = (status.st_dev, status.st_ino)
        if not status.st_ino:  # a file system that does not number: its links are not followed
            return not os.path.islink(path)
        new = place not in self._seen
        self._seen.add(place)
        return new

    def _file(self, path: str) -> Iterator[FoundFile]:
        """Yield a file that can be looked at and was not given before."""
        try:
            status = os.stat(path)
        except OSError as error:
            self.closed.append((path, _reason(path, error)))
            return
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
            self.closed.append((path, "is no file"))
        elif self._is_new(path, status):
            yield FoundFile(path, status.st_size, status.st_mtime_ns)


def _reason(path: str, error: OSError) -> str:
    """Why a path could not be looked at."""
    if error.errno == errno.ELOOP:
        return "is a link that leads to itself"
    if error.errno == errno.ENOENT and os.path.islink(path):
        return f"is a link to {os.readlink(path)!r}, which is not there"
    return error.strerror or str(error)


def _leads_back(folder: str) -> bool:
    """Whether a folder is a link to one that it lies in."""
    if not os.path.islink(folder):
        return False
    around, there = os.path.realpath(os.path.dirname(folder)), os.path.realpath(folder)
    return os.path.join(around, "").startswith(os.path.join(there, ""))


def is_sound(name: str) -> bool:
    """Whether a file is sound by its ending; what macOS leaves beside files is not."""
    return not name.startswith("._") and os.path.splitext(name)[1].lower() in DECODED | UNDECODED
