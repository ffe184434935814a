"""One entry for everybody who has something to say to us, whatever the way.

Conventions
-----------
A message becomes a call (address and arguments checked against `oscbridge.inlets`), a call becomes
commands (`oscbridge.inbound.actions`), and those go to the streams that are meant, as
events do. Whatever is wrong is told to the sender. `take` and `take_packet` may be called from any
thread and never raise for what came in.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from oscbridge.inbound import actions
from oscbridge.inbound.call import Call, Refused
from oscbridge.inlets import INLETS, InletError
from oscbridge.wire.packet import OscBundle, PacketError, read_packet
from oscbridge.wire.signal import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oscbridge.events import Command
    from oscbridge.inbound.sender import Sender
    from oscbridge.wire.packet import Argument


class Stream(Protocol):
    """What a stream is told by."""

    def put(self, results: Iterable[Command]) -> None:
        """Take commands."""
        ...


class Receiver:
    """Takes what others say.

    Parameters
    ----------
    prefix : str
        What our addresses start with in this run.
    """

    def __init__(self, prefix: str = PREFIX) -> None:
        self._addresses = {f"{prefix}/{inlet.name}": inlet for inlet in INLETS.values()}
        self._streams: dict[str, Stream] = {}
        self._taking = threading.Lock()

    def join(self, name: str, stream: Stream) -> None:
        """Tell ``stream`` from now on what is for it."""
        self._streams[name] = stream

    def take_packet(self, data: bytes, sender: Sender) -> None:
        """Take a datagram, or another packet of OSC."""
        try:
            packet = read_packet(data)
        except PacketError:
            return
        for message in packet.messages() if isinstance(packet, OscBundle) else (packet,):
            self.take(message.address, message.arguments, sender)

    def take(self, address: str, arguments: Sequence[Argument], sender: Sender) -> None:
        """Take a message."""
        inlet = self._addresses.get(address)
        if inlet is None:
            return
        with self._taking:
            try:
                call = Call(inlet, inlet.read(arguments), sender, tuple(self._streams))
                commands = actions.commands_of(call)
            except (InletError, Refused):
                return
        for name in call.streams:
            self._streams[name].put(commands)
