"""Who is connected by WebSocket, what each listens to, and that nobody holds up the others.

Conventions
-----------
Text frames are commands, ``{"COMMAND": "LISTEN", "DATA": "/path"}`` or ``IGNORE``; listening to a
container listens to all below it, and the newest values come at once. Binary frames are packets of
OSC in both directions. Frames that make no sense are ignored. Nobody is read faster than
`RATE_HZ`, and who does not read is dropped as soon as `BACKLOG` bytes wait.

All of it belongs to the thread of the server; others may only look at `Audience.listened`.
"""

from __future__ import annotations

import contextlib
import json
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.server import ServerConnection

    from oscbridge.oscquery.space import Space
    from oscbridge.protocol import Value

FRAME = 65_536
"""Longest frame that is read, bytes."""
BACKLOG = 65_536
"""So many bytes may wait for a client before it is dropped."""
RATE_HZ = 500
"""Frames that are read from a client in a second, for longer than `BURST_S`."""
BURST_S = 0.2


class Audience:
    """The clients of a server.

    Attributes
    ----------
    listened : frozenset of str
        Addresses that somebody listens to; replaced, never changed.
    sent, dropped : int
        Packets that were passed on; clients that did not read.
    """

    def __init__(self, space: Space) -> None:
        self.listened: frozenset[str] = frozenset()
        self.sent = 0
        self.dropped = 0
        self._space = space
        self._listening: dict[ServerConnection, set[str]] = {}

    def __len__(self) -> int:
        return len(self._listening)

    async def converse(self, client: ServerConnection) -> None:
        """Take what a client says until it leaves."""
        import asyncio

        from websockets.exceptions import ConnectionClosed

        host, port = client.remote_address[:2]
        clock = asyncio.get_running_loop().time
        next_s = 0.0
        self._listening[client] = set()
        try:
            with contextlib.suppress(ConnectionClosed):
                async for frame in client:
                    if isinstance(frame, str):
                        await self._obey(client, frame)
                    else:
                        reply = partial(self._reply, client)
                        self._space.hear(frame, f"{host}:{port}", reply)
                    next_s = max(next_s, clock() - BURST_S) + 1.0 / RATE_HZ
                    if next_s > clock():
                        await asyncio.sleep(next_s - clock())
        finally:
            del self._listening[client]
            self._look_who_listens()

    def tell(self, address: str, args: tuple[Value, ...]) -> None:
        """Tell a value to those who listen to it, and drop who does not read."""
        ready = [
            client
            for client, listened in self._listening.items()
            if address in listened and self._keeps_up(client)
        ]
        packet = self._space.packet(address, args) if ready else None
        if packet is not None:
            self._send(ready, packet)

    def announce(self, command: str, path: str) -> None:
        """Tell every client that reads, ``PATH_ADDED`` or ``PATH_REMOVED``."""
        from websockets.asyncio.server import broadcast

        ready = [client for client in self._listening if self._keeps_up(client)]
        broadcast(ready, json.dumps({"COMMAND": command, "DATA": path}))

    async def _obey(self, client: ServerConnection, frame: str) -> None:
        """Do what a text frame says, if it says anything."""
        try:
            command = json.loads(frame)
            name, path = command["COMMAND"], command["DATA"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return
        if not isinstance(path, str) or name not in ("LISTEN", "IGNORE"):
            return
        addresses = self._space.below(path)
        if name == "IGNORE":
            self._listening[client] -= addresses
        else:
            self._listening[client] |= addresses
        self._look_who_listens()
        for address in sorted(addresses) if name == "LISTEN" else ():
            packet = self._space.packet(address)
            if packet is not None:
                await client.send(packet)
                self.sent += 1

    def _look_who_listens(self) -> None:
        self.listened = frozenset[str]().union(*self._listening.values())

    def _reply(self, client: ServerConnection, packet: bytes) -> None:
        if self._keeps_up(client):
            self._send([client], packet)

    def _send(self, clients: Sequence[ServerConnection], packet: bytes) -> None:
        from websockets.asyncio.server import broadcast

        broadcast(clients, packet)
        self.sent += len(clients)

    def _keeps_up(self, client: ServerConnection) -> bool:
        if client.transport.get_write_buffer_size() <= BACKLOG:
            return True
        self.dropped += 1
        self._listening[client].clear()
        client.transport.abort()
        return False
