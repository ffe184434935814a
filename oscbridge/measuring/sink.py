"""A UDP port of this machine to which packets are sent for measuring."""

from __future__ import annotations

import contextlib
import socket

from oscbridge.protocol import HOST

LONGEST_DATAGRAM = 65_536


class Sink:
    """Takes packets; a context manager that closes its port."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self.target = f"{HOST}:{self._socket.getsockname()[1]}"

    def drain(self) -> int:
        """Take out what has arrived; return how many packets that was."""
        count = 0
        self._socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(LONGEST_DATAGRAM)
                count += 1
        return count

    def wait(self, timeout_s: float) -> bool:
        """Wait for a packet; False when none came in time."""
        self._socket.settimeout(timeout_s)
        try:
            self._socket.recv(LONGEST_DATAGRAM)
        except TimeoutError:
            return False
        return True

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
