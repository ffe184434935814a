"""What python-osc, not our own code, sends to a game and reads of it."""

from __future__ import annotations

import random
import socket
import struct

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS, Signal, Value
from tests.unity.game import Game


def packet(address: str, *arguments: tuple[str, Value]) -> bytes:
    """A message as python-osc builds it; arguments are (type, value)."""
    builder = OscMessageBuilder(address)
    for kind, value in arguments:
        builder.add_arg(value, kind)
    return builder.build().dgram


def example(signal: Signal, draw: random.Random) -> list[tuple[str, Value]]:
    """Arguments within their ranges, as the protocol's own table has them."""
    found: list[tuple[str, Value]] = []
    for arg in signal.args:
        if arg.type == "s":
            found.append(("s", draw.choice(arg.choices or ("wörd", "", "two words"))))
        elif arg.type == "i":
            found.append(("i", draw.randint(int(arg.low), int(min(arg.high, 2**31 - 1)))))
        else:
            value = draw.uniform(max(arg.low, -1e6), min(arg.high, 1e6))
            found.append(("f", struct.unpack("f", struct.pack("f", value))[0]))
    return found


def read(words: list[str], arguments: list[tuple[str, Value]]) -> list[Value]:
    """What a game printed, as values of the types that were sent."""
    return [
        word if kind == "s" else float(word)
        for word, (kind, _) in zip(words, arguments, strict=True)
    ]


class Bridge:
    """A UDP socket that plays oscbridge for one game, by python-osc."""

    def __init__(self) -> None:
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.udp.settimeout(20.0)

    @property
    def port(self) -> str:
        """Where the game finds it."""
        return str(self.udp.getsockname()[1])

    def wait_for(self, name: str) -> list[object]:
        """Wait for an inlet to be spoken to; return the arguments, and speak to its sender."""
        while True:
            datagram, self.game = self.udp.recvfrom(4096)
            for timed in OscPacket(datagram).messages:
                if timed.message.address == INLETS[name].address:
                    return list(timed.message.params)

    def send(self, datagram: bytes) -> None:
        """Send it to who spoke last."""
        self.udp.sendto(datagram, self.game)


def heard(game: Game, signal: Signal) -> list[list[str]]:
    """Arguments of a signal, each time it was heard."""
    return [line[2:] for line in game.of("signal", signal.name)]


def settle(game: Game, bridge: Bridge, nonce: int) -> None:
    """Wait until everything that was sent has been taken."""
    bridge.send(packet(SIGNALS["pong"].address, ("i", nonce), ("s", "session")))
    game.wait_for("signal", "pong", str(nonce))


def spoil(draw: random.Random) -> bytes:
    """A datagram that no OSC program may send."""
    good = packet(SIGNALS["segment/start"].address, ("i", 1), ("s", "label"), ("f", 0.5))
    match draw.randrange(6):
        case 0:
            return good[: draw.randrange(len(good) - 4) // 4 * 4 + draw.randrange(1, 4)]
        case 1:
            return draw.randbytes(draw.randrange(1, 64)).replace(b"/", b"x").replace(b"#", b"x")
        case 2:  # a tag that there is not
            return good.replace(b",isf", b",iqf")
        case 3:  # an argument that is missing
            return good[:-4]
        case 4:  # a bundle whose element is longer than it is
            return (
                b"#bundle\0" + bytes(8) + struct.pack(">i", draw.randrange(100, 2**31 - 1)) + good
            )
        case _:  # a text without an end
            return good[:40] + b"xxxx"
