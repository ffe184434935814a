"""The process that serves the page. Started by `oscbridge.dashboard.link`.

Problem
-------
A web server with a dozen phones does work of its own: it encodes, compresses, waits for slow
networks. In the process that analyses it would take the interpreter's lock at moments of its
choosing. Here it has one of its own, and whatever happens to it, the music goes on.

Conventions
-----------
`oscbridge.dashboard.records` has what goes in and out. The main thread reads what the run tells; a
second one has the loop of the server. It ends with its owner.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
import threading
from typing import TYPE_CHECKING

import msgspec

from oscbridge.dashboard.records import Code, FromPages, Opened, Refused, Serve, ToPages
from oscbridge.inbound.udp import own_address
from oscbridge.own_process import private_stdout
from oscbridge.piped_lines import LineReader

if TYPE_CHECKING:
    import uvicorn

    from oscbridge.dashboard.board import Board

STEPS = (0, 10, 20)
"""How much further to look where a port is busy."""
HIGHEST_PORT = 65535
_WAIT_S = 5.0
FRAME = 65_536
"""Longest text that is read of a page, bytes."""
PING_S = 5.0
GOODBYE_S = 1


class Teller:
    """Tells the run.

    Parameters
    ----------
    out : int
        File descriptor.
    """

    def __init__(self, out: int) -> None:
        self._out = out

    def tell(self, record: FromPages) -> None:
        """Tell one record; where nobody listens the end is near."""
        with contextlib.suppress(OSError):
            os.write(self._out, msgspec.json.encode(record) + b"\n")


def _listen(host: str, port: int) -> socket.socket:
    """Listen at ``port`` or a little further where it is busy. Raises `OSError` in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ports = [port + step for step in STEPS if port + step <= HIGHEST_PORT] if port else [0]
    for number in ports:
        try:
            return socket.create_server((host, number), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OSError(_reason(error, host, number)) from None
    raise OSError(f"at {host} these ports are busy: {', '.join(map(str, ports))}")


def _reason(error: OSError, host: str, port: int) -> str:
    """Why nobody can listen there."""
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine, which is {own_address()} in its network"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} is for the administrator: choose one from 1024 on"
    return f"{host}:{port} cannot be listened at ({error.strerror or error})"


async def _tick(board: Board) -> None:
    from oscbridge.dashboard.history import TICK_HZ

    while True:
        await asyncio.sleep(1.0 / TICK_HZ)
        board.tick()


async def _serve(server: uvicorn.Server, listener: socket.socket, board: Board) -> None:
    ticking = asyncio.create_task(_tick(board))
    await server.serve(sockets=[listener])
    ticking.cancel()


def _run(request: Serve, listener: socket.socket, lines: LineReader, teller: Teller) -> None:
    """Serve until there are no more lines."""
    import uvicorn

    from oscbridge.dashboard.board import Board
    from oscbridge.dashboard.pairing import Pairing
    from oscbridge.dashboard.server import Pages

    board, pairing = Board(), Pairing(request.key)
    server = uvicorn.Server(
        uvicorn.Config(
            Pages(board, pairing, teller.tell).app(request.allow),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            ws_max_size=FRAME,
            ws_ping_interval=PING_S,
            ws_ping_timeout=PING_S,
            ws_per_message_deflate=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GOODBYE_S,
            ssl_certfile=request.certificate or None,
            ssl_keyfile=request.certificate_key or None,
        )
    )
    gc.freeze()
    loop = asyncio.new_event_loop()
    serving = threading.Thread(
        target=loop.run_until_complete, args=(_serve(server, listener, board),), name="pages"
    )
    teller.tell(Opened(listener.getsockname()[1]))  # before any page can say a word
    if request.lan:
        teller.tell(Code(pairing.code))
    serving.start()
    decode = msgspec.json.Decoder(ToPages).decode
    while not lines.ended and serving.is_alive():
        line = lines.take(_WAIT_S)
        if line is not None:
            loop.call_soon_threadsafe(board.take, decode(line))
    server.should_exit = True
    serving.join(GOODBYE_S + 1)


def main() -> None:
    """Serve what the first line asks for."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # often of the whole group: the owner says the end
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    teller = Teller(private_stdout())
    lines = LineReader(0)
    line = lines.take(_WAIT_S)
    if line is None:
        os._exit(0)
    try:
        request = msgspec.json.decode(line, type=Serve)
        with _listen(request.host, request.port) as listener:
            _run(request, listener, lines, teller)
    except ImportError as error:
        teller.tell(Refused(str(error), package=error.name or "uvicorn"))
    except OSError as error:
        teller.tell(Refused(str(error)))
    os._exit(0)


if __name__ == "__main__":
    main()
