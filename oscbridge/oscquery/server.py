"""HTTP and WebSocket on one port: the tree is read, and whoever listens is told.

Conventions
-----------
A thread of its own with an asyncio loop; asyncio and the package ``websockets`` are imported
there, when the run already runs. Whoever sends only appends to a queue (`QueryServer.publish`) and
is never held up: a client that does not read is dropped as soon as `BACKLOG` bytes wait for it.
What comes in is limited in size, and in number by not being read faster than `RATE_HZ`; of requests
too many wait and are refused.

Text frames are commands, ``{"COMMAND": "LISTEN", "DATA": "/path"}`` or ``IGNORE``; listening to a
container listens to all below it, and the newest values come at once. Binary frames are packets of
OSC in both directions. Frames that make no sense are ignored.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections import deque
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from oscbridge.inbound.gate import Gate
from oscbridge.oscquery.admission import host_is_ours, origin_is_welcome

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Sequence

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

    from oscbridge.oscquery.space import Space
    from oscbridge.protocol import Value

CLIENTS = 32
"""So many may be connected by WebSocket."""
FRAME = 65_536
"""Longest frame that is read, bytes."""
BACKLOG = 65_536
"""So many bytes may wait for a client before it is dropped."""
QUEUE = 8192
"""So many values may wait for the thread; more only if it hangs."""
REQUESTS_HZ = 25
"""Requests a second that are answered at once; `Gate` lets a host have some times as many."""
WAIT_S = 0.5
"""So long does whoever asks more often wait for a refusal."""
RATE_HZ = 500
"""Frames that are read from a client in a second, for longer than `BURST_S`."""
BURST_S = 0.2
OPENING_S = 5.0
CLOSING_S = 0.3
GOODBYE_S = 0.5
"""For the network to be told that an announced run has ended."""
STOP_S = 0.8

_log = logging.getLogger(__name__)
# A stranger that speaks no HTTP is nothing to tell the user about.
_strangers = logging.getLogger(f"{__name__}.strangers")
_strangers.disabled = True


class QueryServer:
    """Serves a `Space`.

    Parameters
    ----------
    space : Space
        What there is to read and to tell.
    listener : socket
        Bound and listening; closed by `stop`.
    welcome : sequence of str
        Origins of pages that may use it, beside those of this machine.
    lan : bool
        Announce it to other machines.
    allow : sequence of str
        Addresses and networks of those that may use it; empty: all.
    """

    def __init__(
        self,
        space: Space,
        listener: socket.socket,
        *,
        welcome: Sequence[str] = (),
        lan: bool = False,
        allow: Sequence[str] = (),
    ) -> None:
        self.space = space
        self.port = int(listener.getsockname()[1])
        self.listened: frozenset[str] = frozenset()
        """Addresses that somebody listens to; replaced, never changed."""
        self.sent = 0
        self.dropped = 0
        self.detail = ""
        self._listener = listener
        self._welcome = tuple(welcome)
        self._lan = lan
        self._gate = Gate(REQUESTS_HZ, allow)
        self._listening: dict[ServerConnection, set[str]] = {}
        self._pending: deque[tuple[str, tuple[Value, ...]]] = deque()
        self._woken = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="oscquery", daemon=True)
        self._started = self._stopped = False

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        if not self._started:
            self._started = True
            self._thread.start()

    def publish(self, news: Sequence[tuple[str, tuple[Value, ...]]]) -> None:
        """Tell whoever listens; returns at once, and may be called from any thread."""
        if self._loop is None or self._stopped:
            return
        if len(self._pending) + len(news) > QUEUE:
            self.dropped += len(news)
            return
        self._pending.extend(news)
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._deliver)

    def stop(self) -> None:
        """Say goodbye and end the thread; a second call does nothing."""
        if self._stopped:
            return
        self._stopped = True
        if self._loop is not None and self._ended is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._ended.set)
        if self._started:
            self._thread.join(STOP_S)
        self._listener.close()

    def _run(self) -> None:
        import asyncio

        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001 - the boundary of the thread
            if not self._stopped:
                self.detail = f"ended: {str(error) or type(error).__name__}"
                _log.warning("OSCQuery has %s", self.detail)

    async def _serve(self) -> None:
        import asyncio

        from websockets.asyncio.server import serve

        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        server = await serve(
            self._converse,
            sock=self._listener,
            process_request=self._admit,
            open_timeout=OPENING_S,
            close_timeout=CLOSING_S,
            max_size=FRAME,
            compression=None,
            logger=_strangers,
        )
        announcing = asyncio.create_task(self._announce())
        if not self._stopped:
            await self._ended.wait()
        announcing.cancel()
        server.close()
        closing = asyncio.create_task(server.wait_closed())
        await asyncio.wait([announcing, closing], timeout=GOODBYE_S)  # then all is cancelled

    async def _announce(self) -> None:
        if self._lan:
            from oscbridge.oscquery.announce import announce

            await announce(self.port, self.space.osc_port)

    async def _admit(self, client: ServerConnection, request: Request) -> Response | None:
        """Answer a plain request; None lets a WebSocket be opened."""
        verdict = self._gate.judge(client.remote_address[:2], 0, time.monotonic())
        if verdict == "stranger":
            return client.respond(HTTPStatus.FORBIDDEN, "This machine is not on the list.\n")
        if verdict == "over the cap":
            import asyncio

            await asyncio.sleep(WAIT_S)
            return client.respond(HTTPStatus.TOO_MANY_REQUESTS, "Listen, rather than ask.\n")
        hosts, origins = request.headers.get_all("Host"), request.headers.get_all("Origin")
        if len(hosts) != 1 or not host_is_ours(hosts[0]):
            return client.respond(HTTPStatus.FORBIDDEN, "Use an address of this machine.\n")
        origin = origins[0] if origins else None
        welcome = origin_is_welcome(origin, hosts[0], self._welcome)
        if "Upgrade" not in request.headers:
            return self._answer(client, request, origin if welcome else None)
        if not welcome:
            text = f"A page from {origin} is not welcome: see [outputs.oscquery] origins.\n"
            return client.respond(HTTPStatus.FORBIDDEN, text)
        if len(self._listening) >= CLIENTS:
            return client.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Too many clients.\n")
        return None

    def _answer(self, client: ServerConnection, request: Request, origin: str | None) -> Response:
        host, port = client.local_address[:2]
        answer = self.space.answer(request.path, host, port)
        body = "" if answer.body is None else json.dumps(answer.body, ensure_ascii=False)
        response = client.respond(answer.status, body)
        del response.headers["Content-Type"]
        if answer.body is not None:
            response.headers["Content-Type"] = "application/json"
        response.headers["Cache-Control"] = "no-store"
        if origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
        return response

    async def _converse(self, client: ServerConnection) -> None:
        import asyncio

        from websockets.exceptions import ConnectionClosed

        host, port = client.remote_address[:2]
        clock = asyncio.get_running_loop().time
        next_s = 0.0
        reply = partial(self._tell, [client])
        self._listening[client] = set()
        try:
            with contextlib.suppress(ConnectionClosed):
                async for frame in client:
                    if isinstance(frame, str):
                        await self._obey(client, frame)
                    else:
                        self.space.hear(frame, f"{host}:{port}", reply)
                    next_s = max(next_s, clock() - BURST_S) + 1.0 / RATE_HZ
                    if next_s > clock():
                        await asyncio.sleep(next_s - clock())
        finally:
            del self._listening[client]
            self._look_who_listens()

    async def _obey(self, client: ServerConnection, frame: str) -> None:
        """Do what a text frame says, if it says anything."""
        try:
            command = json.loads(frame)
            name, path = command["COMMAND"], command["DATA"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return
        if not isinstance(path, str) or name not in ("LISTEN", "IGNORE"):
            return
        addresses = self.space.below(path)
        if name == "IGNORE":
            self._listening[client] -= addresses
        else:
            self._listening[client] |= addresses
        self._look_who_listens()
        for address in sorted(addresses) if name == "LISTEN" else ():
            packet = self.space.packet(address)
            if packet is not None:
                await client.send(packet)
                self.sent += 1

    def _look_who_listens(self) -> None:
        self.listened = frozenset[str]().union(*self._listening.values())

    def _deliver(self) -> None:
        """Send what waits to those who listen, and drop who does not read."""
        self._woken = False  # first, so that what comes from here on wakes us again
        while self._pending:
            address, args = self._pending.popleft()
            ready = [
                client
                for client, listened in self._listening.items()
                if address in listened and self._keeps_up(client)
            ]
            packet = self.space.packet(address, args) if ready else None
            if packet is not None:
                self._tell(ready, packet)

    def _tell(self, clients: Sequence[ServerConnection], packet: bytes) -> None:
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
