"""The UDP port of a run: everything leaves from it, and others speak to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from oscbridge.inbound.sender import Address


class Port(Protocol):
    """A socket for both ways."""

    def send(self, datagram: bytes | bytearray, to: Address) -> None:
        """Send one datagram, without waiting. Raises ``OSError`` where it cannot leave."""
        ...
