"""Somebody we send to, and how that goes.

Conventions
-----------
A peer may come at any time: trouble is counted and named, and the next datagram is tried again.
Refusals from another machine come late and thinned out, so no news for `TROUBLE_FADES_S` is good
news.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from oscbridge.inbound.port import Port
    from oscbridge.inbound.sender import Address

TROUBLE_FADES_S = 2.0


class Way(Protocol):
    """How datagrams get to a target."""

    name: str

    def send(self, datagram: bytes | bytearray) -> None:
        """Send one, without waiting. Raises ``OSError`` where it cannot leave."""
        ...

    def refusals(self) -> int:
        """How many found nobody there."""
        ...

    def close(self) -> None:
        """Close what was opened; a second call does nothing."""
        ...


class UdpWay:
    """From the port of the run to an address."""

    def __init__(self, port: Port, address: Address, name: str = "") -> None:
        host, number = address
        self.name = name or (f"[{host}]:{number}" if ":" in host else f"{host}:{number}")
        self._port = port
        self._address = address

    def send(self, datagram: bytes | bytearray) -> None:
        """Send one datagram. Raises ``OSError`` where it cannot leave."""
        self._port.send(datagram, self._address)

    def refusals(self) -> int:
        """How many found nobody there."""
        return self._port.refusals(self._address)

    def close(self) -> None:
        """The port is not ours to close."""


class Target:
    """Somebody we send to.

    Parameters
    ----------
    way : Way
        How to get there.

    Attributes
    ----------
    sent, errors : int
        Datagrams that left; that did not, or found nobody.
    trouble : str
        What is wrong at present, empty where nothing is.
    """

    def __init__(self, way: Way) -> None:
        self.name = way.name
        self.sent = 0
        self.errors = 0
        self.trouble = ""
        self._way = way
        self._refusals = way.refusals()
        self._trouble_until_s = -math.inf
        self.send_now = way.send

    def send(self, datagram: bytes | bytearray, now_s: float) -> None:
        """Send a datagram; what does not get through is counted."""
        try:
            self.send_now(datagram)
        except OSError as error:
            self._note(error.strerror or str(error), 1, now_s)
        else:
            self.sent += 1

    def update(self, now_s: float) -> bool:
        """Look how it went; True when trouble has come or gone."""
        refusals = self._way.refusals()
        before = self.trouble
        if refusals > self._refusals:
            self._note("nobody listens", refusals - self._refusals, now_s)
            self._refusals = refusals
        elif self.trouble and now_s >= self._trouble_until_s:
            self.trouble = ""
        return self.trouble != before

    def close(self) -> None:
        """Close the way; a second call does nothing."""
        self._way.close()

    def _note(self, trouble: str, count: int, now_s: float) -> None:
        self.errors += count
        self._trouble_until_s = now_s + TROUBLE_FADES_S
        self.trouble = trouble
