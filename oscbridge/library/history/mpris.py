"""What the players of a Linux desktop play: MPRIS over D-Bus.

Conventions
-----------
Every player that follows MPRIS 2 (mpv, VLC, Firefox, Spotify, Rhythmbox …) says on the session bus
what it plays; `Watch` listens to all of them and touches none. Each has a `PlayCounter` of its own,
which decides when something has been listened to. A bus that goes away is looked for again, and
meanwhile `Watch.detail` says so. Needs the package dbus-fast (extra ``players``).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

from oscbridge.library.history.counting import SHORTEST_S, PlayCounter, Playing

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

    from oscbridge.library.history.listens import Listen

PACKAGE = "dbus_fast"
NAMES = "org.mpris.MediaPlayer2"
_PLAYER = f"{NAMES}.Player"
_OBJECT = "/org/mpris/MediaPlayer2"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_BUS, _BUS_OBJECT = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_MATCHES = (
    f"type='signal',interface='{_PROPERTIES}',member='PropertiesChanged',path='{_OBJECT}'",
    f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0namespace='{NAMES}'",
)
_AGAIN_S = 5.0
_STOP_S = 3.0
_MICROSECONDS = 1e6


class Watch:
    """Follows all players of the session bus.

    Parameters
    ----------
    put : callable
        Takes listens that have come to their end, from a thread of this object.
    shortest_s : float
        As of `PlayCounter`.
    """

    def __init__(
        self, put: Callable[[Sequence[Listen]], None], shortest_s: float = SHORTEST_S
    ) -> None:
        self._put = put
        self._shortest_s = shortest_s
        self._players: dict[str, _Player] = {}
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.detail = ""
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=[self._run()], name="mpris", daemon=True
        )
        self._thread.start()

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players that are followed."""
        return tuple(player.name for player in list(self._players.values()))

    def close(self) -> None:
        """Let go; what was heard of what plays now counts if it was enough. Twice is allowed."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._closing.set)
            self._thread.join(_STOP_S)
        if not self._thread.is_alive() and not self._loop.is_closed():
            self._loop.close()

    async def _run(self) -> None:
        """Follow the bus, again and again until it is closed."""
        from dbus_fast.errors import DBusError

        while not self._closing.is_set():
            try:
                await self._follow()
                self.detail = "" if self._closing.is_set() else "the session bus is gone"
            except (OSError, EOFError, ValueError) as error:  # also: refused, no address, too late
                self.detail = f"no session bus to follow players on: {error}"
            except DBusError as error:
                self.detail = f"the session bus refuses: {error}"
            self._let_go()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _AGAIN_S)

    async def _follow(self) -> None:
        """Follow a bus until it ends, or until it is closed."""
        from dbus_fast.aio import MessageBus

        bus = await MessageBus().connect()
        try:
            bus.add_message_handler(lambda message: self._hear(bus, message))
            for match in _MATCHES:
                await _ask(bus, _BUS, _BUS_OBJECT, _BUS, "AddMatch", "s", match)
            names: list[str] = await _ask(bus, _BUS, _BUS_OBJECT, _BUS, "ListNames")
            for name in names:
                if name.startswith(f"{NAMES}."):
                    owner = await _ask(bus, _BUS, _BUS_OBJECT, _BUS, "GetNameOwner", "s", name)
                    await self._meet(bus, name, owner)
            self.detail = ""
            closing = asyncio.ensure_future(self._closing.wait())
            gone = asyncio.ensure_future(bus.wait_for_disconnect())
            _, waiting = await asyncio.wait((closing, gone), return_when=asyncio.FIRST_COMPLETED)
            for one in waiting:
                one.cancel()
        finally:
            bus.disconnect()

    def _hear(self, bus: MessageBus, message: Message) -> None:
        """Take a signal of the bus."""
        body: Sequence[Any] = message.body
        sender = str(message.sender)
        if message.member == "NameOwnerChanged" and sender == _BUS:
            name, before, now = body
            if before and (player := self._players.pop(before, None)):
                self._give(player.end())
            if now:
                self._later(self._meet(bus, name, now))
        elif message.member == "PropertiesChanged" and body[0] == _PLAYER:
            if sender not in self._players:
                return
            self._give(self._players[sender].take(body[1]))
            if body[2]:  # it only says that something has changed
                self._later(self._look(bus, sender))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that has to wait for an answer."""
        task = self._loop.create_task(_forgiving(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _meet(self, bus: MessageBus, name: str, owner: str) -> None:
        """Follow a player from now on."""
        counter = PlayCounter("mpris", self._shortest_s)
        self._players[owner] = _Player(name.removeprefix(f"{NAMES}."), counter)
        await _forgiving(self._look(bus, owner))

    async def _look(self, bus: MessageBus, owner: str) -> None:
        """Ask a player how it stands."""
        found = await _ask(bus, owner, _OBJECT, _PROPERTIES, "GetAll", "s", _PLAYER)
        if owner in self._players:
            self._give(self._players[owner].take(found))

    def _let_go(self) -> None:
        for player in self._players.values():
            self._give(player.end())
        self._players.clear()

    def _give(self, listens: Sequence[Listen]) -> None:
        if listens:
            self._put(listens)


class _Player:
    """One player: what it said last."""

    def __init__(self, name: str, counter: PlayCounter) -> None:
        self.name = name
        self._counter = counter
        self._now: Playing | None = None
        self._status = ""
        self._speed = 1.0

    def take(self, changed: dict[str, Any]) -> Sequence[Listen]:
        """Take properties; return the listens that have come to their end."""
        if "Metadata" in changed:
            self._now = _playing_of(changed["Metadata"].value)
        if "PlaybackStatus" in changed:
            self._status = str(changed["PlaybackStatus"].value)
        if "Rate" in changed:
            speed = changed["Rate"].value
            self._speed = float(speed) if isinstance(speed, int | float) else 1.0
        now = None if self._status == "Stopped" else self._now
        playing = self._status == "Playing"
        return self._counter.update(time.time(), now, playing=playing, speed=self._speed)

    def end(self) -> Sequence[Listen]:
        """The player is gone; return what has come to its end."""
        return self._counter.update(time.time(), None, playing=False)


def _playing_of(metadata: Any) -> Playing | None:
    """What a player's metadata say, whatever it takes for such; None where they say nothing."""
    if not isinstance(metadata, dict):
        return None
    said: dict[str, Any] = {key: variant.value for key, variant in metadata.items()}
    artists = said.get("xesam:artist")
    length = said.get("mpris:length")
    playing = Playing(
        title=str(said.get("xesam:title") or ""),
        artist=", ".join(map(str, artists)) if isinstance(artists, list) else str(artists or ""),
        album=str(said.get("xesam:album") or ""),
        path=str(said.get("xesam:url") or ""),
        duration_s=max(length, 0) / _MICROSECONDS if isinstance(length, int | float) else 0.0,
        id=str(said.get("mpris:trackid") or ""),
    )
    return playing if playing.title or playing.path else None


async def _forgiving(work: Coroutine[Any, Any, None]) -> None:
    """Wait for an answer; a player that ends meanwhile gives none."""
    from dbus_fast.errors import DBusError

    with contextlib.suppress(DBusError, OSError, EOFError):
        await work


async def _ask(
    bus: MessageBus, who: str, where: str, interface: str, member: str, *rest: str
) -> Any:
    """Call a method; return the first value of its answer.

    Raises
    ------
    DBusError
        It refuses.
    """
    from dbus_fast import ErrorType, Message, MessageType
    from dbus_fast.errors import DBusError

    signature, *body = rest or ("",)
    call = Message(who, where, interface, member, signature=signature, body=body)
    answer = await asyncio.wait_for(bus.call(call), _STOP_S)
    if answer is None or answer.message_type is MessageType.ERROR:
        raise DBusError(ErrorType.FAILED, f"{member}: {answer.body if answer else 'no answer'}")
    return answer.body[0] if answer.body else None
