"""A run under a flood of its port, beside one without.

::

    python -m tests.soak.flood          # twice 30 s quiet, 30 s flooded

The run is a process of its own with music, all its threads and an open port; it says at the end how
long it took from block to packet and how its memory grew. Here its packets are received and
checked, and another process floods it (`tests.inbound.flooder`). A heartbeat is late by how much
later it comes than the earliest one would have it: the grid of the run is the measure. It travels
with the news of the music, so up to 43 ms of that have nothing to do with any flood. Exit status 1
if the flood was noticed.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from oscbridge.analyzer import Analyzer
from oscbridge.app import App, open_outputs
from oscbridge.config import Config, load
from oscbridge.inbound.access import Access
from oscbridge.protocol import PREFIX, SIGNALS
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats
from oscbridge.stream import Stream
from oscbridge.warmup import prepare_kernels
from oscbridge.wire.packet import OscMessage, read_packet
from oscbridge.wire.template import MAX_DATAGRAM
from tests.soak.live import Stamped

RATE_HZ = 20_000.0
LATE_S = 0.05
SLACK = 1.25
"""By how much p99 may differ: that is the noise between two quiet runs on a busy machine."""
GROWTH_BYTES = 4_000_000
WARM_S = 3.0


@dataclass(frozen=True)
class Heard:
    """What came of a run, as it says itself and as it was heard."""

    flooded: bool
    p50_ms: float
    p99_ms: float
    max_ms: float
    resident_growth: int
    latest_s: float
    heartbeats: int
    unmeant: int
    flood: dict[str, object]


def run_product(target: str, seconds: float) -> None:
    """Run with an open port, as a session does; print the port, and how it went."""
    config: Config = load(
        overrides={
            "outputs.osc.to": [target],
            "outputs.oscquery.enabled": False,
            "port.port": 0,
            "send.rate_hz": 60.0,
        }
    )
    prepare_kernels(config)
    stats, me = Stats(), psutil.Process()
    resident: list[int] = []
    access = Access(config.port, PREFIX)
    source = Stamped(open_source("demo", SourceSettings(block_size=256)))
    analyzer = Analyzer(source.sample_rate, stats=stats)
    outputs = [*open_outputs(config, access.wiring()), access.subscribers()]
    stream = Stream(config, source, analyzer, outputs, session=access.session)
    access.join("", stream.dispatcher)
    print(access.port.number, flush=True)
    access.start()
    App([stream], lambda _snapshot: resident.append(me.memory_info().rss)).run(seconds)
    access.close()
    reaction = stats.reaction.summary()
    report = {
        "p50_ms": reaction.p50_ms,
        "p99_ms": reaction.p99_ms,
        "max_ms": reaction.max_ms,
        "resident_growth": resident[-1] - resident[len(resident) // 3],
    }
    print(json.dumps(report), flush=True)


def listen(seconds: float, *, flooded: bool, seed: int) -> Heard:
    """Start a run, flood it if wanted, and hear what it says."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.1)
        target = f"127.0.0.1:{udp.getsockname()[1]}"
        command = [sys.executable, "-m", "tests.soak.flood", "--product", target]
        child = subprocess.Popen(
            [*command, "--seconds", str(seconds + 2.0 * WARM_S)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        port = child.stdout.readline().strip()
        beats: list[tuple[int, float]] = []
        unmeant = 0
        flood: subprocess.Popen[str] | None = None
        began_s = time.monotonic()
        while child.poll() is None:
            if flooded and flood is None and time.monotonic() - began_s > WARM_S:
                arguments = (port, str(seconds), str(RATE_HZ), str(seed))
                flood = subprocess.Popen(
                    [sys.executable, "-m", "tests.inbound.flooder", *arguments],
                    stdout=subprocess.PIPE,
                    text=True,
                )
            try:
                data = udp.recv(65536)
            except TimeoutError:
                continue
            unmeant += not is_meant(data, beats)
        report = json.loads(child.stdout.readline())
        said = json.loads(flood.communicate()[0]) if flood is not None else {}
    return Heard(
        flooded,
        **report,
        latest_s=lateness_s(beats),
        heartbeats=len(beats),
        unmeant=unmeant,
        flood=said,
    )


def is_meant(data: bytes, beats: list[tuple[int, float]]) -> bool:
    """Whether a datagram is a message of our table, within its ranges; heartbeats are noted."""
    packet = read_packet(data)
    if not isinstance(packet, OscMessage) or len(data) > MAX_DATAGRAM:
        return False
    signal = SIGNALS.get(packet.address.removeprefix(f"{PREFIX}/"))
    if signal is None or packet.types != signal.types:
        return False
    if signal.name == "heartbeat":
        beats.append((int(packet.arguments[0]), time.monotonic()))  # type: ignore[arg-type]
    return all(
        isinstance(value, str) or arg.low - 1e-6 <= float(value) <= arg.high + 1e-6  # type: ignore[arg-type]
        for arg, value in zip(signal.args, packet.arguments, strict=True)
    )


def lateness_s(beats: Sequence[tuple[int, float]]) -> float:
    """How late the latest heartbeat was, by the grid that the earliest of them sets."""
    offsets = [at_s - number for number, at_s in beats if number >= WARM_S]
    return max(offsets) - min(offsets)


def describe(heard: Heard) -> str:
    """A run in a line."""
    flood = f" under {heard.flood['sent']:,} packets" if heard.flooded else ""
    return (
        f"{'flooded' if heard.flooded else 'quiet  '}: block to packet p50 {heard.p50_ms:.2f} p99 "
        f"{heard.p99_ms:.2f} max {heard.max_ms:.2f} ms; latest of {heard.heartbeats} heartbeats "
        f"{1e3 * heard.latest_s:.1f} ms late; memory {heard.resident_growth / 1e6:+.2f} MB; "
        f"{heard.unmeant} packets that nobody meant{flood}"
    )


def main() -> int:
    """Compare quiet with flooded runs; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--product", metavar="TARGET", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.product:
        run_product(args.product, args.seconds)
        return 0
    runs: list[Heard] = []
    for number in range(args.rounds):
        for flooded in (False, True):
            runs.append(listen(args.seconds, flooded=flooded, seed=number))
            print(describe(runs[-1]), flush=True)
    quiet = [run for run in runs if not run.flooded]
    flooded_runs = [run for run in runs if run.flooded]
    checks = {
        f"no heartbeat later than {1e3 * LATE_S:.0f} ms": all(
            run.latest_s < LATE_S for run in flooded_runs
        ),
        "p99 as without": min(r.p99_ms for r in flooded_runs)
        < SLACK * max(r.p99_ms for r in quiet),
        "memory flat": all(run.resident_growth < GROWTH_BYTES for run in flooded_runs),
        "nothing said that was not meant": not any(run.unmeant for run in runs),
        "less answered than asked": all(
            int(str(r.flood["back_bytes"])) < int(str(r.flood["sent_bytes"])) // 10
            for r in flooded_runs
        ),
    }
    for what, well in checks.items():
        print(f"  {'ok    ' if well else 'FAILED'}  {what}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
