"""Wwise's authoring interface (WAAPI) as a place to send to: OSC messages become calls.

Conventions
-----------
A message is a call: its address, without the slash, is the procedure, and its arguments are name,
value, name, value. ``/ak.soundengine.setState s:stateGroup s:Music s:state s:calm`` is
``ak.soundengine.setState({stateGroup: "Music", state: "calm"})``. It is used like a UDP socket:
`send` returns at once or raises ``OSError``; a thread of its own keeps the WebSocket, connects by
itself and again when Wwise has been closed, and introduces itself every time. What Wwise refuses is
described in ``trouble``.

References
----------
The Web Application Messaging Protocol, basic profile (WAMP 2), JSON; audiokinetic.com, "Wwise
Authoring API".
"""

from __future__ import annotations

import errno
import importlib.util
import json
import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from oscbridge.errors import MissingExtraError
from oscbridge.wire.packet import OscMessage, read_packet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from websockets.sync.client import ClientConnection

PACKAGE = "websockets"
REALM = "realm1"
SUBPROTOCOL = "wamp.2.json"
HELLO, WELCOME, ERROR, CALL = 1, 2, 8, 48
RETRY_S = 1.0
MAX_WAITING = 256
"""Calls that wait at most; Wwise answers each within milliseconds."""
_POLL_S = 0.05
_OPEN_S = 2.0

_log = logging.getLogger(__name__)


def call_of(datagram: bytes | bytearray) -> tuple[str, dict[str, Any]]:
    """Procedure and named arguments that a packet means.

    Raises
    ------
    ValueError
        It is no message of pairs of a name and a value.
    """
    message = read_packet(bytes(datagram))
    if not isinstance(message, OscMessage) or len(message.arguments) % 2:
        raise ValueError(f"no call: {message}")
    names, values = message.arguments[::2], message.arguments[1::2]
    return message.address[1:], {str(n): value for n, value in zip(names, values, strict=True)}


class WaapiSender:
    """A connection to Wwise.

    Parameters
    ----------
    host, port
        Where the authoring application listens.
    greeting : callable
        Packets that are sent first on every new connection.

    Raises
    ------
    MissingExtraError
        The package ``websockets`` is not installed.
    """

    def __init__(
        self, host: str, port: int, greeting: Callable[[], Iterable[bytes]] = tuple
    ) -> None:
        if importlib.util.find_spec(PACKAGE) is None:
            raise MissingExtraError("WAAPI", PACKAGE, "oscquery")
        self.name = f"{host}:{port} (WAAPI)"
        self.trouble = ""
        """What Wwise refused last; empty when it did the last call."""
        self._greeting = greeting
        self._uri = f"ws://{host}:{port}/waapi"
        self._calls: deque[tuple[str, dict[str, Any]]] = deque()
        self._news = threading.Condition()
        self._closed = False
        self._connected = False
        self._number = 0
        self._tried = threading.Event()
        self._thread = threading.Thread(target=self._run, name="waapi", daemon=True)
        self._thread.start()

    def send(self, datagram: bytes | bytearray) -> None:
        """Make a call without waiting for it.

        Raises
        ------
        ConnectionRefusedError
            Wwise is not there.
        BlockingIOError
            It is slower than we speak.
        """
        call = call_of(datagram)
        with self._news:
            if self._tried.is_set() and not self._connected:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "Wwise is not there")
            if len(self._calls) >= MAX_WAITING:
                raise BlockingIOError(errno.EAGAIN, "Wwise is too slow")
            self._calls.append(call)
            self._news.notify()

    def receive(self) -> list[bytes]:
        """Nothing: what Wwise answers is no OSC."""
        return []

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join(_OPEN_S + 1.0)

    def _run(self) -> None:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        while not self._closed:
            try:
                words = [Subprotocol(SUBPROTOCOL)]
                with connect(self._uri, subprotocols=words, open_timeout=_OPEN_S) as link:
                    self._greet(link)
                    self._talk(link)
            except (OSError, WebSocketException, ValueError) as error:
                _log.debug("Wwise at %s: %s", self._uri, error)
            with self._news:
                self._connected = False
                self._calls.clear()
                self._tried.set()
                if not self._closed:
                    self._news.wait(RETRY_S)

    def _greet(self, link: ClientConnection) -> None:
        link.send(json.dumps([HELLO, REALM, {"roles": {"caller": {}}}]))
        answer = json.loads(link.recv(_OPEN_S))
        if answer[0] != WELCOME:
            raise ValueError(f"Wwise answers {answer}")
        with self._news:
            self._calls.extendleft(reversed([call_of(packet) for packet in self._greeting()]))
            self._connected = True
            self._tried.set()

    def _talk(self, link: ClientConnection) -> None:
        while True:
            with self._news:
                if not self._calls and not self._closed:
                    self._news.wait(_POLL_S)
                waiting = list(self._calls)
                self._calls.clear()
                if self._closed and not waiting:
                    return
            for uri, arguments in waiting:
                self._number += 1
                link.send(json.dumps([CALL, self._number, {}, uri, [], arguments]))
            self._read_answers(link)

    def _read_answers(self, link: ClientConnection) -> None:
        while True:
            try:
                answer = json.loads(link.recv(timeout=0))
            except TimeoutError:
                return
            if answer[0] == ERROR:
                self.trouble = f"Wwise refused: {answer[4]}"
                details = answer[6] if len(answer) > 6 else {}
                if isinstance(details, dict) and "message" in details:
                    self.trouble = f"Wwise refused: {details['message']}"
            else:
                self.trouble = ""
