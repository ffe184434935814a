"""OSCQuery: programs read what there is to bind, and its newest values, and listen by WebSocket.

Conventions
-----------
On where the package ``websockets`` is installed; where it is not, everything else still runs and
the output's name says what is missing. The port is opened with the output and 10 or 20 further
where it is busy; what serves it starts with the first message, in a thread of its own
(`oscbridge.oscquery.server`). Streams of one run share one server. ``sent`` counts values that went
to somebody who listens.
"""

from __future__ import annotations

import importlib.util
import socket
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.labels.signals import LABEL
from oscbridge.oscquery.audience import BACKLOG
from oscbridge.oscquery.server import QueryServer
from oscbridge.oscquery.space import Space
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring
from oscbridge.protocol import HOST, PORT_QUERY, SIGNALS
from oscbridge.saying.label_weights import GONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.orders import Command
    from oscbridge.protocol import Message, Signal, Value

_LABELS = SIGNALS["labels"]
EVERYWHERE = "0.0.0.0"
PACKAGE = "websockets"
STEPS = (0, 10, 20)
"""How much further to look where a port is busy."""


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to serve, and whom."""

    port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="TCP port of HTTP and WebSocket; 0: any")
    ] = PORT_QUERY
    origins: Annotated[
        tuple[str, ...],
        msgspec.Meta(
            description="web pages that may use it beside those of this machine, like "
            'https://example.org; "null" for pages that are files'
        ),
    ] = ()


class OscQueryOutput:
    """One stream of a run, as the server shows it.

    Parameters
    ----------
    name : str
        What people see.
    server : QueryServer, optional
        None where there is nothing to serve with; ``name`` says why.
    stream : str
        Its name, where there are several.
    owner : bool
        Whether closing this output stops the server.
    """

    prompt = True  # all it does itself is to fill a dictionary

    def __init__(
        self,
        name: str,
        server: QueryServer | None = None,
        stream: str = "",
        *,
        owner: bool = True,
    ) -> None:
        self.name = name
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self._server = server
        self._owner = owner
        self._stream = stream
        self._addresses = server.space.join(stream) if server else {}

    def send(self, messages: Sequence[Message]) -> None:
        """Keep the newest values, and pass on what somebody listens to."""
        server = self._server
        if server is None:
            return
        server.start()
        listened = server.audience.listened
        news: list[tuple[str, tuple[Value, ...]]] = []
        for signal, args in messages:
            address = self._addresses.get(signal.name) or self._admit(server, signal)
            server.space.keep(address, args)
            if address in listened:
                news.append((address, args))
            if signal is _LABELS and args[0] == GONE:
                self._dismiss(server, f"{LABEL.name}/{args[1]}")
        if news:
            server.publish(news)
        if self._owner:
            audience = server.audience
            self.sent, self.errors = audience.sent, audience.dropped + server.lost
            self.detail = server.detail

    def _admit(self, server: QueryServer, signal: Signal) -> str:
        address = self._addresses[signal.name] = server.space.admit(self._stream, signal)
        server.change("PATH_ADDED", address)
        return address

    def _dismiss(self, server: QueryServer, name: str) -> None:
        address = self._addresses.pop(name, None)
        if address is not None:
            server.space.dismiss(address)
            server.change("PATH_REMOVED", address)

    def obey(self, command: Command) -> None:
        """Nothing to do: what a command changes comes as messages."""

    def close(self) -> None:
        """Stop serving; a second call does nothing."""
        server, self._server = self._server, None
        if server is not None and self._owner:
            server.stop()
            for session in [session for session, kept in _serving.items() if kept is server]:
                del _serving[session]


_serving: dict[str, QueryServer] = {}
"""Of runs with several streams, which share a server: by session."""


def open(config: Config, wiring: Wiring = ALONE) -> OscQueryOutput:
    """Open the port, or join the stream that opened it; what cannot be is said by the name."""
    if importlib.util.find_spec(PACKAGE) is None:
        return OscQueryOutput(f"oscquery (off: it needs the package {PACKAGE!r})")
    shared = _serving.get(wiring.session) if wiring.stream else None
    if shared is not None:
        return OscQueryOutput(_name(shared.port, config.port), shared, wiring.stream, owner=False)
    listener = _listen(EVERYWHERE if wiring.lan else HOST, config.port)
    if listener is None:
        ports = ", ".join(str(config.port + step) for step in STEPS)
        return OscQueryOutput(f"oscquery (off: ports {ports} are busy)")
    run_prefix = wiring.prefix.removesuffix(f"/{wiring.stream}")
    space = Space(run_prefix, wiring.receiver, wiring.osc_port)
    server = QueryServer(
        space, listener, welcome=config.origins, lan=wiring.lan, allow=wiring.allow
    )
    if wiring.stream:
        _serving[wiring.session] = server
    return OscQueryOutput(_name(server.port, config.port), server, wiring.stream)


def _name(port: int, wanted: int) -> str:
    moved = f" ({wanted} is busy)" if wanted not in (0, port) else ""
    return f"oscquery http://{HOST}:{port}{moved}"


def _listen(host: str, port: int) -> socket.socket | None:
    """Listen at ``port`` or a little further; None where all of these are taken."""
    for step in STEPS:
        try:
            listener = socket.create_server((host, port + step))
        except (OSError, OverflowError):
            continue
        # Inherited by every connection: what lies in the system's buffer is old, too.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BACKLOG)
        return listener
    return None
