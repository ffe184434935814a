"""What can be set about the port: where others reach us, who may, and how much they may say."""

from __future__ import annotations

from typing import Annotated

import msgspec

from oscbridge.protocol import PORT_IN


class PortSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where others speak to us, and who may."""

    enabled: Annotated[bool, msgspec.Meta(description="false: nobody can say anything to us")] = (
        True
    )
    port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="UDP; the next is tried if busy; 0: any")
    ] = PORT_IN
    lan: Annotated[
        bool, msgspec.Meta(description="other machines may speak to us, not only this one")
    ] = False
    allow: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="only these may: addresses or networks, 10.0.0.0/24; empty: all"),
    ] = ()
    rate_cap_hz: Annotated[
        float, msgspec.Meta(ge=1.0, le=1e5, description="packets a second from one source")
    ] = 500.0
    others_may_be_subscribed: Annotated[
        bool,
        msgspec.Meta(description="a program may have us send to another machine than its own"),
    ] = False
    hear: Annotated[
        tuple[str, ...], msgspec.Meta(description="presets of programs that speak to us")
    ] = ()
