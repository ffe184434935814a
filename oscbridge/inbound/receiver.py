"""One entry for everybody who has something to say to us, whatever the way.

Conventions
-----------
A message becomes a call (address and arguments checked against `oscbridge.inlets`), a call becomes
commands (`oscbridge.inbound.reception`), and those go to the streams that are meant, together for
each packet, as events do. What comes under other addresses is put in our words where a preset knows
them (`oscbridge.inbound.translation`). Bundles are carried out at once, whatever time they are
for.

Whatever is wrong is counted, and told to the sender. `take` and `take_packet` may be called from
any thread and never raise for what came in.
"""

from __future__ import annotations

import difflib
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Protocol

from oscbridge.inbound.addresses import AddressBook
from oscbridge.inbound.answers import Answers
from oscbridge.inbound.call import Call, Refused
from oscbridge.inbound.reception import Reception
from oscbridge.inbound.subscriptions import Subscriptions
from oscbridge.inbound.traffic import Traffic
from oscbridge.inlets import INLETS, InletError
from oscbridge.orders import HostSaid
from oscbridge.protocol import SIGNALS
from oscbridge.wire.packet import OscBundle, PacketError, read_packet
from oscbridge.wire.signal import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from oscbridge.inbound.port import Port
    from oscbridge.inbound.sender import Sender
    from oscbridge.inbound.translation import Translation
    from oscbridge.inlets import Inlet
    from oscbridge.orders import Command
    from oscbridge.profile import Profile
    from oscbridge.sensors.base import Sensor
    from oscbridge.sight import Sight
    from oscbridge.wire.packet import Argument


class Stream(Protocol):
    """What a stream is told by."""

    @property
    def last_request(self) -> int:
        """Id of its newest request for other music; 0 before the first."""
        ...

    @property
    def sight(self) -> Sight:
        """How the plane is seen by who is told."""
        ...

    def put(self, results: Iterable[Command]) -> None:
        """Take commands."""
        ...


