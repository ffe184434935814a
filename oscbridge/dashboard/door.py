"""Who comes in: checked for every request, before anything is read of it.

Conventions
-----------
A layer around the application (ASGI). Whoever asks too often, is not on the list, or reached us by
a name that is not ours is turned away; a page from elsewhere can neither say anything nor open a
WebSocket (``Origin``). Other machines than this one need a token in a cookie
(`oscbridge.dashboard.pairing`), all but for the page that asks for the code. Every answer says that
the page uses nothing from anywhere else and may be shown in no frame.
"""

from __future__ import annotations

import time
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

from oscbridge.inbound.gate import Gate
from oscbridge.oscquery.admission import host_is_ours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from oscbridge.dashboard.pairing import Pairing

REQUESTS_HZ = 60
"""Requests a second that are answered; `Gate` lets a host have some times as many."""
COOKIE = "oscbridge"
UNPAIRED = 4401
"""Code with which a WebSocket is closed that needs the code first."""
OPEN_TO_ALL = ("/pair", "/static/")
POLICY = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-cache",
}


class Door:
    """Lets in who may come.

    Parameters
    ----------
    app : ASGI application
        What is behind it.
    pairing : Pairing
        Knows tokens.
    allow : sequence of str
        Addresses and networks of those that may come; empty: all.
    """

    def __init__(self, app: ASGIApp, pairing: Pairing, allow: Sequence[str] = ()) -> None:
        self._app = app
        self._pairing = pairing
        self._gate = Gate(REQUESTS_HZ, allow)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the reason why not."""
        reason = self._objection(scope)
        if reason:
            await PlainTextResponse(f"{reason}\n", 403)(scope, receive, send)
        elif self._is_paired(scope) or str(scope["path"]).startswith(OPEN_TO_ALL):
            await self._app(scope, receive, _Stamped(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": UNPAIRED})
        else:
            await RedirectResponse("/pair", 303)(scope, receive, _Stamped(send))

    def _objection(self, scope: Scope) -> str:
        """What speaks against a request; empty where nothing does."""
        peer = tuple(scope["client"] or ("", 0))
        verdict = self._gate.judge((str(peer[0]), int(peer[1])), 0, time.monotonic())
        if verdict == "stranger":
            return "This machine is not on the list."
        if verdict == "over the cap":
            return "Too many requests: wait a moment."
        headers = Headers(scope=scope)
        hosts, origin = headers.getlist("host"), headers.get("origin")
        if len(hosts) != 1 or not host_is_ours(hosts[0]):
            return "Use an address of this machine."
        says = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        if says and (origin is None or urlsplit(origin).netloc != hosts[0]):
            return "Only the page that is served here may do that."
        return ""

    def _is_paired(self, scope: Scope) -> bool:
        """Whether it comes from this machine, or with a token."""
        if is_here(scope):
            return True
        try:
            cookie = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and self._pairing.knows(cookie.value)


class _Stamped:
    """Sends, and says on each answer what the page may do.

    Parameters
    ----------
    send : callable
        As of ASGI.
    """

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(POLICY)
        await self._send(message)


def is_here(scope: Scope) -> bool:
    """Whether a request comes from this very machine."""
    host = str(scope["client"][0]) if scope["client"] else ""
    return host.startswith("127.") or host == "::1"
