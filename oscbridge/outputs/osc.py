"""OSC to the targets that the user names: in the words of a preset, packed once, sent to each.

Conventions
-----------
Everything leaves from the port of the run (`oscbridge.inbound.port`), so that a host which answers
reaches us. What a host says in words of its own is put in ours (`oscbridge.inbound.translation`);
what concerns its preset alone (names of its scenes, that it has started anew) comes back here as
`HostSaid`. A host is told what its preset wants it to know first, and again when it has come back.

The file of a preset is looked at once a second: what was changed in it counts from then on.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge import mapping
from oscbridge.errors import OscbridgeError, SettingsError
from oscbridge.hosts.link import Link, connect
from oscbridge.hosts.speech import Speech
from oscbridge.hosts.target import Target, udp_target
from oscbridge.inbound.port import sending_port
from oscbridge.inbound.sender import Sender
from oscbridge.inbound.translation import Translation
from oscbridge.inbound.udp import resolve
from oscbridge.orders import HostSaid, UsePreset
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring
from oscbridge.protocol import HOST, PORT_OUT, PREFIX
from presets.files import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oscbridge.orders import Command
    from oscbridge.protocol import Message
    from presets.schema import Preset

LOOK_EVERY_S = 1.0
"""How often the file of the preset is looked at."""


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


class OscOutput:
    """Sends messages to one or more targets.

    Parameters
    ----------
    config : Config
        Whom, and in which words.
    wiring : Wiring
        The port of the run, and who takes what hosts say.

    Raises
    ------
    SettingsError
        When the preset, a target or an opt-in signal does not exist, or a target is ourselves.
    DeviceError
        When a host name cannot be resolved.
    """

    prompt = True  # its sockets never block

    def __init__(self, config: Config, wiring: Wiring = ALONE) -> None:
        self.name = "osc"
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self._config = config
        self._wiring = wiring
        self._port = wiring.port or sending_port()
        self._targets: list[Target] = []
        self._link: Link | None = None
        self._translation: Translation | None = None
        self._file_trouble = ""
        self._before = 0, 0  # sent, errors: in the words of earlier presets
        self._closed = False
        try:
            self._use(config.preset)
        except OscbridgeError:
            self.close()
            raise
        if wiring.receiver is not None:
            wiring.receiver.forward(wiring.stream, self._hears)

    def send(self, messages: Sequence[Message]) -> None:
        """Map, pack and send ``messages`` in order; what does not get through is counted."""
        if self._closed:
            return
        now_s = time.monotonic()
        if now_s >= self._look_s:
            self._look_s = now_s + LOOK_EVERY_S
            if self._watch.changed():
                self._change(self._preset)
        if self._link is not None and self._wiring.receiver is not None:
            for packet in self._link.receive():
                self._wiring.receiver.take_packet(packet, Sender(self._link.name))
        if self._greet:
            self._greet = False
            self._put(_greeting(self._speech, self._ear), now_s)
        self._put(self._speech.say(messages), now_s)
        self._take_stock(now_s)

    def obey(self, command: Command) -> None:
        """Speak the words of another preset; heed what a host says to who has its preset."""
        if isinstance(command, UsePreset):
            self._change(command.name)
        elif isinstance(command, HostSaid):
            said = self._speech.words.hear(command.address, command.arguments)
            self._put(self._speech.pack(said), time.monotonic())

    def close(self) -> None:
        """Close what was opened; a second call does nothing."""
        self._closed = True
        if self._link is not None:
            self._link.close()
        if self._wiring.port is None:
            self._port.close()

    def _put(self, datagrams: Iterable[bytes | bytearray], now_s: float) -> None:
        for datagram in datagrams:
            for target in self._targets:
                target.send(datagram, now_s)

    def _take_stock(self, now_s: float) -> None:
        """Sum up how it went; who has come back is greeted anew."""
        speech = self._speech
        sent, errors = self._before
        errors += speech.errors * len(self._targets)
        troubles = speech.detail or speech.words.trouble or self._file_trouble
        for target in self._targets:
            self._greet |= target.update(now_s)
            sent += target.sent
            errors += target.errors
            troubles = troubles or target.trouble
        self.sent, self.errors = sent, errors
        if troubles or self._link is not None or self.detail:
            self.detail = self._describe()

    def _describe(self) -> str:
        troubles = [f"{t.name}: {t.trouble}" for t in self._targets if t.trouble]
        troubles += [self._speech.detail, self._speech.words.trouble, self._file_trouble]
        troubles.append(self._link.trouble if self._link is not None else "")
        return "; ".join(filter(None, troubles))

    def _change(self, name: str) -> None:
        """Use another preset, or what the file of the present one says now."""
        try:
            self._use(name)
        except OscbridgeError as error:
            self._file_trouble = str(error)

    def _use(self, name: str) -> None:
        """Speak the words of a preset from now on; where something is wrong, nothing changes."""
        config, wiring = self._config, self._wiring
        preset = mapping.load_preset(name)
        words = mapping.Mapping(preset, prefix=config.prefix, optional=config.optional)
        translation = Translation(preset) if preset.readback else None
        speech = Speech(words, ascii_only=config.ascii, bundled=preset.target.profile == "bundle")
        ear = preset.target.reply_port or self._port.own.address[1]
        link, targets = self._open_targets(preset, speech, ear)
        if self._link is not None:
            self._link.close()
        if wiring.receiver is not None:
            wiring.receiver.understand(translation, instead_of=self._translation)
            if preset.target.reply_port is not None:
                wiring.receiver.listen_at(preset.target.reply_port)
        self._before = self.sent, self.errors
        self._speech, self._ear, self._translation = speech, ear, translation
        self._link, self._targets = link, targets
        self._preset, self._watch = name, Watch(preset)
        self._look_s = time.monotonic() + LOOK_EVERY_S
        self._greet, self._file_trouble = link is None, ""  # a connection greets by itself
        self.name = "osc " + ", ".join(target.name for target in targets)

    def _open_targets(
        self, preset: Preset, speech: Speech, ear: int
    ) -> tuple[Link | None, list[Target]]:
        """The targets that the user names, or the preset's; the connection, where it is one."""
        wanted = [parse_target(text, preset.target.port) for text in self._config.to]
        wanted = wanted or [(preset.target.host, preset.target.port)]
        if preset.target.transport != "udp":
            link = connect(preset, wanted, partial(_greeting, speech, ear))
            return link, [Target(link.name, link.send)]
        targets: list[Target] = []
        for host, number in wanted:
            _, address = resolve(host, number)
            if self._port.is_own(address):
                raise SettingsError(
                    f"{host}:{number} is where oscbridge itself listens: send somewhere else, or "
                    "let it listen elsewhere with --port."
                )
            targets.append(udp_target(self._port, address))
        return None, targets

    def _hears(self, address: str) -> bool:
        """Whether what a host says under this address concerns its preset."""
        return self._speech.words.hears(address)


def _greeting(speech: Speech, ear: int) -> list[bytes]:
    """What a host is told first."""
    return [bytes(packet) for packet in speech.pack(speech.words.connect(ear))]


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
    """Open the output. Raises as `OscOutput` does."""
    return OscOutput(config, wiring)
