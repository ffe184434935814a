"""Who may speak, and how much: a list of networks, and a cap for each source.

Conventions
-----------
A source is a host and a port. It may say ``cap_hz`` packets a second, all of them at once after a
pause; a packet counts once more for each `SIZE` bytes, since a large one is more work. Its host may
say `SHARE` times as much through all of its ports; but a `QUIET` share of its cap is every source's
own, so that one program that shouts through many ports does not silence its neighbours. Whoever is
over the cap is not listened to until it is below: what it says is thrown away unread. The memory is
bounded: of many sources, the one that was met first is forgotten.

Times are seconds that the caller reads off a clock.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.inbound.sender import Address

SIZE = 1024
SHARE = 2
QUIET = 0.1
MOST_SOURCES = 512

Verdict = Literal["welcome", "stranger", "over the cap"]


class _Allowance:
    """Packets that a source may still say, and as of when."""

    __slots__ = ("as_of_s", "left", "most", "own")

    def __init__(self, most: float, now_s: float) -> None:
        self.most = most
        self.left = most
        self.own = most * QUIET
        self.as_of_s = now_s

    def grow(self, now_s: float) -> None:
        """Let time pass."""
        more = (now_s - self.as_of_s) * self.most
        self.left = min(self.left + more, self.most)
        self.own = min(self.own + more * QUIET, self.most * QUIET)
        self.as_of_s = now_s

    def take(self, packets: int) -> None:
        """Count packets."""
        self.left -= packets
        self.own = max(self.own - packets, 0.0)


class Gate:
    """Decides whether a datagram is looked at.

    Parameters
    ----------
    cap_hz : float
        Packets a second from one source.
    allow : sequence of str
        Addresses and networks that may speak; empty: all. This machine may always.
    """

    def __init__(self, cap_hz: float, allow: Sequence[str] = ()) -> None:
        self._cap_hz = cap_hz
        self._networks = [ipaddress.ip_network(text, strict=False) for text in allow]
        self._sources: dict[Address | str, _Allowance] = {}

    def judge(self, source: Address, size: int, now_s: float) -> Verdict:
        """Whether a datagram of ``size`` bytes is welcome; if so, it is counted."""
        own = self._sources.get(source) or self._meet(source, self._cap_hz, now_s)
        if not own.most:
            return "stranger"
        host = self._sources.get(source[0]) or self._meet(source[0], SHARE * self._cap_hz, now_s)
        own.grow(now_s)
        host.grow(now_s)
        if own.left < 1.0 or (host.left < 1.0 and own.own < 1.0):
            return "over the cap"
        packets = 1 + size // SIZE
        own.take(packets)
        host.take(packets)
        return "welcome"

    def _meet(self, source: Address | str, cap_hz: float, now_s: float) -> _Allowance:
        while len(self._sources) >= MOST_SOURCES:
            self._sources.pop(next(iter(self._sources)))
        host = source if isinstance(source, str) else source[0]
        allowance = _Allowance(cap_hz if self._allows(host) else 0.0, now_s)
        self._sources[source] = allowance
        return allowance

    def _allows(self, host: str) -> bool:
        if not self._networks or host.startswith("127."):
            return True
        address = ipaddress.ip_address(host)
        return any(address in network for network in self._networks)
