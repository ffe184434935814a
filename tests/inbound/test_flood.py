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
from dataclasses import dataclass
from typing import Any

from oscbridge.config import SendSettings
from oscbridge.inbound.answers import MOST
from oscbridge.inbound.traffic import Traffic
from oscbridge.protocol import SIGNALS
from oscbridge.wire.template import MAX_DATAGRAM
from tests.house.source import ROOT
from tests.inbound.flooder import SOCKETS
from tests.inbound.world import Heard, Peer, running
from tests.process.doubles import affect

SECONDS, RATE_HZ = 4.0, 20_000.0
QUIET_BEATS = 20
HEARTBEAT_S = 0.1
LATE_S = 0.05
"""How much later a heartbeat may be for the flood."""
TRIES = 3
"""A machine that is busy may keep the flood from being one, or be late for reasons of its own."""
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


@dataclass(frozen=True)
class Flooded:
    """A run that was flooded: what the flood met, and what another program heard of the run.

    ``before`` counts the heartbeats before the flood, ``asked`` pings of that program during it.
    """

    report: dict[str, Any]
    traffic: Traffic
    peer: Peer
    before: int
    asked: int

    @property
    def beats(self) -> list[Heard]:
        """All heartbeats."""
        return self.peer.of("heartbeat")

    @property
    def excess_s(self) -> float:
        """How much later heartbeats came during the flood than before it, seconds."""
        late = latenesses(self.beats)
        return typical_worst(late[self.before :]) - typical_worst(late[: self.before])

    @property
    def undisturbed(self) -> bool:
        """Whether the machine had time for the flood and for everybody else."""
        return (
            self.report["sent"] > 0.5 * SECONDS * RATE_HZ
            and self.traffic.over_cap > 0
            and len(self.beats) - self.before >= 0.9 * SECONDS / HEARTBEAT_S
            and self.excess_s < LATE_S
            and len(self.peer.of("pong")) > 0.25 * self.asked
        )


def flooded() -> Flooded:
    """Flood a run while another program listens."""
    with running(send=SendSettings(heartbeat_s=HEARTBEAT_S)) as world:
        peer = world.peer()
        peer.say("subscribe")
        world.dispatcher.put([affect(0.5, -0.5)])
        peer.wait_for("valence", 0.5)
        before = len(peer.wait_for("heartbeat", count=QUIET_BEATS))
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
        return Flooded(report, world.access.receiver.traffic, peer, before, asked)


def test_a_flood_changes_nothing_for_anybody_else() -> None:
    seen = flooded()
    for _ in range(TRIES - 1):
        if seen.undisturbed:
            break
        seen = flooded()
    assert seen.report["sent"] > 0.5 * SECONDS * RATE_HZ, "that was no flood"
    assert seen.traffic.over_cap > 0
    assert seen.traffic.malformed > 0
    # Every heartbeat came, in order and on time, with nothing between that we do not say.
    assert len(seen.beats) - seen.before >= 0.9 * SECONDS / HEARTBEAT_S
    numbers = [int(str(beat.args[0])) for beat in seen.beats]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert seen.excess_s < LATE_S
    assert {heard.name for heard in seen.peer.heard} <= set(SIGNALS)
    assert all(heard.size <= MAX_DATAGRAM for heard in seen.peer.heard)
    forced = [heard for heard in seen.peer.of("valence") if heard.args != (0.5,)]
    assert {heard.args for heard in forced} == {(0.25,)}
    # The honest neighbour was heard while it lasted.
    assert len(seen.peer.of("pong")) > 0.25 * seen.asked
    # Who floods is answered with less than it said.
    assert set(seen.report["answers"]) <= {SIGNALS["error"].address, SIGNALS["pong"].address}
    assert seen.report["back_bytes"] < 0.1 * seen.report["sent_bytes"]
    assert seen.report["back"] < SOCKETS * 500 * (SECONDS + 2.0) + MOST
    assert "port" not in {thread.name for thread in threading.enumerate()}
