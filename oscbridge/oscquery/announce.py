"""Announcing a run to the network: programs that look for OSC find it without an address typed.

Conventions
-----------
Multicast DNS by the package ``zeroconf``, of two services: ``_oscjson._tcp`` is our HTTP port,
``_osc._udp`` the port at which we listen. Each interface has an announcement of its own that names
its own address: a machine on two networks must not send people of one to its address in the other.
The loop-back interface announces nothing. Names end in letters of chance, since two runs in one
network are two.

Without a network (`announce_here`) only this machine is told, for hosts on it that look for
programs, such as VRChat. They listen at the interfaces of the network, not at loop-back; so we
speak there, with packets that must not leave the machine, and name the loop-back address. All of it
is one announcement: VRChat takes two for two programs.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

HTTP_SERVICE = "_oscjson._tcp.local."
OSC_SERVICE = "_osc._udp.local."

LOOPBACK = "127.0.0.1"

_log = logging.getLogger(__name__)


async def announce(port: int, osc_port: int | None, addresses: Sequence[str] | None = None) -> None:
    """Announce to the network until cancelled; where that cannot be, say why and return.

    Parameters
    ----------
    port : int
        Of HTTP and WebSocket.
    osc_port : int, optional
        UDP port at which we listen; where there is none, only the other one is announced.
    addresses : sequence of str, optional
        Announce on the interfaces that have these; default: all but loop-back.
    """
    wanted = own_addresses() if addresses is None else addresses
    await _announce([([address], address) for address in wanted], (port, osc_port))


async def announce_here(
    port: int, osc_port: int | None, addresses: Sequence[str] | None = None
) -> None:
    """Announce to this machine alone until cancelled, by its loop-back address.

    Parameters
    ----------
    port, osc_port, addresses
        As for `announce`.
    """
    wanted = own_addresses() if addresses is None else addresses
    await _announce([([*wanted] or [LOOPBACK], LOOPBACK)], (port, osc_port), hops=0)


async def _announce(
    shares: Sequence[tuple[list[str], str]], ports: tuple[int, int | None], hops: int | None = None
) -> None:
    """Announce at several interfaces each by one address; ``hops`` is how far packets go."""
    try:
        from zeroconf import Error
        from zeroconf.asyncio import AsyncZeroconf
    except ImportError:
        _log.warning("not announced to the network: it needs the package 'zeroconf'")
        return
    opened: list[AsyncZeroconf] = []
    try:
        for interfaces, address in shares:
            try:
                opened.append(AsyncZeroconf(interfaces=interfaces))
                if hops is not None:
                    await _limit(opened[-1], hops)
                for service in _services(address, *ports):
                    await opened[-1].async_register_service(service)
            except (OSError, Error) as error:
                _log.warning("not announced at %s: %s", ", ".join(interfaces), error)
        await asyncio.Event().wait()
    finally:
        await asyncio.gather(*(_close(zeroconf) for zeroconf in opened), return_exceptions=True)


async def _limit(opened: AsyncZeroconf, hops: int) -> None:
    """Let multicast go so far; 0 keeps it on this machine, though at its network interfaces."""
    await opened.zeroconf.async_wait_for_start()
    for sender in opened.zeroconf.engine.senders:
        sender.sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)


async def _close(zeroconf: AsyncZeroconf) -> None:
    await zeroconf.async_unregister_all_services()
    await zeroconf.async_close()


def own_addresses() -> list[str]:
    """IPv4 addresses of this machine, one an interface, without loop-back."""
    import ifaddr

    found = [
        next((ip.ip for ip in adapter.ips if isinstance(ip.ip, str)), None)
        for adapter in ifaddr.get_adapters()
    ]
    return [ip for ip in found if ip is not None and not ip.startswith("127.")]


def _services(address: str, port: int, osc_port: int | None) -> list[AsyncServiceInfo]:
    from zeroconf.asyncio import AsyncServiceInfo

    name = f"oscbridge-{secrets.token_hex(2)}"
    ports = {HTTP_SERVICE: port}
    if osc_port is not None:
        ports[OSC_SERVICE] = osc_port
    return [
        AsyncServiceInfo(
            kind,
            f"{name}.{kind}",
            port=at,
            parsed_addresses=[address],
            server=f"{name}.local.",
        )
        for kind, at in ports.items()
    ]
