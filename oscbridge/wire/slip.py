"""OSC over TCP with SLIP framing, as OSC 1.1 has it: a sender that never waits.

Conventions
-----------
Each packet stands between two END bytes; END and ESC within are escaped. `SlipSender` is used like
a UDP socket: `send` returns at once or raises ``OSError``. It connects by itself, in the background
and again when the connection is lost, at most once in `RETRY_S`, and introduces itself every time;
what is sent while it connects waits, up to `MAX_WAITING` bytes. `receive` gives what the host has
answered.

References
----------
J. Romkey, "A Nonstandard for Transmission of IP Datagrams over Serial Lines: SLIP", RFC 1055.
A. Freed, A. Schmeder, "Features and Future of Open Sound Control version 1.1", NIME 2009.
"""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import time
from typing import TYPE_CHECKING

from oscbridge.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

END, ESC, ESC_END, ESC_ESC = 0xC0, 0xDB, 0xDC, 0xDD
_ESCAPED = {ESC_END: END, ESC_ESC: ESC}
RETRY_S = 1.0
MAX_WAITING = 65_536
MAX_PACKET = 65_536
"""Longer packets of a host are thrown away, not kept in memory."""

_UNDER_WAY = {
    errno.EINPROGRESS,
    errno.EWOULDBLOCK,
    errno.EALREADY,
    getattr(errno, "WSAEWOULDBLOCK", 0),
}


def frame(packet: bytes | bytearray) -> bytes:
    """Put a packet between END bytes."""
    escaped = packet.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
    return b"\xc0" + escaped + b"\xc0"


class Unframer:
    """Finds packets in a stream of bytes that comes in pieces of any size."""

    def __init__(self) -> None:
        self._packet = bytearray()
        self._escaped = False
        self._too_long = False

    def update(self, data: bytes) -> list[bytes]:
        """Take bytes; return the packets that they complete."""
        packets: list[bytes] = []
        for byte in data:
            if byte == END:
                if self._packet and not self._too_long:
                    packets.append(bytes(self._packet))
                self._packet.clear()
                self._escaped = self._too_long = False
            elif byte == ESC:
                self._escaped = True
            else:
                meant = _ESCAPED.get(byte, byte) if self._escaped else byte
                self._escaped = False
                if len(self._packet) < MAX_PACKET:
                    self._packet.append(meant)
                else:
                    self._too_long = True
        return packets


class SlipSender:
    """A connection to a host that reads OSC over TCP.

    Parameters
    ----------
    host, port
        Where it listens.
    greeting : callable
        Packets that are sent first on every new connection.
    clock : callable
        Seconds, for the pauses between attempts to connect.

    Raises
    ------
    DeviceError
        When the host has no address.
    """

    def __init__(
        self,
        host: str,
        port: int,
        greeting: Callable[[], Iterable[bytes]] = tuple,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"{host}:{port} (TCP)"
        self.trouble = ""
        """What the host refused last: over TCP it says nothing of that kind."""
        self._greeting = greeting
        self._clock = clock
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError):
            raise DeviceError(
                f"cannot find the OSC target {host!r}: no host of that name."
            ) from None
        found.sort(key=lambda entry: entry[0] != socket.AF_INET)
        self._family, _, _, _, self._address = found[0]
        self._socket: socket.socket | None = None
        self._connected = False
        self._retry_s = -1e9
        self._waiting = bytearray()
        self._unframer = Unframer()

    def send(self, datagram: bytes | bytearray) -> None:
        """Send a packet without waiting.

        Raises
        ------
        ConnectionRefusedError
            Nobody listens there.
        BlockingIOError
            The host reads more slowly than we speak.
        """
        self._move()
        if self._socket is None:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "nobody listens")
        framed = frame(datagram)
        if len(self._waiting) + len(framed) > MAX_WAITING:
            raise BlockingIOError(errno.EAGAIN, "the host reads too slowly")
        self._waiting += framed
        self._flush()

    def receive(self) -> list[bytes]:
        """Packets that the host has sent since the last call."""
        self._move()
        self._flush()
        packets: list[bytes] = []
        while self._socket is not None and self._connected:
            try:
                data = self._socket.recv(65_536)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self._drop()
                break
            packets += self._unframer.update(data)
        return packets

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        if self._socket is not None:
            self._flush()
        self._drop()
        self._retry_s = float("inf")

    def _move(self) -> None:
        """Begin to connect, or see what has become of it."""
        if self._socket is None:
            if self._clock() >= self._retry_s:
                self._begin()
        elif not self._connected:
            _, ready, failed = select.select([], [self._socket], [self._socket], 0.0)
            if ready or failed:
                self._conclude(self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    def _begin(self) -> None:
        self._retry_s = self._clock() + RETRY_S
        self._socket = socket.socket(self._family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        state = self._socket.connect_ex(self._address)
        if state not in _UNDER_WAY:
            self._conclude(state)

    def _conclude(self, error: int) -> None:
        if error:
            self._drop()
        else:
            self._connected = True
            self._unframer = Unframer()
            self._waiting[:0] = b"".join(map(frame, self._greeting()))

    def _flush(self) -> None:
        if self._socket is None or not self._connected or not self._waiting:
            return
        try:
            sent = self._socket.send(self._waiting)
        except BlockingIOError:
            return
        except OSError:
            self._drop()
            return
        del self._waiting[:sent]

    def _drop(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None
        self._connected = False
        self._waiting.clear()
