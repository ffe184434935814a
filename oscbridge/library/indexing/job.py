"""One call of ``oscbridge library add``: what is new is listened to and written down, in batches.

Conventions
-----------
A file whose size and time are those of last time is not opened; one whose content is known is not
listened to. Each batch is one transaction, so whatever ends us, a later run goes on from there.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from oscbridge.library.indexing.crew import Crew
from oscbridge.library.indexing.records import Begin, Done, Order
from oscbridge.library.rows import UNSEEN, SeenFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from oscbridge.library.indexing.collection import Collection, FoundFile
    from oscbridge.library.indexing.crew import Word
    from oscbridge.library.store import Library
    from oscbridge.library.track import Track

BATCH = 32
"""Files that are written at once, at most."""
BATCH_S = 2.0
"""How long one that is done waits for others."""


@dataclass(slots=True)
class Tally:
    """What a run has done.

    Attributes
    ----------
    heard, known, unchanged : int
        Files that were listened to; whose content was known; that were not looked into.
    unreadable_before : int
        Files that could not be read in an earlier run, and have not changed.
    troubles : list of (str, str)
        Files that could not be read, and why.
    complaints : list of (str, str)
        Files that were heard although something is wrong with them, and what; links in circles.
    """

    heard: int = 0
    known: int = 0
    unchanged: int = 0
    unreadable_before: int = 0
    troubles: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    complaints: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class Watcher(Protocol):
    """Who wants to know how far it is."""

    def begin(self, files: int, size: int) -> None:
        """So many files of so many bytes are to be looked at."""
        ...

    def advance(self, path: str, size: float, *, done: bool) -> None:
        """So many bytes of a file more are done, perhaps all of it."""
        ...


class Index:
    """Takes files into a library.

    Parameters
    ----------
    library : Library
        Open for writing.
    watcher : Watcher
    model : str
        Name of the model that listens.
    workers : int
        Processes that listen.
    again : bool
        Listen to everything once more.
    retry : bool
        Look once more at files that could not be read.

    Attributes
    ----------
    tally : Tally
        What was done so far.
    """

    def __init__(
        self,
        library: Library,
        watcher: Watcher,
        *,
        model: str = "music",
        workers: int = 1,
        again: bool = False,
        retry: bool = False,
    ) -> None:
        self._library = library
        self._watcher = watcher
        self._begin = Begin(os.fsencode(os.path.abspath(library.path)), model)
        self._workers = workers
        self._again = again
        self._retry = retry
        self._batch: list[Done] = []
        self._written_s = time.monotonic()
        self.tally = Tally()

    def take(self, collection: Collection) -> None:
        """Take in what is new of a collection.

        Raises
        ------
        InputError
            A folder or file that was named is not there.
        LibraryError
            The library cannot be written, or nobody listens. What was done until then is kept.
        """
        waiting = [found for found in collection.files() if self._is_news(found)]
        self.tally.troubles += collection.closed
        self.tally.complaints += collection.circles
        self._note(collection)
        sizes = {os.fsencode(found.path): found.size for found in waiting}
        self._watcher.begin(len(waiting), sum(sizes.values()))
        if not waiting:
            return
        orders = (Order(path, self._again) for path in sizes)
        with Crew(self._begin, min(self._workers, len(waiting))) as crew:
            try:
                self._follow(crew.words(orders), sizes)
            finally:
                self._write()

    def _note(self, collection: Collection) -> None:
        """Keep what could not be looked at, for who asks later; forget what can be by now."""
        passed = dict(collection.closed + collection.circles)
        before = self._library.seen_files(readable=False)
        over = [file.path for file in before if file.size == UNSEEN and file.path not in passed]
        self._library.forget(path for path in over if collection.holds(path))
        # What was a track stays one: its disk may be back tomorrow.
        new = [path for path in passed if not self._is_track(path)]
        self._library.put((), [SeenFile(path, UNSEEN, UNSEEN, "", passed[path]) for path in new])

    def _is_track(self, path: str) -> bool:
        """Whether a track lies there, as far as the library knows."""
        seen = self._library.seen_at(path)
        return seen is not None and bool(seen.digest)

    def _is_news(self, found: FoundFile) -> bool:
        """Whether a file has to be looked at; counts it where not."""
        known = self._library.known(found.path, found.size, found.mtime_ns)
        if known is None or self._again:
            return True
        if known.digest:
            self.tally.unchanged += 1
            return False
        if self._retry:
            return True
        self.tally.unreadable_before += 1
        return False

    def _follow(self, words: Iterable[Word] | Iterator[Word], sizes: dict[bytes, int]) -> None:
        """Tell how far it is, and keep what is done."""
        shares: dict[bytes, float] = {}
        for order, said in words:
            share = 1.0 if isinstance(said, Done) else said.share
            more = share - shares.get(order.path, 0.0)
            shares[order.path] = share
            path = os.fsdecode(order.path)
            self._watcher.advance(path, more * sizes[order.path], done=isinstance(said, Done))
            if isinstance(said, Done):
                del shares[order.path]
                self._batch.append(said)
            late = time.monotonic() - self._written_s > BATCH_S
            if len(self._batch) >= BATCH or (self._batch and late):
                self._write()

    def _write(self) -> None:
        """Write what is done, and count it."""
        batch, self._batch = self._batch, []
        self._written_s = time.monotonic()
        plain = [done for done in batch if not self._followed(done)]
        heard = [_track_of(done, done.track) for done in plain if done.track]
        self._library.put(heard, [_file_of(done) for done in plain])
        for done in batch:
            path = os.fsdecode(done.path)
            if not done.digest:
                self.tally.troubles.append((path, done.trouble))
                continue
            self.tally.heard += done.track is not None
            self.tally.known += done.track is None
            if done.trouble:
                self.tally.complaints.append((path, done.trouble))

    def _followed(self, done: Done) -> bool:
        """Take over a file that sounds to the bit as before: only its tags were written."""
        seen = self._library.seen_at(os.fsdecode(done.path))
        if done.track is None or seen is None or seen.digest == done.digest:
            return False
        before = self._library.track(seen.digest)
        if before is None or before.sound != done.track.sound:
            return False
        self._library.follow(seen.digest, _track_of(done, done.track), _file_of(done))
        return True


def _track_of(done: Done, heard: Track) -> Track:
    """What was heard, with the place that a message cannot say."""
    return replace(heard, path=os.fsdecode(done.path))


def _file_of(done: Done) -> SeenFile:
    trouble = "" if done.digest else done.trouble
    return SeenFile(os.fsdecode(done.path), done.size, done.mtime_ns, done.digest, trouble)
