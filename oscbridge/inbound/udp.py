"""One UDP socket that never waits, and knows which peer was not there.

Conventions
-----------
Addresses are numeric (`resolve`). A datagram to a port where nobody listens comes back as an ICMP
message. Linux keeps those in the socket's error queue with the address that they are about
(``IP_RECVERR``), and fails the next call on the socket, whomever that was for: `Udp.send` reads the
queue then and sends again, so that a peer which is there misses nothing. Elsewhere a socket that is
not connected is told nothing.

References
----------
ip(7), ``IP_RECVERR``; ``struct sock_extended_err`` of linux/errqueue.h.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import sys
from typing import TYPE_CHECKING

from oscbridge.errors import DeviceError

if TYPE_CHECKING:
    from oscbridge.inbound.sender import Address

RECEIVE_BUFFER = 1 << 17
"""Bytes that wait in the kernel; what comes beyond them is lost there, where it costs nothing."""
LONGEST = 8192
"""Bytes of a datagram that is read; one that is longer is cut, and known by that."""

_ELSEWHERE = "192.0.2.1"  # RFC 5737: an address that nobody has
_ERROR_QUEUE = 0x2000  # MSG_ERRQUEUE
_TELL_ERRORS: dict[int, tuple[int, int]] = {
    socket.AF_INET: (socket.IPPROTO_IP, 11),  # IP_RECVERR
    socket.AF_INET6: (socket.IPPROTO_IPV6, 25),  # IPV6_RECVERR
}
_TELLS_ERRORS = sys.platform.startswith("linux")
_REFUSED = 111  # ECONNREFUSED of Linux, as the error queue tells it
_MOST_REFUSALS = 256  # peers that are remembered
_TOO_LONG = {errno.EMSGSIZE, 10040}  # WSAEMSGSIZE: how Windows says that it was cut


class Udp:
    """A UDP socket.

    Parameters
    ----------
    family : int
        ``AF_INET`` or ``AF_INET6``.
    bind : tuple of (host, port), optional
        Where to listen; without it, only for sending. Raises ``OSError`` where it is busy.

    Attributes
    ----------
    socket : socket.socket
        Does not block.
    refusals : dict of address to int
        How many datagrams to each peer found nobody.
    """

    def __init__(self, family: int, bind: Address | None = None) -> None:
        self.refusals: dict[Address, int] = {}
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self.socket.setblocking(False)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if _TELLS_ERRORS:
                self.socket.setsockopt(*_TELL_ERRORS[family], 1)
            if bind is not None:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
                if sys.platform == "win32":  # there, another program could take the port as well
                    self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
                self.socket.bind(bind)
        except OSError:
            self.socket.close()
            raise
        self._buffer = bytearray(LONGEST + 1)
        self._view = memoryview(self._buffer)

    @property
    def address(self) -> Address:
        """Where it listens."""
        host, port = self.socket.getsockname()[:2]
        return host, port

    def send(self, to: Address, datagram: bytes | bytearray) -> None:
        """Send one datagram. Raises ``OSError`` where it cannot leave."""
        try:
            self.socket.sendto(datagram, to)
        except (ConnectionRefusedError, ConnectionResetError):
            self.note_refusals()
            # It answers an earlier datagram, to whomever, and kept this one from leaving.
            with contextlib.suppress(ConnectionRefusedError, ConnectionResetError):
                self.socket.sendto(datagram, to)

    def receive(self) -> tuple[memoryview, Address] | None:
        """Read one datagram, valid until the next call; None where none waits.

        One of more than `LONGEST` bytes is cut, but still longer than that.
        """
        while True:
            try:
                size, address = self.socket.recvfrom_into(self._buffer)
            except BlockingIOError:
                return None
            except (ConnectionRefusedError, ConnectionResetError):
                self.note_refusals()
            except OSError as error:
                if error.errno not in _TOO_LONG:
                    raise
            else:
                return self._view[:size], address[:2]

    def note_refusals(self) -> None:
        """Read from the error queue who was not there; may be called from any thread."""
        if not _TELLS_ERRORS:
            return
        while True:
            try:
                _, notes, _, about = self.socket.recvmsg(0, 512, _ERROR_QUEUE)
            except OSError:
                return
            if about and any(_is_refusal(data) for _, _, data in notes):
                peer = about[:2]
                if peer not in self.refusals and len(self.refusals) >= _MOST_REFUSALS:
                    self.refusals.pop(next(iter(self.refusals)))
                self.refusals[peer] = self.refusals.get(peer, 0) + 1

    def close(self) -> None:
        """Close the socket; a second call does nothing."""
        self.socket.close()


def _is_refusal(note: bytes) -> bool:
    """Whether a ``sock_extended_err`` tells that nobody listens there."""
    return len(note) >= 4 and struct.unpack_from("=I", note)[0] == _REFUSED


def resolve(host: str, port: int) -> tuple[int, Address]:
    """Family and numeric address of a host.

    Raises
    ------
    DeviceError
        It has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except socket.gaierror as error:
        raise DeviceError(f"cannot find the OSC target {host!r}: {error.strerror}.") from None
    except UnicodeError:
        raise DeviceError(
            f"cannot find the OSC target {host!r}: no host has such a name."
        ) from None
    # "localhost" may be ::1 first, yet nearly every OSC program listens on IPv4 only.
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    family, _, _, _, address = found[0]
    return family, (str(address[0]), int(address[1]))


def own_address() -> str:
    """Address of this machine in its network, for people to type elsewhere.

    Where there is no network it is 0.0.0.0. Nothing is sent: the system is asked which of its
    addresses it would send from.
    """
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((_ELSEWHERE, 9))
        return asking.getsockname()[0]
    return "0.0.0.0"
