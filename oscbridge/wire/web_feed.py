"""Messages from a WebSocket that somebody else serves: connected again whenever it ends.

Conventions
-----------
A thread of its own; the package ``websockets`` is imported there. The connection is made by itself,
and again after 1, 2, 4 … up to `LONGEST_RETRY_S`. The address may hold a key: what stands after its
question mark is never told.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from websockets.sync.client import ClientConnection

PACKAGE = "websockets"
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 30.0
OPEN_S = 10.0
STOP_S = 3.0
LARGEST = 1 << 16
"""Bytes of a message."""
_POLL_S = 0.25

_log = logging.getLogger(__name__)


class WebFeed:
    """Listens to a service until it is closed.

    Parameters
    ----------
    url : str
        ``ws://`` or ``wss://``.
    token : str
        Is sent along as a bearer's, if not empty.
    take : callable
        Takes each message, in the thread of the link.

    Attributes
    ----------
    name : str
        The address without its key.
    detail : str
        The present trouble in words, empty where there is none.
    """

    def __init__(self, url: str, token: str, take: Callable[[str | bytes], None]) -> None:
        self.name = url.partition("?")[0]
        self.detail = f"connects to {self.name}"
        self._url = url
        self._headers: Mapping[str, str] = {"Authorization": f"Bearer {token}"} if token else {}
        self._take = take
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensor-web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the connection and the thread; a second call does nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join(STOP_S)

    def _run(self) -> None:
        from websockets.exceptions import InvalidStatus, WebSocketException
        from websockets.sync.client import connect

        retry_s = FIRST_RETRY_S
        while not self._ended.is_set():
            try:
                options: dict[str, Any] = {"open_timeout": OPEN_S, "max_size": LARGEST}
                with connect(self._url, additional_headers=self._headers, **options) as link:
                    self.detail = ""
                    self._listen(link)
                    retry_s = FIRST_RETRY_S
                    self._tell("has ended the connection")
            except InvalidStatus as error:
                self._tell(f"refuses us ({error.response.status_code}): is the token right?")
            except (OSError, WebSocketException) as error:
                self._tell(f"cannot be reached: {str(error) or type(error).__name__}")
            self._ended.wait(retry_s)
            retry_s = min(2.0 * retry_s, LONGEST_RETRY_S)

    def _listen(self, link: ClientConnection) -> None:
        """Take messages until the connection ends."""
        from websockets.exceptions import ConnectionClosed

        while not self._ended.is_set():
            try:
                message = link.recv(timeout=_POLL_S)
            except TimeoutError:
                continue
            except ConnectionClosed:
                return
            self._take(message)

    def _tell(self, trouble: str) -> None:
        detail = f"{self.name} {trouble}"
        if detail != self.detail and not self._ended.is_set():
            self.detail = detail
            _log.warning("%s; trying again", detail)
