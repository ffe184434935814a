"""A flood of all that should not be, for some seconds: nobody else is to notice.

The long version, with all threads of a run, is ``python -m tests.soak.flood``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
from collections.abc import Sequence

from oscbridge.config import SendSettings
from oscbridge.inbound.answers import MOST
from oscbridge.protocol import SIGNALS
from oscbridge.wire.template import MAX_DATAGRAM
from tests.house.source import ROOT
from tests.inbound.flooder import SOCKETS
from tests.inbound.world import Heard, Peer, running
from tests.process.doubles import affect

SECONDS, RATE_HZ = 4.0, 20_000.0
QUIET_S = 2.0
HEARTBEAT_S = 0.1
LATE_S = 0.05
"""How much later a heartbeat may be for the flood."""
WINDOW = 5
"""Heartbeats of which the latest counts: what this machine does beside is in few of them."""


def latenesses(beats: Sequence[Heard]) -> list[float]:
    """How late each heartbeat came, seconds, by the grid that the earliest of them sets."""
    offsets = [beat.at_s - HEARTBEAT_S * float(str(beat.args[0])) for beat in beats]
    return [offset - min(offsets) for offset in offsets]


def typical_worst(late: Sequence[float]) -> float:
    """The latest of a few heartbeats in a row, at the median of such rows."""
    rows = [late[start : start + WINDOW] for start in range(0, len(late) - WINDOW + 1, WINDOW)]
    return statistics.median(max(row) for row in rows)


def hear_through(peer: Peer, flood: subprocess.Popen[str]) -> int:
    """Listen, and ask now and then, until the flood is over; how often was asked."""
    nonce = 0
    while flood.poll() is None:
        nonce += 1
        peer.say("ping", nonce)
        peer.listen(HEARTBEAT_S)
    return nonce


def test_a_flood_changes_nothing_for_anybody_else() -> None:
    with running(send=SendSettings(heartbeat_s=HEARTBEAT_S)) as world:
        peer = world.peer()
        peer.say("subscribe")
        world.dispatcher.put([affect(0.5, -0.5)])
        peer.wait_for("valence", 0.5)
        peer.listen(QUIET_S)
        before = len(peer.of("heartbeat"))
        flood = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.inbound.flooder", str(world.address[1])),
                *(str(SECONDS), str(RATE_HZ), "7"),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        asked = hear_through(peer, flood)
        report = json.loads(flood.communicate()[0])
        peer.say("in/override", 0.25, 0.25, 60.0)
        peer.wait_for("valence", 0.25)
        traffic = world.access.receiver.traffic
    assert report["sent"] > 0.5 * SECONDS * RATE_HZ, "that was no flood"
    assert traffic.over_cap > 0
    assert traffic.malformed > 0
    # Every heartbeat came, in order and on time, with nothing between that we do not say.
    beats = peer.of("heartbeat")
    assert len(beats) - before >= 0.9 * SECONDS / HEARTBEAT_S
    numbers = [beat.args[0] for beat in beats]
    assert numbers == list(range(numbers[0], numbers[0] + len(beats)))
    late = latenesses(beats)
    assert typical_worst(late[before:]) < typical_worst(late[:before]) + LATE_S
    assert {heard.name for heard in peer.heard} <= set(SIGNALS)
    assert all(heard.size <= MAX_DATAGRAM for heard in peer.heard)
    forced = [heard for heard in peer.heard if heard.name == "valence" and heard.args != (0.5,)]
    assert {heard.args for heard in forced} == {(0.25,)}
    # The honest neighbour was heard while it lasted.
    assert len(peer.of("pong")) > 0.25 * asked
    # Who floods is answered with less than it said.
    assert set(report["answers"]) <= {SIGNALS["error"].address, SIGNALS["pong"].address}
    assert report["back_bytes"] < 0.1 * report["sent_bytes"]
    assert report["back"] < SOCKETS * 500 * (SECONDS + 2.0) + MOST
    assert "port" not in {thread.name for thread in threading.enumerate()}
