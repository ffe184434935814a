"""Talking to a running oscbridge as any other program would: over its port, by the protocol.

Conventions
-----------
A `Conversation` begins with a ping that must be answered; where no target is named, the usual port
and those beside it are tried, as a run does that finds its port busy. Of several runs the one at
the first of these ports is talked to, however soon others answer. `Conversation.listen` has us told
what happens until the end, when the subscription is taken back; a ping now and then keeps it. What
is heard comes by the names of `oscbridge.protocol`, whatever the prefix, with the name of the
stream where there are several. Waiting has deadlines, seconds of ``time.monotonic``.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from typing import TYPE_CHECKING, NamedTuple

from oscbridge.errors import DeviceError, SettingsError
from oscbridge.inbound.udp import resolve
from oscbridge.inlets import INLETS, LEASE_S
from oscbridge.protocol import HOST, PORT_IN, signal_of
from oscbridge.wire.packet import Argument, OscBundle, OscMessage, PacketError, read_packet
from oscbridge.wire.signal import PREFIX
from oscbridge.wire.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from oscbridge.protocol import Value

BESIDE = (0, 10, 20)
"""How far from the usual port a run may have gone."""
ANSWER_S = 0.5
EARLIER_S = 0.1
"""So long after an answer a run at an earlier port, which may be busy, is waited for."""
TRIES = 3
LONGEST = 65_535


class Heard(NamedTuple):
    """Something that the running oscbridge said."""

    name: str
    arguments: tuple[Argument, ...]
    stream: str = ""


class Conversation:
    """A conversation from ping to goodbye; use it in a ``with`` statement.

    Parameters
    ----------
    target : tuple of (host, port), optional
        Where the other one listens; without it, the usual ports of this machine.
    prefix : str
        What its addresses start with.

    Raises
    ------
    DeviceError
        Nobody answers there.
    """

    def __init__(self, target: tuple[str, int] | None = None, prefix: str = PREFIX) -> None:
        self._prefix = prefix
        wanted = [target] if target else [(HOST, PORT_IN + step) for step in BESIDE]
        found = [resolve(host, port) for host, port in wanted]
        self._socket = socket.socket(found[0][0], socket.SOCK_DGRAM)
        self._ping_due_s = 0.0
        self._subscribed = False
        try:
            self._peer = self._find([address for _, address in found], wanted)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def say(self, name: str, *values: Value) -> None:
        """Say something by the name of its inlet."""
        self._say_to(self._peer, name, *values)

    def listen(self, profile: str) -> None:
        """Be told what happens, in the words of one of `oscbridge.inlets.PROFILES`."""
        with socket.socket(self._socket.family, socket.SOCK_DGRAM) as route:
            route.connect(self._peer)
            host = str(route.getsockname()[0])
        self.say("subscribe", host, int(self._socket.getsockname()[1]), profile)
        self._subscribed = True
        self._ping_due_s = time.monotonic() + LEASE_S / 3.0

    def heard(self, until_s: float) -> Iterator[Heard]:
        """Yield what is heard, until ``until_s`` has passed.

        Raises
        ------
        SettingsError
            The other one has refused what was said.
        """
        while (now_s := time.monotonic()) < until_s:
            if self._subscribed and now_s >= self._ping_due_s:
                self._ping_due_s = now_s + LEASE_S / 3.0
                self.say("ping", 0)
            for message in self._receive(min(until_s - now_s, ANSWER_S))[1]:
                heard = self._name(message)
                if heard.name == "error":
                    address, reason = heard.arguments
                    raise SettingsError(f"oscbridge has refused {address}: {reason}.")
                yield heard

    def close(self) -> None:
        """Say goodbye; a second call does nothing."""
        if self._subscribed:
            self._subscribed = False
            with contextlib.suppress(OSError):
                self.say("unsubscribe")
        self._socket.close()

    def _find(
        self, addresses: Sequence[tuple[str, int]], wanted: Sequence[tuple[str, int]]
    ) -> tuple[str, int]:
        """The first of ``addresses`` at which a ping is answered."""
        nonce = secrets.randbits(31)
        for _ in range(TRIES):
            for address in addresses:
                with contextlib.suppress(OSError):  # refused, as one before it was
                    self._say_to(address, "ping", nonce)
            found: list[tuple[str, int]] = []
            until_s = time.monotonic() + ANSWER_S
            while addresses[0] not in found and (rest_s := until_s - time.monotonic()) > 0.0:
                sender, messages = self._receive(rest_s)
                if any(self._answers(message, nonce) for message in messages):
                    if not found:
                        until_s = min(until_s, time.monotonic() + EARLIER_S)
                    found.append(sender)
            if found:
                return next((address for address in addresses if address in found), found[0])
        where = " or ".join(f"{host}:{port}" for host, port in wanted)
        raise DeviceError(
            f"no oscbridge answers at {where}. Start one with  oscbridge run  or  oscbridge demo; "
            "if it listens elsewhere, name it with  --to HOST:PORT."
        )

    def _answers(self, message: OscMessage, nonce: int) -> bool:
        return self._name(message)[:2] == ("pong", (nonce, *message.arguments[1:]))

    def _say_to(self, address: tuple[str, int], name: str, *values: Value) -> None:
        types = "".join(
            "s" if isinstance(value, str) else "i" if isinstance(value, int) else "f"
            for value in values
        )
        template = Template(f"{self._prefix}/{INLETS[name].name}", types)
        self._socket.sendto(template.pack(values), address)

    def _receive(self, timeout_s: float) -> tuple[tuple[str, int], list[OscMessage]]:
        """Sender and messages of one datagram; none where none comes in time."""
        self._socket.settimeout(max(timeout_s, 1e-3))
        try:
            data, sender = self._socket.recvfrom(LONGEST)
            packet = read_packet(data)
        except (TimeoutError, ConnectionError, PacketError):
            return ("", 0), []
        messages = list(packet.messages()) if isinstance(packet, OscBundle) else [packet]
        return sender[:2], messages

    def _name(self, message: OscMessage) -> Heard:
        name = message.address.removeprefix(f"{self._prefix}/")
        stream, _, rest = name.partition("/")
        if signal_of(name) is None and signal_of(rest) is not None:
            return Heard(rest, message.arguments, stream)
        return Heard(name, message.arguments)
