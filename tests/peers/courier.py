"""Carries datagrams between a test and the name space that this program is started in.

``python courier.py PORT PEER_PORT``: every line on standard input, in hexadecimal, is sent from
``PORT`` to ``PEER_PORT`` of 127.0.0.1; every datagram that arrives at ``PORT`` is a line on
standard output. The first line is ``ready``.
"""

from __future__ import annotations

import os
import select
import socket
import sys


def main() -> None:
    """Carry until standard input is closed."""
    port, peer_port = int(sys.argv[1]), int(sys.argv[2])
    carrier = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    carrier.bind(("127.0.0.1", port))
    print("ready", flush=True)
    waiting = b""
    while True:
        ready, _, _ = select.select([carrier, 0], [], [])
        if carrier in ready:
            try:
                print(carrier.recv(65_536).hex(), flush=True)
            except ConnectionRefusedError:
                continue
        if 0 in ready:
            data = os.read(0, 65_536)
            if not data:
                return
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                carrier.sendto(bytes.fromhex(line.decode()), ("127.0.0.1", peer_port))


if __name__ == "__main__":
    main()
