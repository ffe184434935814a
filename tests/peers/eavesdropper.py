"""Another machine of the network: prints what it overhears of announcements, until it hears "over".

Each line is ``answer`` or ``question``, by the flag of a packet of multicast DNS.
"""

from __future__ import annotations

import socket
import sys

GROUP, PORT = "224.0.0.251", 5353
OVER = b"over"
ANSWER = 0x80


def main(own_address: str) -> None:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((GROUP, PORT))
    joined = socket.inet_aton(GROUP) + socket.inet_aton(own_address)
    udp.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
    print("ready", flush=True)
    while (packet := udp.recv(9000)) != OVER:
        print("answer" if packet[2] & ANSWER else "question", flush=True)
    print("over", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
