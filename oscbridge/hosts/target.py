"""Somebody we send to, and how that goes.

Conventions
-----------
A peer may come at any time: trouble is counted and named, and the next datagram is tried again.
Refusals from another machine come late and thinned out, so no news for `TROUBLE_FADES_S` is good
news. Times are seconds that the caller reads off a clock.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.port import Port
    from oscbridge.inbound.sender import Address

TROUBLE_FADES_S = 2.0


class Target:
    """Somebody we send to.

    Parameters
    ----------
    name : str
        What people see.
    send : callable
        Sends a datagram without waiting. Raises ``OSError`` where it cannot leave.
    refusals : callable
        How many have found nobody there.

    Attributes
    ----------
    sent, errors : int
        Datagrams that left; that did not, or found nobody.
    trouble : str
        What is wrong at present, empty where nothing is.
    """

    def __init__(
        self,
        name: str,
        send: Callable[[bytes | bytearray], None],
        refusals: Callable[[], int] = int,
    ) -> None:
        self.name = name
        self.sent = 0
        self.errors = 0
        self.trouble = ""
        self._send = send
        self._refusals = refusals
        self._refused = refusals()
        self._trouble_until_s = -math.inf

    def send(self, datagram: bytes | bytearray, now_s: float) -> None:
        """Send a datagram; what does not get through is counted."""
        try:
            self._send(datagram)
        except ConnectionRefusedError:
            self._note("nobody listens", 1, now_s)
        except OSError as error:
            self._note(error.strerror or str(error), 1, now_s)
        else:
            self.sent += 1

    def update(self, now_s: float) -> bool:
        """Look how it went; True when trouble is over."""
        refused = self._refusals()
        if refused > self._refused:
            self._note("nobody listens", refused - self._refused, now_s)
            self._refused = refused
        elif self.trouble and now_s >= self._trouble_until_s:
            self.trouble = ""
            return True
        return False

    def _note(self, trouble: str, count: int, now_s: float) -> None:
        self.errors += count
        self._trouble_until_s = now_s + TROUBLE_FADES_S
        self.trouble = trouble


def udp_target(port: Port, address: Address) -> Target:
    """Make a target that is reached from the port of the run."""
    host, number = address
    name = f"[{host}]:{number}" if ":" in host else f"{host}:{number}"
    way = port.way_to(address)  # looked up once: it is used for every message
    return Target(name, partial(way.send, address), partial(way.refusals.get, address, 0))
