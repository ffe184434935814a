"""Who listens to files, one after the other, as ordered; in a process of its own (`.process`).

Conventions
-----------
It reads the library and never writes it. What is wrong with a file is told, not raised.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.errors import InputError
from oscbridge.library.content import digest_of
from oscbridge.library.indexing.protection import why_undecoded
from oscbridge.library.indexing.records import Done, Progress, send
from oscbridge.library.listener import Listener
from oscbridge.library.rows import UNSEEN, text_of
from oscbridge.library.store import Library
from oscbridge.library.tags import names_of
from oscbridge.library.track import Names, Track

if TYPE_CHECKING:
    from oscbridge.library.indexing.records import Begin, Order, Pipe

TELL_S = 0.25
"""How often a worker says how far it is."""


class Worker:
    """Listens for a library.

    Parameters
    ----------
    begin : Begin
        Which one, and how.
    said : Pipe
        Where to tell how far it is.
    listener : Listener, optional
        Who listens; a new one if not given.
    """

    def __init__(self, begin: Begin, said: Pipe, listener: Listener | None = None) -> None:
        self._library = Library(Path(os.fsdecode(begin.library)), writable=False)
        self._listener = listener or Listener(begin.model)
        self._said = said
        self._told_s = time.monotonic()

    def look_at(self, order: Order) -> Done:
        """Look at a file, and listen to it where its content is new."""
        path = os.fsdecode(order.path)
        place = (order.path, UNSEEN, UNSEEN)
        try:
            status = os.stat(path)
            with Path(path).open("rb") as stream:
                digest = digest_of(stream)
            if not order.again and self._library.track(digest) is not None:
                return Done(order.path, status.st_size, status.st_mtime_ns, digest)
            place = (order.path, status.st_size, status.st_mtime_ns)
            heard = self._listener.listen(path, self._tell)
            after = os.stat(path)
        except OSError as error:  # another day it may be read
            return Done(order.path, UNSEEN, UNSEEN, trouble=f"cannot be read: {error.strerror}")
        except InputError as error:
            return Done(*place, trouble=why_undecoded(path) or _without_name(str(error), path))
        if (after.st_size, after.st_mtime_ns) != place[1:]:
            return Done(order.path, UNSEEN, UNSEEN, trouble="changed while it was read")
        track = Track(digest, path, _sound_names(names_of(path)), heard.sound)
        # The message is text: the path goes apart, as bytes.
        return Done(*place, digest, _nowhere(track), _without_name(heard.complaint, path))

    def close(self) -> None:
        """Close the library."""
        self._library.close()

    def _tell(self, done_s: float, total_s: float) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s >= TELL_S and total_s > 0.0:
            self._told_s = now_s
            send(self._said, Progress(min(done_s / total_s, 1.0)))


def _nowhere(track: Track) -> Track:
    return Track(track.digest, "", track.names, track.sound)


def _sound_names(names: Names) -> Names:
    return Names(*map(text_of, (names.title, names.artist, names.album, names.genre)))


def _without_name(sentence: str, path: str) -> str:
    """A sentence about a file without the file, which stands beside it anyway."""
    for name in (repr(path), repr(os.path.basename(path))):
        sentence = sentence.removeprefix(name).strip()
    return text_of(sentence.rstrip("."))
