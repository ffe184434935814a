"""A game hears what python-osc sends: every signal, nothing of what is malformed, nothing twice."""

from __future__ import annotations

import random
import socket
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS, Value
from tests.unity.game import Game
from tests.unity.wire import Bridge, example, heard, packet, read, settle, spoil

pytestmark = pytest.mark.peer("mcs", "mono")

MALFORMED = 10_000
BATCH = 200
MESSAGES = [signal for signal in SIGNALS.values() if not signal.name.startswith("request")]


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
