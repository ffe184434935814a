"""The UDP port of a run: everything leaves from it, and others speak to it.

Conventions
-----------
One socket for both ways, so that whoever answers the sender of a packet reaches us. It hears this
machine alone (127.0.0.1) unless the network is let in (``lan``). A socket bound like this cannot
send to other machines: what is for them leaves from a second one, which listens to nobody.

A port that is busy is no reason not to start: `STEPS` further ones are tried, and what came of it
is said in ``detail``.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError
from oscbridge.inbound.udp import Udp

if TYPE_CHECKING:
    from oscbridge.inbound.sender import Address
    from oscbridge.inbound.settings import PortSettings

STEPS = (0, 10, 20)
THIS_MACHINE = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


class Port:
    """What a run sends from and listens at.

    Parameters
    ----------
    own : Udp
        Its socket.
    listens : bool
        Whether others can speak to it.
    lan : bool
        Whether it is bound to all addresses of this machine.
    detail : str
        Why it is another port than wanted, or none.

    Attributes
    ----------
    address : tuple of (host, port), optional
        Where it listens.
    """

    def __init__(self, own: Udp, *, listens: bool, lan: bool = False, detail: str = "") -> None:
        self.own = own
        self.lan = lan
        self.detail = detail
        self.address: Address | None = own.address if listens else None
        self._bound_here = listens and not lan
        self._elsewhere: dict[int, Udp] = {}  # for what the own one cannot reach, by family

    @property
    def number(self) -> int | None:
        """The port's number, None where it does not listen."""
        return self.address[1] if self.address else None

    def send(self, datagram: bytes | bytearray, to: Address) -> None:
        """Send one datagram to a numeric address, without waiting.

        Raises
        ------
        OSError
            It could not leave; a peer that is not there is no error but counted (`refusals`).
        """
        self.way_to(to).send(to, datagram)

    def refusals(self, peer: Address) -> int:
        """How many datagrams to a peer found nobody there."""
        return self.way_to(peer).refusals.get(peer, 0)

    def note_refusals(self) -> None:
        """Look who was not there."""
        for way in (self.own, *self._elsewhere.values()):
            way.note_refusals()

    def is_own(self, address: Address) -> bool:
        """Whether what is sent there comes back to us."""
        if self.address is None or address[1] != self.address[1]:
            return False
        return is_this_machine(address[0]) or address[0] == EVERYWHERE

    def close(self) -> None:
        """Close all sockets; a second call does nothing."""
        for way in (self.own, *self._elsewhere.values()):
            way.close()

    def way_to(self, address: Address) -> Udp:
        """The socket that reaches ``address``, always the same for the same address."""
        host = address[0]
        if ":" in host:
            family = socket.AF_INET6
        elif self._bound_here and not host.startswith("127."):
            family = socket.AF_INET
        else:
            return self.own
        way = self._elsewhere.get(family)
        if way is None:
            way = self._elsewhere.setdefault(family, Udp(family))
        return way


def open_port(settings: PortSettings) -> Port:
    """Open the port that is wanted, or one beside it, or one that only sends.

    Raises
    ------
    SettingsError
        Something in ``allow`` is no address and no network.
    """
    check_networks(settings.allow)
    if not settings.enabled:
        return sending_port()
    host = EVERYWHERE if settings.lan else THIS_MACHINE
    tried: list[str] = []
    for step in STEPS if settings.port else (0,):
        number = settings.port + step
        try:
            own = Udp(socket.AF_INET, (host, number))
        except (OSError, OverflowError) as error:
            tried.append(f"UDP port {number} {_reason(error)}")
            continue
        return Port(own, listens=True, lan=settings.lan, detail=", ".join(tried))
    return Port(Udp(socket.AF_INET), listens=False, detail=", ".join(tried))


def sending_port() -> Port:
    """Open a port that nobody can speak to."""
    return Port(Udp(socket.AF_INET), listens=False)


def check_networks(allow: tuple[str, ...]) -> None:
    """Check that all of ``allow`` are addresses or networks. Raises `SettingsError`."""
    for text in allow:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise SettingsError(
                f"{text!r} is no address and no network: write 10.0.0.7 or 10.0.0.0/24."
            ) from None


def _reason(error: OSError | OverflowError) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return "is busy"
    if code in (errno.EACCES, errno.EPERM):
        return "may not be opened here"
    return f"cannot be opened ({error})" if code is None else f"cannot be opened ({error.strerror})"  # type: ignore[union-attr]


def is_this_machine(host: str) -> bool:
    """Whether what is sent to ``host`` stays on this machine."""
    return host.startswith("127.") or host in ("localhost", "::1")
