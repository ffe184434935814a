"""How the world gets to a run: its port, who listens there, and those who have subscribed.

Conventions
-----------
Opened before the outputs, which share it (`Access.wiring`), and closed after them. Nothing is heard
before `Access.start`. A port that cannot be opened is no reason not to run: `Access.words` says so.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from msgspec.structs import replace

from oscbridge import mapping
from oscbridge.errors import SettingsError
from oscbridge.inbound.listening import Listening
from oscbridge.inbound.port import open_port
from oscbridge.inbound.receiver import Receiver
from oscbridge.inbound.subscribers import Subscribers
from oscbridge.inbound.subscriptions import Subscriptions
from oscbridge.inbound.translation import Translation
from oscbridge.inbound.udp import own_address
from oscbridge.outputs.base import Wiring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.inbound.receiver import Stream
    from oscbridge.inbound.settings import PortSettings
    from presets.schema import InboundPreset

HIGHEST_PORT = 65535

_log = logging.getLogger(__name__)


class Access:
    """What a run shares with the world.

    Parameters
    ----------
    settings : PortSettings
        Where to listen, and to whom.
    prefix : str
        What addresses of the run start with.
    streams : sequence of str
        Names of its streams; of a single one, the empty name.

    Raises
    ------
    SettingsError
        A network or a preset that is none, or programs to hear and no port to hear them at.
    """

    def __init__(self, settings: PortSettings, prefix: str, streams: Sequence[str] = ("",)) -> None:
        heard = [_load(name) for name in settings.hear]
        if heard and not settings.enabled:
            raise SettingsError("nobody can be heard without a port: leave --no-port out.")
        translations = [Translation(preset) for preset in heard]
        self.session = secrets.token_hex(4)
        self._settings = settings
        self._prefix = prefix
        self._heard = [f"{preset.name} on port {preset.listen.port}" for preset in heard]
        self.port = open_port(settings)
        self._subscriptions = Subscriptions(others=settings.others_may_be_subscribed)
        self.receiver = Receiver(
            prefix,
            streams,
            port=self.port,
            session=self.session,
            subscriptions=self._subscriptions,
        )
        for preset, translation in zip(heard, translations, strict=True):
            self.receiver.understand(translation)
            self.receiver.listen_at(preset.listen.port)
        self._listening = Listening(self.port, self.receiver, settings)

    def wiring(self, name: str = "") -> Wiring:
        """What the outputs of a stream share with the run."""
        return Wiring(
            port=self.port,
            receiver=self.receiver,
            osc_port=self.port.number,
            lan=self._settings.lan,
            allow=self._settings.allow,
            session=self.session,
            prefix=self._prefix_of(name),
            stream=name,
        )

    def subscribers(self, name: str = "", optional: Sequence[str] = ()) -> Subscribers:
        """Open the output to those who subscribe, for a stream."""
        return Subscribers(
            self._subscriptions, self.port, self._prefix_of(name), optional, self._trouble
        )

    def join(self, name: str, stream: Stream) -> None:
        """Tell a stream what is said to it."""
        self.receiver.join(name, stream)

    def start(self) -> None:
        """Begin to listen."""
        self._listening.start()

    def close(self) -> None:
        """Listen no more; a second call does nothing."""
        self._listening.close()
        self.port.close()

    @property
    def words(self) -> str:
        """Where the run listens, for people."""
        port = self.port
        if not self._settings.enabled:
            return "not listening (no port is wanted)"
        if port.address is None:
            return f"not listening: {port.detail}"
        whom = "this machine"
        if port.lan:
            whom = f"{', '.join(self._settings.allow) or 'every machine'} of the network"
        elif self._settings.allow:
            whom += " alone (allow is for the network: it needs --lan)"
        moved = f", since {port.detail}" if port.detail else ""
        heard = f"; to {', '.join(self._heard)}" if self._heard else ""
        host = own_address() if port.lan else port.address[0]
        return f"listening to {whom} on {host}:{port.address[1]}{moved}{heard}"

    def _prefix_of(self, name: str) -> str:
        return f"{self._prefix}/{name}" if name else self._prefix

    def _trouble(self) -> str:
        return "; ".join(
            f"port {self.port.number}: {words}"
            for words in (self.receiver.traffic.detail, self._listening.detail)
            if words
        )


def _load(text: str) -> InboundPreset:
    """The preset that is called ``NAME``, or ``NAME:PORT`` where it is to be heard elsewhere."""
    name, _, port = text.rpartition(":")
    if not (name and port.isdecimal()):
        return mapping.load_inbound(text)
    preset = mapping.load_inbound(name)
    if not 1 <= int(port) <= HIGHEST_PORT:
        raise SettingsError(f"--hear {text}: a port is 1 to {HIGHEST_PORT}.")
    return replace(preset, listen=replace(preset.listen, port=int(port)))
