"""A run without sound: a composer, its dispatcher and its port, and peers with real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from oscbridge.composer import Composer
from oscbridge.config import Config, SendSettings
from oscbridge.dispatch import Dispatcher
from oscbridge.inbound.access import Access
from oscbridge.inbound.settings import PortSettings
from oscbridge.outbox import Outbox
from oscbridge.output_thread import OutputThread
from oscbridge.outputs.base import Output
from oscbridge.protocol import PREFIX
from oscbridge.stats import Stats

DEADLINE_S = 20.0


@dataclass(frozen=True)
class Heard:
    """A message as python-osc read it, when it came and in a datagram of which size."""

    address: str
    args: tuple[object, ...]
    at_s: float
    size: int = 0
    bundled: bool = False

    @property
    def name(self) -> str:
        """Its name in our table."""
        return self.address.removeprefix(f"{PREFIX}/")


@dataclass
class Peer:
    """Another program on this machine, with a socket of its own; python-osc writes and reads.

    ``port`` is where it listens.
    """

    to: tuple[str, int]
    udp: socket.socket = field(
        default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    )
    heard: list[Heard] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.udp.bind(("127.0.0.1", 0))
        self.port = self.udp.getsockname()[1]

    def say(self, name: str, *arguments: object) -> None:
        """Send a message; floats of Python are float32, as everywhere in OSC."""
        builder = OscMessageBuilder(f"{PREFIX}/{name}")
        for argument in arguments:
            builder.add_arg(argument)  # type: ignore[arg-type]
        self.udp.sendto(builder.build().dgram, self.to)

    def listen(self, seconds: float) -> list[Heard]:
        """Take in what comes within a time; what is new."""
        end_s = time.monotonic() + seconds
        before = len(self.heard)
        while (left_s := end_s - time.monotonic()) > 0.0:
            self._take(left_s)
        return self.heard[before:]

    def wait_for(self, name: str, *args: object, count: int = 1) -> list[Heard]:
        """Listen until a message came so often, with these arguments if any are given."""
        end_s = time.monotonic() + DEADLINE_S
        while len(found := self.of(name, *args)) < count:
            left_s = end_s - time.monotonic()
            assert left_s > 0.0, f"no {name} {args}; heard {sorted({h.name for h in self.heard})}"
            self._take(min(left_s, 0.1))
        return found

    def of(self, name: str, *args: object) -> list[Heard]:
        """What was heard of one name."""
        return [h for h in self.heard if h.name == name and (not args or h.args == args)]

    def forget(self) -> None:
        """Forget what was heard."""
        self.heard.clear()
        self.raw.clear()

    def _take(self, timeout_s: float) -> None:
        self.udp.settimeout(max(timeout_s, 1e-3))
        try:
            data = self.udp.recv(65536)
        except TimeoutError:
            return
        at_s = time.monotonic()
        self.raw.append(data)
        bundled = data.startswith(b"#bundle")
        for timed in OscPacket(data).messages:
            message = timed.message
            self.heard.append(
                Heard(message.address, tuple(message.params), at_s, len(data), bundled)
            )


@dataclass
class World:
    """A run that hears no sound, and whoever speaks to it."""

    access: Access
    dispatchers: dict[str, Dispatcher]
    peers: list[Peer] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        assert self.access.port.address is not None
        return "127.0.0.1", self.access.port.address[1]

    @property
    def dispatcher(self) -> Dispatcher:
        """Of the first stream."""
        return next(iter(self.dispatchers.values()))

    def peer(self) -> Peer:
        """Another program."""
        self.peers.append(Peer(self.address))
        return self.peers[-1]


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.005)


@contextmanager
def running(
    settings: PortSettings | None = None,
    streams: Sequence[str] = ("",),
    outputs: Sequence[Output] = (),
    send: SendSettings | None = None,
    more: Callable[[Access, str], Sequence[Output]] | None = None,
) -> Iterator[World]:
    """Run without sound; everything else is as in a session.

    ``more`` opens further outputs of a stream that need what they share with the run.
    """
    config = Config()
    access = Access(settings or PortSettings(port=0), PREFIX, streams)
    dispatchers: dict[str, Dispatcher] = {}
    for name in streams:
        stats = Stats()
        composer = Composer(
            send or config.send, config.quadrant, config.labels, access.session, time.monotonic()
        )
        told = [*outputs, *(more(access, name) if more else ()), access.subscribers(name)]
        dispatchers[name] = Dispatcher(Outbox(stats), composer, told, stats)
        access.join(name, dispatchers[name])
    thread = OutputThread(list(dispatchers.values()))
    world = World(access, dispatchers)
    thread.start()
    access.start()
    try:
        yield world
    finally:
        access.close()
        thread.stop(DEADLINE_S)
        for peer in world.peers:
            peer.udp.close()
