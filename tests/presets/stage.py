"""A preset and its host on one stage: what each says is what the other hears."""

from __future__ import annotations

from typing import Protocol

from oscbridge.inbound.translation import Said as Translated
from oscbridge.inbound.translation import Translation
from oscbridge.inlets import INLETS
from oscbridge.mapping import Mapping
from oscbridge.protocol import Message
from oscbridge.wire.template import Template
from presets.schema import Preset
from tests.hosts_fake.told import Said, Told, decode
from tests.presets.minute import minute

PORT = 7770


class Host(Protocol):
    """A fake host."""

    reply_port: int | None

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Take a message; say what is answered at once."""
        ...

    def tick(self, now_s: float) -> list[Said]:
        """Say what is said at this instant without being asked."""
        ...


class Stage:
    """Plays a preset to its host.

    Attributes
    ----------
    told : list of (float, Told)
        What the host heard, and when.
    read : list of (float, name of an inlet, values)
        What came back, as the table of inlets reads it.
    """

    def __init__(self, preset: Preset, host: Host) -> None:
        self.now_s = 0.0
        self.told: list[tuple[float, Told]] = []
        self.read: list[tuple[float, str, tuple[object, ...]]] = []
        self._preset = preset
        self._host = host
        self._mapping = Mapping(preset, clock=lambda: self.now_s)
        self._translation = Translation(preset, clock=lambda: self.now_s)

    def connect(self) -> None:
        """Let the preset introduce itself."""
        self._say(self._mapping.connect(PORT))

    @property
    def trouble(self) -> str:
        """What is wrong at the host, as people are told."""
        return self._mapping.trouble

    def say(self, *messages: Message) -> None:
        """Say our messages in the words of the preset."""
        self._say(self._mapping.apply(messages))

    def play_a_minute(self) -> None:
        """Play the scripted minute from the beginning."""
        self.connect()
        for now_s, messages in minute():
            self.now_s = now_s
            self._say(self._mapping.apply(messages))
            self.hear(self._host.tick(now_s))

    def hear(self, said: list[Said]) -> None:
        """Take what the host says."""
        for address, arguments in said:
            self._say(self._mapping.hear(address, arguments))
            for name, values in self._translation.apply(address, arguments):
                self.read.append((self.now_s, name, self._checked(name, values)))

    def _checked(self, name: str, values: Translated) -> tuple[object, ...]:
        inlet = INLETS.get(name) or INLETS[name.rpartition("/")[0]]
        return inlet.read(values)

    def _say(self, messages: list[Message]) -> None:
        booleans = self._preset.target.profile == "vrchat"
        for signal, args in messages:
            ascii_only = self._preset.target.ascii
            template = Template(signal.address, signal.types, ascii_only=ascii_only)
            told = decode(bytes(template.pack(args)), booleans=booleans)
            assert told.address == signal.address
            self.told.append((self.now_s, told))
            self.hear(self._host.take(told, self.now_s))

    def at(self, address: str) -> list[tuple[float, Told]]:
        """What the host heard at an address that begins so."""
        return [(at_s, told) for at_s, told in self.told if told.address.startswith(address)]
