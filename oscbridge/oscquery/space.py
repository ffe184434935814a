"""What a run says right now and who may say something to it, for whoever asks over OSCQuery.

Conventions
-----------
One `Space` a run, shared by its streams. `keep` is called by whoever sends, everything else by the
thread of the server: of the newest arguments each entry is replaced whole, so nobody waits for
anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.inbound.sender import Sender
from oscbridge.oscquery.tree import Answer, Tree, host_info
from oscbridge.protocol import SIGNALS
from oscbridge.wire.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.receiver import Receiver
    from oscbridge.inlets import Inlet
    from oscbridge.protocol import Signal, Value

NAME = "oscbridge"


class Space:
    """The tree of a run and its newest values.

    Parameters
    ----------
    prefix : str
        What the addresses of the run start with.
    receiver : Receiver, optional
        Takes what clients say.
    osc_port : int, optional
        Where we listen for the same over UDP.
    """

    def __init__(
        self, prefix: str, receiver: Receiver | None = None, osc_port: int | None = None
    ) -> None:
        self.osc_port = osc_port
        self._prefix = prefix
        self._receiver = receiver
        self._streams: list[str] = []
        self._values: dict[str, tuple[Value, ...]] = {}
        self._templates: dict[str, Template] = {}
        self._words: dict[str, Inlet] = {}  # of others, that we understand
        self._members: dict[str, Signal] = {}  # signals of families, by address
        self._tree = Tree(prefix)

    @property
    def sought(self) -> bool:
        """Whether somebody looks for us on this machine, network or not."""
        return self._receiver is not None and self._receiver.sought

    def join(self, stream: str) -> dict[str, str]:
        """Add a stream; its name is empty where there is only one.

        Returns
        -------
        dict of str to str
            Address of each signal, by its name.
        """
        if stream:
            self._streams.append(stream)
            self._grow()
        addresses = {name: self._address(stream, name) for name in SIGNALS}
        for name, address in addresses.items():
            self._templates[address] = Template(address, SIGNALS[name].types)
        return addresses

    def admit(self, stream: str, signal: Signal) -> str:
        """Add a signal of a family, which was not there from the start; return its address."""
        address = self._address(stream, signal.name)
        # Replaced whole: the server reads them meanwhile.
        self._templates = {**self._templates, address: Template(address, signal.types)}
        self._members = {**self._members, address: signal}
        self._grow()
        return address

    def dismiss(self, address: str) -> None:
        """Take a signal of a family away."""
        self._members = {other: s for other, s in self._members.items() if other != address}
        self._templates = {other: t for other, t in self._templates.items() if other != address}
        self._values.pop(address, None)
        self._grow()

    def _grow(self) -> None:
        self._tree = Tree(self._prefix, self._streams, self._words, self._members)

    def _address(self, stream: str, name: str) -> str:
        start = f"{self._prefix}/{stream}" if stream else self._prefix
        return f"{start}/{name}"

    def keep(self, address: str, args: tuple[Value, ...]) -> None:
        """Note what was just said under ``address``."""
        self._values[address] = args

    def answer(self, target: str, host: str, port: int) -> Answer:
        """Answer an HTTP target that reached us at ``host`` and ``port``."""
        words = self._receiver.words if self._receiver is not None else {}
        if words != self._words:  # another preset is in use
            self._words = words
            self._grow()
        return self._tree.answer(
            target, self._values, lambda: host_info(NAME, host, self.osc_port, port)
        )

    def below(self, path: str) -> set[str]:
        """Addresses at and below ``path`` at which there is something to hear."""
        start = path.rstrip("/") + "/"
        return {address for address in self._templates if f"{address}/".startswith(start)}

    def packet(self, address: str, args: tuple[Value, ...] | None = None) -> bytes | None:
        """Pack ``args``, or the newest arguments; None before the first."""
        args = self._values.get(address) if args is None else args
        template = self._templates.get(address)
        return None if args is None or template is None else bytes(template.pack(args))

    def hear(self, packet: bytes, client: str, reply: Callable[[bytes], None]) -> None:
        """Take a packet that ``client`` sent, as if it had come over UDP."""
        if self._receiver is not None:
            self._receiver.take_packet(packet, Sender(f"WebSocket {client}", reply=reply))
