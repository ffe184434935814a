"""OSC over UDP: every message packed once, sent to every target.

Conventions
-----------
One message a datagram (profile ``plain``). A preset (`oscbridge.mapping`) may rename and rescale
before; `oscbridge.wire.template` packs, without allocating anything where there are only numbers.

Sockets are connected, which saves the kernel a look-up and tells us of a peer that is not there
(ICMP port unreachable, seen as ``ECONNREFUSED`` at a later send); they never block. Such trouble is
counted, named in ``detail``, and the next message is tried again: a peer may come at any time.
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge import mapping
from oscbridge.errors import DeviceError, SettingsError
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring
from oscbridge.protocol import HOST, PORT_OUT, PREFIX
from oscbridge.wire.template import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.orders import Command
    from oscbridge.protocol import Message, Signal

TROUBLE_FADES_S = 2.0


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to tell, and in which words."""

    preset: Annotated[
        str, msgspec.Meta(min_length=1, description="a preset's name, or a preset file (*.toml)")
    ] = "default"
    to: Annotated[
        tuple[str, ...], msgspec.Meta(description="HOST:PORT of each target; empty: the preset's")
    ] = ()
    prefix: Annotated[
        str,
        msgspec.Meta(
            max_length=64,
            pattern=r"^(/[a-z0-9_]+)*\Z",
            description="what our addresses start with, like /oscbridge; may be empty",
        ),
    ] = PREFIX
    ascii: Annotated[
        bool, msgspec.Meta(description="replace what is not ASCII in texts, for old receivers")
    ] = False
    optional: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="opt-in signals to send as well, e.g. audio/level"),
    ] = ()


class Target:
    """A connected UDP socket, and what became of the messages to it.

    Raises
    ------
    DeviceError
        When the host has no address, or no way leads there.
    """

    def __init__(self, host: str, port: int) -> None:
        self.name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.trouble = ""
        self.trouble_until_s = 0.0
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except socket.gaierror as error:
            raise DeviceError(f"cannot find the OSC target {host!r}: {error.strerror}.") from None
        except UnicodeError:
            raise DeviceError(
                f"cannot find the OSC target {host!r}: no host has such a name."
            ) from None
        # "localhost" may be ::1 first, yet nearly every OSC program listens on IPv4 only.
        found.sort(key=lambda entry: entry[0] != socket.AF_INET)
        family, kind, proto, _, address = found[0]
        self.socket = socket.socket(family, kind, proto)
        try:
            self.socket.setblocking(False)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            self.socket.connect(address)
        except OSError as error:
            self.socket.close()
            reason = error.strerror or str(error)
            raise DeviceError(f"cannot send OSC to {self.name}: {reason}.") from None
        self.send = self.socket.send


class OscOutput:
    """Sends messages to one or more targets.

    Parameters
    ----------
    targets : sequence of (host, port)
        Resolved now; a name that does not exist raises `DeviceError`.
    words : mapping.Mapping
        How our signals are said to these targets.
    ascii_only : bool
        Replace what is not ASCII in texts, even where the preset does not ask for it.
    """

    prompt = True  # its sockets never block

    def __init__(
        self,
        targets: Sequence[tuple[str, int]],
        words: mapping.Mapping,
        *,
        ascii_only: bool = False,
    ) -> None:
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self._words = words
        self._ascii_only = ascii_only or words.ascii_only
        self._templates: dict[Signal, Template] = {}
        self._targets: list[Target] = []
        try:
            for host, port in targets:
                self._targets.append(Target(host, port))
        except DeviceError:
            self.close()
            raise
        self.name = "osc " + ", ".join(target.name for target in self._targets)

    def send(self, messages: Sequence[Message]) -> None:
        """Map, pack and send ``messages`` in order; what does not get through is counted."""
        for signal, args in self._words.apply(messages):
            template = self._templates.get(signal)
            if template is None:
                template = Template(signal.address, signal.types, ascii_only=self._ascii_only)
                self._templates[signal] = template
            try:
                datagram = template.pack(args)
            except ValueError as error:
                self.errors += len(self._targets)
                self.detail = f"{signal.address}: {error}"
                continue
            for target in self._targets:
                try:
                    target.send(datagram)
                except OSError as error:
                    self._failed(target, datagram, error)
                else:
                    self.sent += 1
                    if target.trouble:
                        self._recovered(target)

    def _failed(self, target: Target, datagram: bytes | bytearray, error: OSError) -> None:
        if isinstance(error, ConnectionRefusedError | ConnectionResetError):
            # The refusal answers an earlier datagram and kept this one from leaving: send it now,
            # so that a peer which has just come misses nothing.
            with contextlib.suppress(OSError):
                target.send(datagram)
            self._note(target, "nobody listens")
        else:
            self._note(target, error.strerror or str(error))

    def _recovered(self, target: Target) -> None:
        # Refusals from another machine come late and thinned out: no news for long is good news.
        if time.monotonic() >= target.trouble_until_s:
            target.trouble = ""
            self._describe()

    def _note(self, target: Target, trouble: str) -> None:
        self.errors += 1
        target.trouble_until_s = time.monotonic() + TROUBLE_FADES_S
        if trouble != target.trouble:
            target.trouble = trouble
            self._describe()

    def _describe(self) -> None:
        self.detail = "; ".join(f"{t.name}: {t.trouble}" for t in self._targets if t.trouble)

    def obey(self, command: Command) -> None:
        """Nothing concerns this output."""

    def close(self) -> None:
        """Close all sockets; a second call does nothing."""
        for target in self._targets:
            target.socket.close()


def parse_target(text: str, default_port: int = PORT_OUT) -> tuple[str, int]:
    """Read ``HOST:PORT``, ``HOST``, ``:PORT``, ``PORT`` or ``[IPv6]:PORT``.

    Raises
    ------
    SettingsError
        When there is no host or port in it, or the port is not 1 to 65535.
    """
    host, port_text = text.strip(), ""
    if host.isdecimal():
        host, port_text = HOST, host
    elif host.startswith("["):
        host, bracket, rest = host[1:].partition("]")
        port_text = rest.removeprefix(":")
        if not bracket or (rest and not rest.startswith(":")):
            host = ""
    elif host.count(":") == 1:
        host, port_text = host.split(":")
        host = host or HOST
    port = default_port
    if port_text:
        port = int(port_text) if port_text.isdecimal() and port_text.isascii() else 0
    if not host or not 1 <= port <= 65535 or any(c.isspace() or c == "/" for c in host):
        raise SettingsError(
            f"{text!r} is no OSC target: write HOST:PORT with a port from 1 to 65535, "
            f"for example {HOST}:{PORT_OUT}."
        )
    return host, port


def open(config: Config, wiring: Wiring = ALONE) -> OscOutput:
    """Open sockets to the targets of ``config``, or of its preset where it names none.

    Raises
    ------
    SettingsError
        When the preset, a target or an opt-in signal does not exist.
    DeviceError
        When a host name cannot be resolved.
    """
    preset = mapping.load_preset(config.preset)
    words = mapping.Mapping(preset, prefix=config.prefix, optional=config.optional)
    targets = [parse_target(text, preset.target.port) for text in config.to]
    return OscOutput(
        targets or [(preset.target.host, preset.target.port)], words, ascii_only=config.ascii
    )
