"""HTTP and WebSocket on one port: the tree is read, and whoever listens is told.

Conventions
-----------
A thread of its own with an asyncio loop; asyncio and the package ``websockets`` are imported
there, when the run already runs. Whoever sends only appends to a queue (`QueryServer.publish`) and
is never held up. Who asks too often waits and is refused; what is said by WebSocket is the affair
of `oscbridge.oscquery.audience`.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import threading
import time
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING

from oscbridge.inbound.gate import Gate
from oscbridge.oscquery.admission import host_is_ours, origin_is_welcome
from oscbridge.oscquery.audience import FRAME, Audience

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
QUEUE = 8192
"""So many values may wait for the thread; more only if it hangs."""
REQUESTS_HZ = 25
"""Requests a second that are answered at once; `Gate` lets a host have some times as many."""
WAIT_S = 0.5
"""So long does whoever asks more often wait for a refusal."""
LOOK_EVERY_S = 1.0
"""How often to look whether somebody on this machine wants to find us."""
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
        Announce it to other machines; without, to this one where the `Space` says so.
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
        self.audience = Audience(space)
        self.lost = 0
        """Values that found no room in the queue."""
        self.detail = ""
        self._listener = listener
        self._welcome = tuple(welcome)
        self._lan = lan
        self._gate = Gate(REQUESTS_HZ, allow)
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
            self.lost += len(news)
            return
        self._pending.extend(news)
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._deliver)

    def change(self, command: str, path: str) -> None:
        """Tell all clients that a path was added or removed; from any thread."""
        if self._loop is not None and not self._stopped:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self.audience.announce, command, path)

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

        gc.freeze()  # what was just imported, as `oscbridge.priority.undisturbed` does at the start
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        server = await serve(
            self.audience.converse,
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
        import asyncio

        while not (self._lan or self.space.sought):
            await asyncio.sleep(LOOK_EVERY_S)
        from oscbridge.oscquery.announce import announce, announce_here

        tell = announce if self._lan else announce_here
        await tell(self.port, self.space.osc_port)

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
        if len(self.audience) >= CLIENTS:
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

    def _deliver(self) -> None:
        """Tell what waits."""
        self._woken = False  # first, so that what comes from here on wakes us again
        while self._pending:
            self.audience.tell(*self._pending.popleft())
