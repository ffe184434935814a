"""A flood of all that should not be, for some seconds: nobody else is to notice.

The long version with its times is ``python -m tests.soak.flood``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from oscbridge.config import SendSettings
from oscbridge.inbound.answers import MOST, REMEMBERED
from oscbridge.inbound.gate import MOST_SOURCES
from oscbridge.protocol import SIGNALS
from oscbridge.wire.template import MAX_DATAGRAM
from tests.house.source import ROOT
from tests.inbound.flooder import SOCKETS
from tests.inbound.world import running
from tests.process.doubles import affect

SECONDS, RATE_HZ = 4.0, 20_000.0


def test_a_flood_changes_nothing_for_anybody_else() -> None:
    with running(send=SendSettings(heartbeat_s=0.1)) as world:
        peer = world.peer()
        peer.say("subscribe")
        world.dispatcher.put([affect(0.5, -0.5)])
        peer.wait_for("valence", 0.5)
        flood = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.inbound.flooder", str(world.address[1])),
                *(str(SECONDS), str(RATE_HZ), "7"),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        before = len(peer.of("heartbeat"))
        nonce = 0
        while flood.poll() is None:
            nonce += 1
            peer.say("ping", nonce)
            peer.listen(0.1)
        report = json.loads(flood.communicate()[0])
        peer.say("in/override", 0.25, 0.25, 60.0)
        peer.wait_for("valence", 0.25)
        traffic = world.access.receiver.traffic
        gate, answers = world.access._listening._gate, world.access.receiver._answers
        subscribed = [one.address for one in world.access._subscriptions.current()]
    assert report["sent"] > 0.5 * SECONDS * RATE_HZ, "that was no flood"
    assert traffic.over_cap > 0
    assert traffic.malformed > 0
    # Every heartbeat came, in order, with nothing between that we do not say.
    beats = [heard.args[0] for heard in peer.of("heartbeat")]
    assert len(beats) - before >= 0.9 * SECONDS / 0.1
    assert beats == list(range(beats[0], beats[0] + len(beats)))
    assert {heard.name for heard in peer.heard} <= set(SIGNALS)
    assert all(heard.size <= MAX_DATAGRAM for heard in peer.heard)
    forced = [heard for heard in peer.heard if heard.name == "valence" and heard.args != (0.5,)]
    assert {heard.args for heard in forced} == {(0.25,)}
    # The honest neighbour was heard while it lasted.
    assert len(peer.of("pong")) > 0.25 * nonce
    # Who floods is answered with less than it said, and nobody else is sent anything.
    assert set(report["answers"]) <= {SIGNALS["error"].address, SIGNALS["pong"].address}
    assert report["back_bytes"] < 0.1 * report["sent_bytes"]
    assert subscribed == [("127.0.0.1", peer.port)]
    # What is remembered is bounded.
    assert len(gate._sources) <= MOST_SOURCES
    assert len(answers._told_s) <= REMEMBERED
    assert report["back"] < SOCKETS * 500 * (SECONDS + 2.0) + MOST
    assert "port" not in {thread.name for thread in threading.enumerate()}
