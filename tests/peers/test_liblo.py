"""liblo's ``oscsend`` and ``oscdump``: a second opinion on every byte, both ways.

What they send is read here as they meant it, what is packed here they print as we meant it, and an
oscbridge that runs obeys the one and tells the other.
"""

from __future__ import annotations

import json
import math
import random
import shlex
import socket
import struct
import subprocess
import sys
from functools import partial

import pytest

from oscbridge import mapping
from oscbridge.hosts.speech import Speech
from oscbridge.protocol import SIGNALS, Message, Signal
from oscbridge.wire.packet import OscMessage, read_packet
from tests.inbound.world import running
from tests.peers.beside import Namespace, Program
from tests.peers.servers import wait_until

pytestmark = pytest.mark.peer("oscsend", "oscdump", "unshare", "nsenter", "ip", "stdbuf")

COUNT = 60
PORT = 7771
WORDS = ("x", "hello world", "wörter", "情", "a" * 63, "\U0001f600", "with, comma", "[1]")


def random_arguments(dice: random.Random) -> tuple[str, list[object]]:
    """Types and values as OSC has them."""
    types = "".join(dice.choice("ifshdTFN") for _ in range(dice.randrange(7)))
    values: list[object] = []
    for tag in types:
        match tag:
            case "i":
                values.append(dice.randrange(-(2**31), 2**31))
            case "h":
                values.append(dice.randrange(-(2**62), 2**62))
            case "f":
                values.append(struct.unpack("f", struct.pack("f", dice.uniform(-1e6, 1e6)))[0])
            case "d":
                values.append(dice.uniform(-1e9, 1e9))
            case "s":
                values.append(dice.choice(WORDS))
            case _:
                values.append({"T": True, "F": False, "N": None}[tag])
    return types, values


def test_what_oscsend_writes_is_read_as_it_was_meant() -> None:
    dice = random.Random(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(30.0)
        for _ in range(COUNT):
            types, values = random_arguments(dice)
            said = [repr(v) if isinstance(v, float) else str(v) for v in values if v is not None]
            said = [word for word in said if word not in ("True", "False")]
            command = ["oscsend", "127.0.0.1", str(udp.getsockname()[1]), "/a/b", types or ""]
            subprocess.run(command[:4] if not types else [*command, *said], check=True)
            message = read_packet(udp.recv(65536))
            assert isinstance(message, OscMessage)
            assert (message.address, message.types) == ("/a/b", types)
            for tag, ours, theirs in zip(types, message.arguments, values, strict=True):
                if tag == "f":
                    assert math.isclose(float(str(ours)), float(str(theirs)), rel_tol=1e-6)
                else:
                    assert ours == theirs


def test_oscdump_reads_every_signal_as_it_was_meant_alone_and_in_bundles(
    namespace: Namespace,
) -> None:
    dice = random.Random(7)
    messages = [random_message(signal, dice) for signal in SIGNALS.values() for _ in range(2)]
    dump = namespace.run("stdbuf", "-oL", "oscdump", str(PORT))
    wait_until(partial(namespace.listens, PORT), "oscdump listens")
    optional = [signal.name for signal in SIGNALS.values() if signal.optional]
    script = (
        "import json, socket, sys\n"
        "udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "for datagram in json.loads(sys.stdin.readline()):\n"
        f"    udp.sendto(bytes.fromhex(datagram), ('127.0.0.1', {PORT}))\n"
    )
    expected = [printed(message) for message in messages]
    for bundled in (False, True):
        words = mapping.Mapping(mapping.load_preset("default"), optional=optional)
        speech = Speech(words, bundled=bundled)
        packed = [bytes(datagram).hex() for datagram in speech.say(messages)]
        before = len(dump.lines)
        namespace.run(sys.executable, "-c", script).write(json.dumps(packed))
        all_heard = before + len(messages)
        wait_until(partial(_has_lines, dump, all_heard), "oscdump prints every message")
        heard = [line.partition(" ")[2] for line in dump.lines[before:]]
        assert sorted(heard) == sorted(expected) if bundled else heard == expected


def _has_lines(program: Program, count: int) -> bool:
    return len(program.lines) >= count


def random_message(signal: Signal, dice: random.Random) -> Message:
    """A message within the ranges of the table."""
    values: list[object] = []
    for arg in signal.args:
        if arg.type == "s":
            values.append(dice.choice(arg.choices or WORDS))
        else:
            low, high = max(arg.low, -1e6), min(arg.high, 1e6)
            value = dice.uniform(low, high)
            values.append(round(value) if arg.type == "i" else value)
    return signal.message(*values)


def printed(message: Message) -> str:
    """How oscdump shows a message."""
    signal, args = message
    shown = [
        f'"{value}"'
        if isinstance(value, str)
        else f"{as_float32(value):f}"
        if isinstance(value, float)
        else str(value)
        for value in args
    ]
    return " ".join([signal.address, signal.types, *shown])


def as_float32(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def test_oscsend_is_obeyed_and_oscdump_told() -> None:
    with running() as world:
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("heartbeat")
        host, port = world.address
        for words in (
            "/oscbridge/in/override fff 0.5 -0.5 60",
            "/oscbridge/in/label/set is 4 gelöst",
            "/oscbridge/in/affect/va ff 0.25 0.75",
            "/oscbridge/in/set/[rs]* f 2",
        ):
            address, types, *values = shlex.split(words)
            subprocess.run(["oscsend", host, str(port), address, types, *values], check=True)
        peer.wait_for("valence", 0.5)
        peer.wait_for("quadrant/label", "gelöst")
        peer.wait_for("player/arousal", 0.75)
        assert world.access.receiver.traffic.refused == 0
