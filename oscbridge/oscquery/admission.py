"""Who may ask: pages that a browser loaded from elsewhere may not, whatever address they use.

Conventions
-----------
A browser sends requests for any page that it shows, and so past every firewall. Two headers tell:
``Host`` is the name by which we were reached. A name of somebody else that leads to us is an attack
(DNS rebinding), so only addresses and names of this machine count. ``Origin`` is where the page
came from; programs that are no browsers send none. Pages of this machine are welcome, others only
where the user names them.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

ANY = "*"


def host_is_ours(header: str) -> bool:
    """Whether a ``Host`` header names this machine: by an address, or by a name of its own."""
    name = _host(f"//{header}")
    machine = socket.gethostname().lower()
    return _address(name) is not None or name in {"localhost", machine, f"{machine}.local"}


def origin_is_welcome(origin: str | None, host: str, welcome: Sequence[str]) -> bool:
    """Whether a page from ``origin`` may read and listen.

    Parameters
    ----------
    origin : str, optional
        The ``Origin`` header; ``"null"`` where the page is a file.
    host : str
        The ``Host`` header, known to be ours.
    welcome : sequence of str
        Origins that the user allows, `ANY` for all.
    """
    if origin is None or origin in welcome or ANY in welcome:
        return True
    name = _host(origin)
    address = _address(name)
    ours = name == "localhost" or (address is not None and address.is_loopback)
    return ours or (bool(name) and name == _host(f"//{host}"))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
