"""Hears an oscbridge on this machine, or from another one over a network that loses and reorders.

``python -m tests.peers.listener OWN_ADDRESS``; the oscbridge is at `BRIDGE`. Whoever is on its
machine freezes it after a while and prints when, and what it takes for the present some time later.
Whoever is elsewhere prints what it took for the present, from when on. Both are lines of JSON.
"""

from __future__ import annotations

import json
import sys
import time

from pythonosc.udp_client import SimpleUDPClient

from oscbridge.protocol import PREFIX
from tests.inbound.lossy import LossyNetwork
from tests.inbound.world import Peer

BRIDGE, PORT = "10.77.1.1", 7770
LOSS, LATE = 0.2, 0.3
HELD = ("valence", "arousal", "intensity", "energy", "quadrant", "quadrant/label")
WARM_S = 4.0
AFTER_S = 8.0
"""Time enough to hear everything again some times: a fifth is lost, each time."""


def state(peer: Peer) -> dict[str, list[object]]:
    """What a peer takes for the present."""
    return {h.name: [*h.args] for h in peer.heard if h.name in HELD}


def main(own_address: str) -> None:
    here = own_address == BRIDGE
    peer = Peer((BRIDGE, PORT))
    network = LossyNetwork(("127.0.0.1", peer.port), LOSS, LATE, seed=7, host=own_address)
    to_bridge = SimpleUDPClient("127.0.0.1" if here else BRIDGE, PORT)
    while len(state(peer)) < len(HELD):
        to_bridge.send_message(f"{PREFIX}/subscribe", peer.port if here else network.port)
        peer.listen(0.5)
    if here:
        peer.listen(WARM_S)
        to_bridge.send_message(f"{PREFIX}/in/freeze", 1)
        frozen_s = time.monotonic()
        peer.listen(AFTER_S)
        print(json.dumps({"frozen_s": frozen_s, "state": state(peer)}), flush=True)
        return
    print(json.dumps({"lost": network.lost, "from_s": time.monotonic()}), flush=True)
    known: dict[str, list[object]] = {}
    while True:
        peer.listen(0.02)
        if state(peer) != known:
            known = state(peer)
            told = {"from_s": time.monotonic(), "state": known, "lost": network.lost}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
