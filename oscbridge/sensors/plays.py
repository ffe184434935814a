"""What the player listens to, kept in the library: said by OSC, or by the players of the desktop.

Conventions
-----------
Says nothing of what the player feels at this moment: ``oscbridge library recommend`` makes that of
a week. Opened by ``--sense plays`` and never by itself, since a history is private::

    [sensors.plays]
    library = "~/Music/library.sqlite"   # default: that of [library], or your own
    mpris = true                         # follow the players of a Linux desktop, too

A host says ``in/played`` when something begins that the listener chose; it counts at once. Players
that are followed are listened to: `oscbridge.library.history.counting` says what counts. Plays are
written by a thread of their own.
"""

from __future__ import annotations

import importlib.util
import os
import queue
import re
import threading
import time
from typing import TYPE_CHECKING, Annotated, Protocol

import msgspec

from oscbridge.errors import LibraryError, MissingExtraError
from oscbridge.sensors.base import SensorConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.library.history.listens import Listen
    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told

PACKAGE = "dbus_fast"
MOST_WAITING = 256
STOP_S = 3.0
_PATH = re.compile(r"(/|~|\w:[\\/]|\w+://|file:)|.*[\\/].*\.\w{2,5}$")


class Config(SensorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of what is kept."""

    library: Annotated[
        str, msgspec.Meta(description="where plays are kept; empty: the library that suggests")
    ] = ""
    mpris: Annotated[
        bool, msgspec.Meta(description="follow the players of a Linux desktop (D-Bus)")
    ] = False


class Watch(Protocol):
    """Follows players."""

    detail: str

    def close(self) -> None:
        """Follow them no more; a second call does nothing."""
        ...


class Plays:
    """Keeps what is played.

    Parameters
    ----------
    config : Config
        Where.
    clock : callable
        Unix time, seconds.
    """

    inlets = ("in/played",)

    def __init__(self, config: Config, clock: Callable[[], float] = time.time) -> None:
        self.name = "plays"
        self._file = os.path.expanduser(config.library) if config.library else None
        self._clock = clock
        self._trouble = ""
        self._waiting: queue.Queue[Sequence[Listen] | None] = queue.Queue(MOST_WAITING)
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False
        self._watch: Watch | None = None
        if config.mpris:
            from oscbridge.library.history.mpris import Watch as PlayerWatch

            self.name = "plays of this desktop"
            self._watch = PlayerWatch(self._enqueue)

    @property
    def detail(self) -> str:
        """The present trouble in words, empty where there is none."""
        return self._trouble or (self._watch.detail if self._watch is not None else "")

    def hear(self, told: Told) -> Sequence[Command]:
        """Take what was played. Raises ``ValueError`` where it has no name."""
        from oscbridge.library.history.listens import Listen

        what, artist = (str(value).strip() for value in (*told.values, "")[:2])
        if not what:
            raise ValueError("what was played has a title or a path")
        title, path = ("", what) if _PATH.match(what) and not artist else (what, "")
        self._enqueue([Listen(self._clock(), title, artist, path=path, source="osc")])
        return ()

    def calibrate(self, step: Step) -> bool:
        """There is nothing to calibrate."""
        return False

    def close(self) -> None:
        """Keep what waits, and end; a second call does nothing."""
        if self._watch is not None:
            self._watch.close()
        with self._starting:
            closed, self._closed = self._closed, True
        if not closed and self._writer is not None:
            self._waiting.put(None)
            self._writer.join(STOP_S)

    def _enqueue(self, listens: Sequence[Listen]) -> None:
        """Have listens written by a thread of their own."""
        with self._starting:
            if self._closed:
                return
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="plays", daemon=True)
                self._writer.start()
        try:
            self._waiting.put_nowait(listens)
        except queue.Full:
            self._trouble = "plays come faster than they can be written: some were left out"

    def _write(self) -> None:
        """Write what waits; what cannot be written is tried again with the next."""
        from oscbridge.library.history.listens import keep
        from oscbridge.library.place import opened

        unwritten: list[Listen] = []
        while (listens := self._waiting.get()) is not None:
            unwritten = [*unwritten, *listens][-MOST_WAITING:]
            try:
                with opened(self._file, writable=True) as library:
                    keep(library, unwritten)
            except LibraryError as error:
                self._trouble = f"plays are not kept: {error}"
                continue
            unwritten = []
            self._trouble = ""


def open(config: Config, put: Put) -> Plays:
    """Open the sensor.

    Raises
    ------
    MissingExtraError
        Players shall be followed and the package dbus-fast is not installed.
    """
    if config.mpris and importlib.util.find_spec(PACKAGE) is None:
        raise MissingExtraError("following players", PACKAGE, "players")
    return Plays(config)
