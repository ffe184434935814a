"""A connection to a host that is spoken to by TCP or WebSocket, used like a socket of UDP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from oscbridge.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from presets.schema import Preset


class Link(Protocol):
    """A connection to a host that is spoken to in another way than by UDP."""

    name: str
    trouble: str
    """What the host refused last, in words."""

    def send(self, datagram: bytes | bytearray) -> None:
        """Send a packet without waiting. Raises ``OSError`` where it cannot leave."""
        ...

    def receive(self) -> list[bytes]:
        """Packets that the host has sent since the last call."""
        ...

    def close(self) -> None:
        """Close it; a second call does nothing."""
        ...


def connect(
    preset: Preset, wanted: list[tuple[str, int]], greeting: Callable[[], list[bytes]]
) -> Link:
    """Connect to the one host of a preset that is not spoken to by UDP.

    Parameters
    ----------
    preset : Preset
        Says how the host is spoken to.
    wanted : list of (host, port)
        One.
    greeting : callable
        Packets that are sent first on every new connection.

    Raises
    ------
    SettingsError
        More than one host is wanted.
    OscbridgeError
        A host that has no address, or a package that is missing.
    """
    if len(wanted) > 1:
        raise SettingsError(f"preset {preset.name!r} speaks to one host: name one target.")
    if preset.target.transport == "waapi":
        from oscbridge.wire.waapi import WaapiSender

        return WaapiSender(*wanted[0], greeting)
    from oscbridge.wire.slip import SlipSender

    return SlipSender(*wanted[0], greeting)
