"""Heart rates from a web service: JSON over WebSocket, as Pulsoid sends them.

Conventions
-----------
A thread of its own; the package ``websockets`` is imported there. A message is JSON with the rate
under one of `KEYS`, at the top or in ``data`` or ``payload``, or the number alone as text. The
connection is made by itself and again when it ends, after 1, 2, 4 … up to `LONGEST_RETRY_S`, as the
service asks for. The address may hold a key to somebody's heart: what stands after its question
mark is never told.

References
----------
docs.pulsoid.net, "Read Heart Rate via WebSocket".
"""

from __future__ import annotations

import json
import logging
import math
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from websockets.sync.client import ClientConnection

PACKAGE = "websockets"
KEYS = ("heart_rate", "heartRate", "hr", "bpm")
PLACES = ("data", "payload")
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 30.0
OPEN_S = 10.0
STOP_S = 3.0
_POLL_S = 0.25
_LARGEST = 1 << 16  # bytes of a message

_log = logging.getLogger(__name__)


def rate_of(message: str | bytes) -> float | None:
    """Beats a minute in a message of a service; None where it tells of something else."""
    try:
        said = json.loads(message)
    except ValueError:
        return None
    found = _number(said)
    if found is None and isinstance(said, dict):
        inner = [said[place] for place in PLACES if isinstance(said.get(place), dict)]
        for table in (said, *inner):
            found = next((n for key in KEYS if (n := _number(table.get(key))) is not None), found)
    return found


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


class WebRates:
    """Listens to a service until it is closed.

    Parameters
    ----------
    url : str
        ``ws://`` or ``wss://``.
    token : str
        Is sent along as a bearer's, if not empty.
    take : callable
        Takes each rate, in the thread of the link.
    """

    def __init__(self, url: str, token: str, take: Callable[[float], None]) -> None:
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
                options: dict[str, Any] = {"open_timeout": OPEN_S, "max_size": _LARGEST}
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
        """Take rates until the connection ends."""
        from websockets.exceptions import ConnectionClosed

        while not self._ended.is_set():
            try:
                rate = rate_of(link.recv(timeout=_POLL_S))
            except TimeoutError:
                continue
            except ConnectionClosed:
                return
            if rate is not None:
                self._take(rate)

    def _tell(self, trouble: str) -> None:
        detail = f"{self.name} {trouble}"
        if detail != self.detail and not self._ended.is_set():
            self.detail = detail
            _log.warning("%s; trying again", detail)