class Receiver:
    """Takes what others say.

    Parameters
    ----------
    prefix : str
        What our addresses start with in this run.
    streams : sequence of str
        Names of its streams; of a single one, the empty name.
    port : Port, optional
        From which senders are answered.
    session : str
        Id of the run.
    subscriptions : Subscriptions, optional
        Keeps who is told everything.
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    traffic : Traffic
        What came in.
    ports : tuple of int
        Where else to listen.
    wake : callable
        Called when there are more of them; set by the thread that listens.
    """

    def __init__(
        self,
        prefix: str = PREFIX,
        streams: Sequence[str] = ("",),
        *,
        port: Port | None = None,
        session: str = "",
        subscriptions: Subscriptions | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.traffic = Traffic()
        self._book = AddressBook(prefix, streams)
        self._answers = Answers(port, prefix)
        self._reception = Reception(self._answers, subscriptions or Subscriptions(), port, session)
        self._clock = clock
        self._streams = self._reception.streams
        self._forwards: tuple[tuple[str, Callable[[str], bool]], ...] = ()
        self._taking = threading.Lock()
        self.ports: tuple[int, ...] = ()
        self.wake: Callable[[], None] = _nobody_waits
        # What we say ourselves and may hear back: answering it could go on for ever.
        self._own_answers = {f"{prefix}/{name}" for name in ("error", "pong", "hello")}

    def join(self, name: str, stream: Stream) -> None:
        """Tell a stream from now on what is for it, first what the user has taught."""
        self._streams[name] = stream
        if taught := self._reception.teaching.first_commands():
            stream.put(taught)

    def learn_into(self, profile: Profile) -> None:
        """Have this profile learn what is taught; before streams join."""
        self._reception.teaching.profile = profile

    def understand(
        self, translation: Translation | None, instead_of: Translation | None = None
    ) -> None:
        """Understand the words of somebody else as well, or in place of another's."""
        others = [known for known in self._reception.translations if known is not instead_of]
        self._reception.translations = [*others, translation] if translation else others

    @property
    def words(self) -> dict[str, Inlet]:
        """Which inlet each address of somebody else's words means."""
        known = self._reception.translations
        return {a: inlet for translation in known for a, inlet in translation.inlets.items()}

    @property
    def sought(self) -> bool:
        """Whether one whose words are understood looks for us by OSCQuery on this machine."""
        return any(translation.announce for translation in self._reception.translations)

    def ask(self, sensor: Sensor) -> None:
        """Have a sensor hear what is for it."""
        self._reception.sensors.append(sensor)

    def tell(self, commands: Iterable[Command]) -> None:
        """Tell all streams; for sensors, from any thread."""
        told = list(commands)
        for stream in list(self._streams.values()):
            stream.put(told)

    def forward(self, stream: str, hears: Callable[[str], bool]) -> None:
        """Pass on to ``stream``, as it is, what comes under addresses that ``hears`` knows."""
        self._forwards = (*self._forwards, (stream, hears))

    def listen_at(self, port: int) -> None:
        """Take what comes at another UDP port, too."""
        self.ports = (*self.ports, port)
        self.wake()

    def refuse(self, sender: Sender, reason: str) -> None:
        """Tell a sender what is wrong with all that it says."""
        with self._taking:
            self._answers.complain(sender, self._book.prefix, partial(str, reason), self._clock())

    def take_packet(self, data: bytes, sender: Sender) -> None:
        """Take a datagram, or another packet of OSC."""
        try:
            packet = read_packet(data)
        except PacketError as error:
            with self._taking:
                self.traffic.malformed += 1
                self.traffic.blame(sender.name)
            self._answers.note(sender, str(error), self._clock())
            return
        self._take(
            [
                (message.address, message.arguments)
                for message in (packet.messages() if isinstance(packet, OscBundle) else (packet,))
            ],
            sender,
        )

    def take(self, address: str, arguments: Sequence[Argument], sender: Sender) -> None:
        """Take a message."""
        self._take([(address, arguments)], sender)

    def _take(self, messages: list[tuple[str, Sequence[Argument]]], sender: Sender) -> None:
        commands: dict[str, list[Command]] = {}
        with self._taking:
            self.traffic.packets += 1
            self.traffic.messages += len(messages)
            for address, arguments in messages:
                self._understand(address, arguments, sender, commands)
        for name, found in commands.items():
            if name in self._streams:
                self._streams[name].put(found)
        if news := self._reception.teaching.take_news():
            self.tell(news)

    def _understand(
        self,
        address: str,
        arguments: Sequence[Argument],
        sender: Sender,
        commands: dict[str, list[Command]],
    ) -> None:
        """Add what a message leads to to the commands of each stream."""
        places = self._book.find(address)
        if not places:
            self._translate(address, arguments, sender, commands)
            return
        for place in places:
            try:
                values = place.inlet.read(arguments)
                call = Call(place.inlet, values, sender, place.streams, place.name)
                found = self._reception.commands_of(call)
            except (InletError, Refused) as error:
                self._refuse(address, error, sender)
                continue
            for name in place.streams if found else ():
                commands.setdefault(name, []).extend(found)

    def _translate(
        self,
        address: str,
        arguments: Sequence[Argument],
        sender: Sender,
        commands: dict[str, list[Command]],
    ) -> None:
        """Take a message whose address is none of ours."""
        known = False
        for translation in self._reception.translations:
            if translation.hears(address):
                known = True
                for name, values in translation.apply(address, arguments):
                    self._understand(f"{self._book.prefix}/{name}", values, sender, commands)
        for stream, hears in self._forwards:
            if hears(address):
                known = True
                commands.setdefault(stream, []).append(HostSaid(address, tuple(arguments)))
        if known or address in self._own_answers:
            return
        if not self._book.is_ours(address) and self._reception.translations:
            return  # hosts tell more than anybody needs: heartbeats, meters, names
        self.traffic.foreign += 1
        self._complain(sender, address, partial(self._why_unknown, address))

    def _why_unknown(self, address: str) -> str:
        """Why an address means nothing."""
        prefix = self._book.prefix
        if not self._book.is_ours(address):
            return f"means nothing here; what can be said starts with {prefix or '/'}"
        if address.removeprefix(f"{prefix}/") in SIGNALS:
            return "is what oscbridge says; what can be said to it is under in/"
        close = difflib.get_close_matches(address.removeprefix(f"{prefix}/"), INLETS, n=1)
        return "means nothing here" + (f"; did you mean {prefix}/{close[0]}?" if close else "")

    def _refuse(self, address: str, error: Exception, sender: Sender) -> None:
        self.traffic.refused += 1
        self._complain(sender, address, partial(str, error))

    def _complain(self, sender: Sender, address: str, find_reason: Callable[[], str]) -> None:
        self.traffic.blame(sender.name, partial(_why, address, find_reason))
        self._answers.complain(sender, address, find_reason, self._clock())


def _why(address: str, find_reason: Callable[[], str]) -> str:
    return f"{address}: {find_reason()}"


def _nobody_waits() -> None:
    """What `Receiver.wake` does where no thread listens."""
