"""A game hears what python-osc sends: every signal, nothing of what is malformed, nothing twice."""

from __future__ import annotations

import random
import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS, Signal, Value
from tests.unity.csharp import Game

pytestmark = pytest.mark.peer("mcs", "mono")

MALFORMED = 10_000
BATCH = 200
MESSAGES = [signal for signal in SIGNALS.values() if not signal.name.startswith("request")]


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


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    """Give a stand-in for oscbridge."""
    made = Bridge()
    yield made
    made.udp.close()


def heard(game: Game, signal: Signal) -> list[list[str]]:
    return [line[2:] for line in game.of("signal", signal.name)]


def settle(game: Game, bridge: Bridge, nonce: int) -> None:
    """Wait until everything that was sent has been taken."""
    bridge.send(packet(SIGNALS["pong"].address, ("i", nonce), ("s", "session")))
    game.wait_for("signal", "pong", str(nonce))


def test_every_signal_is_decoded_as_it_was_sent(
    start_game: Callable[..., Game], bridge: Bridge
) -> None:
    game = start_game("--port", bridge.port)
    bridge.wait_for("subscribe")
    draw = random.Random(9)
    for nonce in range(1, 6):
        sent = {signal: example(signal, draw) for signal in SIGNALS.values()}
        for signal, arguments in sent.items():
            bridge.send(packet(signal.address, *arguments))
        settle(game, bridge, nonce)
        for signal, arguments in sent.items():
            if signal.name != "pong":
                assert read(heard(game, signal)[-1], arguments) == [value for _, value in arguments]
    game.tell("counts")
    taken, refused, foreign, malformed = map(int, game.wait_for("counts")[1:])
    assert (refused, foreign, malformed) == (0, 0, 0)
    assert taken == 5 * (len(SIGNALS) + 1)


def test_a_bundle_is_read_message_by_message(
    start_game: Callable[..., Game], bridge: Bridge
) -> None:
    game = start_game("--port", bridge.port)
    bridge.wait_for("subscribe")
    inner = OscBundleBuilder(IMMEDIATELY)
    outer = OscBundleBuilder(2e9)  # a time far ahead is not waited for
    for bundle, name in ((inner, "valence"), (outer, "arousal")):
        builder = OscMessageBuilder(SIGNALS[name].address)
        builder.add_arg(0.25, "f")
        bundle.add_content(builder.build())
    outer.add_content(inner.build())
    bridge.send(outer.build().dgram)
    assert game.wait_for("signal", "valence")[2:] == ["0.25"]
    assert game.wait_for("signal", "arousal")[2:] == ["0.25"]


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


def test_ten_thousand_malformed_packets_do_nothing(
    start_game: Callable[..., Game], bridge: Bridge
) -> None:
    game = start_game("--port", bridge.port)
    bridge.wait_for("subscribe")
    draw = random.Random(10)
    bridge.send(packet(SIGNALS["valence"].address, ("f", 0.5)))
    for batch in range(MALFORMED // BATCH):
        for _ in range(BATCH):
            bridge.send(spoil(draw))
        settle(game, bridge, batch + 1)
    game.tell("counts")
    taken, refused, foreign, malformed = map(int, game.wait_for("counts")[1:])
    assert malformed == MALFORMED
    assert (refused, foreign) == (0, 0)
    assert taken == MALFORMED // BATCH + 1
    assert not game.of("signal", "segment/start")
    assert len(heard(game, SIGNALS["valence"])) == 1


def test_a_lease_is_renewed_before_it_ends_and_given_back_at_the_end(
    start_game: Callable[..., Game], bridge: Bridge
) -> None:
    game = start_game("--port", bridge.port, "--speed", "20")
    bridge.wait_for("subscribe")
    nonces: list[object] = []
    while len(nonces) < 8:  # 70 s of the game's time: more than a lease
        bridge.send(packet(SIGNALS["heartbeat"].address, ("i", 1), ("i", 1)))
        bridge.udp.settimeout(0.05)
        try:
            nonces += bridge.wait_for("ping")
        except TimeoutError:
            continue
    assert len(set(nonces)) == len(nonces)
    bridge.udp.settimeout(20.0)
    game.end()
    assert bridge.wait_for("unsubscribe") == []


def test_silence_is_answered_by_subscribing_anew(
    start_game: Callable[..., Game], bridge: Bridge
) -> None:
    game = start_game("--port", bridge.port)
    bridge.wait_for("subscribe")
    bridge.send(packet(SIGNALS["heartbeat"].address, ("i", 1), ("i", 1)))
    game.wait_for("status", "Connected")
    game.wait_for("status", "Lost")
    bridge.wait_for("subscribe")
    bridge.send(packet(SIGNALS["heartbeat"].address, ("i", 2), ("i", 2)))
    game.wait_for("status", "Connected", count=2)


def test_everything_that_a_game_can_say_is_what_oscbridge_takes(
    start_game: Callable[..., Game], bridge: Bridge
) -> None:
    game = start_game("--port", bridge.port)
    bridge.wait_for("subscribe")
    settle(game, bridge, 1)
    game.tell("say")
    by_address = {inlet.address: inlet for inlet in INLETS.values()}
    said: dict[str, tuple[Value, ...]] = {}
    while "refresh" not in said:
        for timed in OscPacket(bridge.udp.recv(4096)).messages:
            inlet = by_address[timed.message.address]
            said[inlet.name] = inlet.read(timed.message.params)
    assert said["in/affect/va"] == (-0.5, 1.0, 0.75, "game")
    assert said["in/affect/text"] == ("What a fight! \U0001f525",)
    assert said["in/request/ack"] == (3, "queued", 1.5)
    assert said["in/request/make"] == (0.5, 0.25, 0.75, "2bar")
    assert said["in/label/set"] == (2, "Kampf")
    assert len(said) >= 19


def test_who_does_not_subscribe_hears_whoever_sends(
    start_game: Callable[..., Game], free_udp_port: int
) -> None:
    game = start_game("--receive", str(free_udp_port))
    game.wait_for("ready", str(free_udp_port))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        datagram = packet(SIGNALS["tempo"].address, ("f", 120.0))
        udp.sendto(datagram, ("127.0.0.1", free_udp_port))
    assert game.wait_for("signal", "tempo")[2:] == ["120"]


FRAMES = 100_000


@pytest.mark.parametrize("litters", [False, True])
def test_a_frame_makes_no_garbage(built: Path, tmp_path: Path, litters: bool) -> None:
    """With a nursery of 1 MiB, 100,000 frames of an object each (16 bytes at least) fill it."""
    draw = random.Random(11)
    recorded = tmp_path / "packets"
    with recorded.open("wb") as file:
        for _ in range(20):
            for signal in MESSAGES:
                datagram = packet(signal.address, *example(signal, draw))
                file.write(struct.pack("<i", len(datagram)) + datagram)
    done = subprocess.run(
        ["mono", built / "Steady.exe", recorded, str(FRAMES), *(["--litter"] if litters else [])],
        env={"MONO_GC_PARAMS": "nursery-size=1m"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(line.split() for line in done.stdout.splitlines())
    assert found["state"] == "Connected"
    assert int(found["taken"]) == 6 * FRAMES
    assert (int(found["collections"]) > 0) == litters
