"""Who has asked to be told everything: where, in which words, and for how long.

Conventions
-----------
A subscription is a lease: it ends `LEASE_S` after the last sign of life of the host that made it
(a ping renews all of its subscriptions), or never where the host wanted it so. Times are seconds of
the clock that is given. A subscription may only point at the host that makes it, unless the
settings allow others: nobody can have us flood a third. Names are not looked up, since that may
take its time and asks the network: a host is a numeric address, or ``localhost``.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oscbridge.inbound.call import Refused
from oscbridge.inlets import LEASE_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.sender import Address

MOST = 32


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One that is told everything: where, in which words, on whose behalf, and until when."""

    address: Address
    profile: str
    made_by: str
    until_s: float


class Subscriptions:
    """The subscriptions of a run; may be used from any thread.

    Parameters
    ----------
    others : bool
        Whether a host may subscribe another one.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(
        self, *, others: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._others = others
        self._clock = clock
        self._by_address: dict[Address, Subscriber] = {}
        self._changing = threading.Lock()

    def add(self, host: str, port: int, profile: str, made_by: str, *, lasting: bool) -> Subscriber:
        """Subscribe ``host``, or change its subscription.

        Raises
        ------
        Refused
            The host is not whose it should be, or there are too many.
        """
        address = (self._checked(host, made_by), port)
        until_s = math.inf if lasting else self._clock() + LEASE_S
        subscriber = Subscriber(address, profile, made_by, until_s)
        with self._changing:
            self._end_leases()
            if address not in self._by_address and len(self._by_address) >= MOST:
                raise Refused(f"there are {MOST} subscribers already")
            self._by_address = {**self._by_address, address: subscriber}
        return subscriber

    def renew(self, made_by: str) -> None:
        """Begin the leases anew that a host has made."""
        if not any(one.made_by == made_by for one in self._by_address.values()):
            return
        until_s = self._clock() + LEASE_S
        with self._changing:
            self._end_leases()
            self._by_address = {
                address: replace(one, until_s=max(one.until_s, until_s))
                if one.made_by == made_by
                else one
                for address, one in self._by_address.items()
            }

    def remove(self, host: str, port: int, made_by: str) -> None:
        """End a subscription. Raises `Refused` where there is none, or another host's."""
        address = (self._checked(host, made_by), port)
        with self._changing:
            self._end_leases()
            if address not in self._by_address:
                raise Refused(f"nobody is subscribed at {address[0]}:{port}")
            rest = {a: one for a, one in self._by_address.items() if a != address}
            self._by_address = rest

    def current(self) -> tuple[Subscriber, ...]:
        """Those whose lease has not ended."""
        if not self._by_address:  # nearly always
            return ()
        now_s = self._clock()
        return tuple(one for one in self._by_address.values() if now_s < one.until_s)

    def _end_leases(self) -> None:
        now_s = self._clock()
        self._by_address = {a: one for a, one in self._by_address.items() if now_s < one.until_s}

    def _checked(self, host: str, made_by: str) -> str:
        """The numeric address of ``host``, which ``made_by`` may speak for."""
        host = "127.0.0.1" if host == "localhost" else host
        try:
            host = str(ipaddress.IPv4Address(host))
        except ValueError:
            raise Refused(f"{host!r} is no address: write one like 10.0.0.7") from None
        if host != made_by and not self._others:
            raise Refused(
                f"{host} is another machine than yours ({made_by}); the settings here would have "
                "to allow that: [port] others_may_be_subscribed"
            )
        return host
