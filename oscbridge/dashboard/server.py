"""The web server of the page: files, the code for other machines, and one WebSocket for each page.

Conventions
-----------
An ASGI application of Starlette, run by uvicorn (`oscbridge.dashboard.process`). A page says
``{"number": n, "stream": name, "name": inlet, "args": […]}`` and is told what became of number n;
only what `oscbridge.dashboard.vocabulary` lists is passed on, at most `SAID_HZ` a second of all
pages together. What is no text is a picture of the camera that it lends, JPEG, at most `LOOK_HZ` a
second; others are passed over. A page that does not read is told less often, and dropped by
uvicorn's ping when it has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from oscbridge.dashboard.door import COOKIE, Door
from oscbridge.dashboard.pairing import TOKEN_S
from oscbridge.dashboard.records import Answer, Code, Lend, Look, Said
from oscbridge.dashboard.vocabulary import CAMERA, PANIC, PANIC_MEANS, SAYABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp
    from starlette.websockets import WebSocket

    from oscbridge.dashboard.board import Board, Page
    from oscbridge.dashboard.pairing import Pairing
    from oscbridge.dashboard.records import FromPages

FILES = Path(__file__).parent / "static"
PAGES = 16
"""So many may look on."""
FULL = 4429
"""Code with which a WebSocket is closed where there are too many."""
PERIOD_S = 0.35
"""Between two texts to a page, unless somebody waits for one; what moves glides in between."""
SAID_HZ = 250.0
BURST_S = 0.2
LONGEST_CODE = 64
LOOK_HZ = 12.0
JPEG = b"\xff\xd8"
"""What every picture begins with."""

_Text = Annotated[str, msgspec.Meta(max_length=256)]


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page says."""

    number: int
    name: _Text
    stream: _Text = ""
    args: Annotated[tuple[int | float | _Text, ...], msgspec.Meta(max_length=8)] = ()


class Pages:
    """Serves pages.

    Parameters
    ----------
    board : Board
        What they show.
    pairing : Pairing
        Who else may come.
    tell : callable
        Passes on what they say.
    """

    def __init__(self, board: Board, pairing: Pairing, tell: Callable[[FromPages], None]) -> None:
        self._board = board
        self._pairing = pairing
        self._tell = tell
        self._next_s = 0.0
        self._decode = msgspec.json.Decoder(Wish).decode

    def app(self, allow: tuple[str, ...] = ()) -> ASGIApp:
        """The application; ``allow`` as of `Door`."""
        routes = [
            Route("/", partial(self._file, "index.html")),
            Route("/pair", partial(self._file, "pair.html")),
            Route("/pair", self._pair, methods=["POST"]),
            Mount("/static", StaticFiles(directory=FILES)),
            WebSocketRoute("/live", self._live),
        ]
        inner = Starlette(routes=routes, middleware=[Middleware(GZipMiddleware, minimum_size=500)])
        return Door(inner, self._pairing, allow)

    async def _file(self, name: str, request: Request) -> Response:
        return FileResponse(FILES / name)

    async def _pair(self, request: Request) -> Response:
        """Take a code."""
        code = (await request.body())[:LONGEST_CODE].decode("ascii", "replace")
        token = self._pairing.pair(code)
        if token is None:
            pause_s = self._pairing.pause_s
            reason = f"Too many wrong codes: wait {pause_s:.0f} s." if pause_s else "Wrong code."
            self._tell(Code(self._pairing.code))
            return JSONResponse({"reason": reason}, 403)
        host = request.client.host if request.client else ""
        self._tell(Code(self._pairing.code, paired=host))
        response = JSONResponse({"reason": ""})
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(TOKEN_S),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def _live(self, socket: WebSocket) -> None:
        """Talk with a page until it leaves."""
        await socket.accept()
        if self._board.pages >= PAGES:
            await socket.close(FULL)
            return
        page = self._board.join()
        telling = asyncio.create_task(self._keep_telling(socket, page))
        try:
            while (message := await socket.receive())["type"] == "websocket.receive":
                if text := message.get("text"):
                    await self._take(page, text)
                elif jpeg := message.get("bytes"):
                    self._look(page, jpeg)
        finally:
            self._board.leave(page)
            self._tell(Lend(page.number))
            telling.cancel()

    async def _keep_telling(self, socket: WebSocket, page: Page) -> None:
        while True:
            await page.news.wait()
            for text in self._board.tell(page):
                await socket.send_text(text.decode())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(page.hurry.wait(), PERIOD_S)

    def _look(self, page: Page, jpeg: bytes) -> None:
        """Pass on a picture, unless it comes too soon after the last."""
        now_s = asyncio.get_running_loop().time()
        if jpeg.startswith(JPEG) and now_s - page.looked_s >= 1.0 / LOOK_HZ:
            page.looked_s = now_s
            self._tell(Look(page.number, jpeg))

    async def _take(self, page: Page, text: str) -> None:
        """Pass on what a page says, no faster than is good for the run."""
        loop = asyncio.get_running_loop()
        self._next_s = max(self._next_s, loop.time() - BURST_S) + 1.0 / SAID_HZ
        if self._next_s > loop.time():
            await asyncio.sleep(self._next_s - loop.time())
        try:
            wish = self._decode(text)
        except msgspec.MsgspecError:
            return
        if wish.name == PANIC:
            *others, last = PANIC_MEANS
            for name, args in others:
                self._tell(Said(page.number, 0, wish.stream, name, args))
            self._tell(Said(page.number, wish.number, wish.stream, *last))
        elif wish.name == CAMERA:
            self._tell(Lend(page.number, wish.number, on=wish.args == (1,)))
        elif wish.name in SAYABLE:
            self._tell(Said(page.number, wish.number, wish.stream, wish.name, wish.args))
        else:
            self._board.take(Answer(page.number, wish.number, "no page may say that"))
