"""A network that loses and reorders: a relay of datagrams to one peer.

Conventions
-----------
What comes in at `LossyNetwork.port` goes on to the peer, but for a share that is lost; of the rest
a share comes up to `LATENESS_S` later than it was sent, behind what was sent after it. A seed
chooses.
"""

from __future__ import annotations

import heapq
import random
import select
import socket
import threading
import time

LATENESS_S = 0.1


class LossyNetwork:
    """Stands before a peer.

    Parameters
    ----------
    peer : tuple of (host, port)
        Where what gets through goes.
    loss, late : float
        Shares.
    seed : int
        Of the choice.
    host : str
        The address at which it listens.
    """

    def __init__(
        self,
        peer: tuple[str, int],
        loss: float,
        late: float,
        seed: int,
        host: str = "127.0.0.1",
    ) -> None:
        self.passed = self.lost = self.delayed = 0
        self._peer = peer
        self._loss = loss
        self._late = late
        self._random = random.Random(seed)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._udp.bind((host, 0))
        self._waiting: list[tuple[float, int, bytes]] = []
        self._ending = False
        self._thread = threading.Thread(target=self._relay, name="lossy", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where to send what shall reach the peer, perhaps."""
        return self._udp.getsockname()[1]

    def close(self) -> None:
        """End it."""
        self._ending = True
        self._thread.join()
        self._udp.close()

    def _relay(self) -> None:
        while not self._ending:
            if select.select([self._udp], [], [], 0.002)[0]:
                self._lose_or_keep(self._udp.recv(65536), time.monotonic())
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                self._udp.sendto(heapq.heappop(self._waiting)[2], self._peer)
                self.passed += 1

    def _lose_or_keep(self, data: bytes, now_s: float) -> None:
        if self._random.random() < self._loss:
            self.lost += 1
            return
        late_s = 0.0
        if self._random.random() < self._late:
            self.delayed += 1
            late_s = self._random.uniform(0.0, LATENESS_S)
        heapq.heappush(self._waiting, (now_s + late_s, self.passed + self.delayed, data))
