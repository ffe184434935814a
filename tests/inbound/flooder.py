"""A program that floods a port with everything that should not be.

Conventions
-----------
Started as ``python -m tests.inbound.flooder PORT SECONDS RATE_HZ SEED``; sends from several sockets
in bursts of a millisecond, counts what comes back to it, and prints one JSON object at the end.
What it sends is broken, too long, for the far future, or a pattern that stands for everything in
too many ways, and some of it is just asking for too much; nothing of it may change what others are
told.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import sys
import time

SOCKETS = 16
FAR_FUTURE = (2**32 - 1) << 32
PREFIX = "/oscbridge"


def text(value: str) -> bytes:
    """An OSC string."""
    data = value.encode()
    return data + b"\0" * (4 - len(data) % 4)


def message(address: str, types: str = "", payload: bytes = b"") -> bytes:
    """An OSC message."""
    return text(address) + text("," + types) + payload


def bundle(*elements: bytes, time_tag: int = FAR_FUTURE) -> bytes:
    """An OSC bundle."""
    body = b"".join(struct.pack(">i", len(element)) + element for element in elements)
    return b"#bundle\0" + struct.pack(">Q", time_tag) + body


NAN = struct.pack(">f", float("nan"))


def nested(depth: int) -> bytes:
    """Bundles within bundles."""
    data = message(f"{PREFIX}/ping", "i", b"\0\0\0\1")
    for _ in range(depth):
        data = bundle(data)
    return data


def build_packets(dice: random.Random) -> list[bytes]:
    """A few hundred packets of each kind."""
    packets: list[bytes] = []
    for _ in range(100):
        packets.append(dice.randbytes(dice.randrange(0, 200)))
        packets.append(b"/" + dice.randbytes(dice.randrange(0, 200)))
        packets.append(b"#bundle\0" + dice.randbytes(dice.randrange(0, 200)))
        good = bundle(message(f"{PREFIX}/in/set/rate_hz", "f", NAN))
        packets.append(good[: dice.randrange(len(good))])
    packets += [b"/" * size for size in (8_193, 16_000, 60_000)] * 10
    packets += [nested(depth) for depth in range(1, 40)]
    packets += [bundle(*[message(f"{PREFIX}/ping", "i", b"\0\0\0\2")] * 300)] * 5
    packets += [message(f"{PREFIX}/in/set/" + "*a" * 110, "f", NAN)] * 50
    packets += [message("/" + "{a,aa}" * 40 + f"/{k}", "f", NAN) for k in range(50)]
    packets += [message("/*/*/*" + "?*" * k, "f", NAN) for k in range(50)]
    packets += [message(f"{PREFIX}/in/override", "ff", NAN + NAN)] * 50
    packets += [message(f"{PREFIX}/in/nonsense/{k}") for k in range(100)]
    packets += [message(f"{PREFIX}/in/freeze", "N" * 4_000)] * 10
    packets += [message(f"{PREFIX}/in/freeze", "[" * 2_000)] * 10
    packets += [message(f"{PREFIX}/refresh")] * 50
    packets += [
        message(f"{PREFIX}/subscribe", "si", text("198.51.100.7") + struct.pack(">i", 9))
    ] * 20
    packets += [message(f"{PREFIX}/valence", "f", struct.pack(">f", 0.5))] * 20
    packets += [message(f"{PREFIX}/error", "ss", text("/x") + text("y"))] * 20
    dice.shuffle(packets)
    return packets


def main(port: int, seconds: float, rate_hz: float, seed: int) -> None:
    """Flood."""
    packets = build_packets(random.Random(seed))
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(SOCKETS)]
    for udp in sockets:
        udp.setblocking(False)
        udp.connect(("127.0.0.1", port))
    sent = sent_bytes = back = back_bytes = 0
    answers: set[str] = set()
    began_s = time.monotonic()
    while (past_s := time.monotonic() - began_s) < seconds:
        while sent < past_s * rate_hz:
            packet = packets[sent % len(packets)]
            with contextlib.suppress(OSError):
                sockets[sent // 64 % SOCKETS].send(packet)
            sent += 1
            sent_bytes += len(packet)
        for udp in sockets:
            try:
                data = udp.recv(65536)
            except OSError:
                continue
            back += 1
            back_bytes += len(data)
            answers.add(data.partition(b"\0")[0].decode("ascii", "replace"))
        time.sleep(0.001)
    report = {
        "sent": sent,
        "sent_bytes": sent_bytes,
        "back": back,
        "back_bytes": back_bytes,
        "answers": sorted(answers),
    }
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
