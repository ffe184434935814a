"""Hours of music: nothing may grow, drift or be lost. ``make soak`` (MINUTES=10 HOURS=5).

::

    python -m tests.soak --minutes 10 --hours 20

First the growth of 100,000 hops, then hours of music as fast as they go, then a run in real time
for as many minutes, and half a minute under each load of `tests.soak.load`. Exit status 1 if
something grew, drifted or was lost.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.soak.growth import build_loop, drift, hear, measure_growth
from tests.soak.live import LiveRun, prepared, run_live
from tests.soak.load import LOADS

HOPS = 100_000
TRACED_BYTES = 64_000
"""Of 100,000 hops: less than one byte a hop, and less than an object for each of 6,250 pools."""
RESIDENT_BYTES = 4_000_000
BLOCK_SIZE = 4_096
LOAD_S = 30.0


class Tally:
    """Prints what was found and remembers whether all of it was well."""

    def __init__(self) -> None:
        self.failed = 0

    def say(self, well: bool, what: str) -> None:
        """Print one finding."""
        self.failed += not well
        print(f"  {'ok    ' if well else 'FAILED'}  {what}", flush=True)


def soak_growth(tally: Tally, hops: int) -> None:
    """Nothing is left behind by hops."""
    growth = measure_growth(hops)
    well = growth.traced < TRACED_BYTES and growth.resident < RESIDENT_BYTES
    tally.say(
        well,
        f"{hops:,} hops: Python holds {growth.traced / 1e3:+.1f} kB, the process "
        f"{growth.resident / 1e6:+.2f} MB",
    )
    if not well:
        print(*growth.culprits, sep="\n")


def soak_hours(tally: Tally, hours: float) -> None:
    """Memory stays flat and indices stay true over hours of music."""
    music = build_loop()
    began_s = time.monotonic()
    loops = max(2, round(hours * 3600 * 44_100 / len(music)))
    stream = hear(music, 0, loops * len(music), BLOCK_SIZE)
    took_s = time.monotonic() - began_s
    heard_s = stream.samples / 44_100
    grown = stream.resident[-1] - stream.resident[1]
    tally.say(
        grown < RESIDENT_BYTES,
        f"{heard_s / 3600:.1f} h of music in {took_s:.0f} s ({heard_s / took_s:,.0f} × real time): "
        f"{grown / 1e6:+.2f} MB, {stream.resident[-1] / 1e6:.0f} MB in all",
    )
    trouble = drift(music, stream, BLOCK_SIZE)
    tally.say(not trouble, trouble or f"{stream.frames:,} frames, every sample index true to ±0")


def soak_live(tally: Tally, minutes: float) -> None:
    """A run in real time loses nothing, alone and under each load."""
    with prepared() as open_music:
        plan = [("nothing else", 60.0 * minutes)]
        plan += [(name, LOAD_S) for name in LOADS if name != "nothing else"]
        for name, seconds in plan:
            run = run_live(open_music, seconds, LOADS[name])
            well = run.lost == 0 and run.resident_growth < RESIDENT_BYTES
            tally.say(well, f"{seconds / 60.0:.1f} min in real time, {name}: {describe(run)}")


def describe(run: LiveRun) -> str:
    """Times and losses of a run in a line."""
    reaction = run.reaction
    if not reaction.blocks:
        return f"no packet came from {run.source}"
    return (
        f"{run.lost} samples lost, {run.device_lost} overflows of the audio server; block to "
        f"packet p50 {reaction.p50_ms:.2f} p99 {reaction.p99_ms:.2f} p99.9 {reaction.p999_ms:.2f} "
        f"max {reaction.max_ms:.2f} ms of {reaction.blocks:,}; {100.0 * run.core_share:.1f} % of a "
        f"core, {run.resident_growth / 1e6:+.2f} MB ({run.source})"
    )


def main() -> int:
    """Soak; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="in real time (default 10)")
    parser.add_argument("--hours", type=float, default=5.0, help="of music, fast (default 5)")
    parser.add_argument("--hops", type=int, default=HOPS, help=f"traced (default {HOPS:,})")
    args = parser.parse_args()
    tally = Tally()
    soak_growth(tally, args.hops)
    soak_hours(tally, args.hours)
    soak_live(tally, args.minutes)
    print(f"soak: {tally.failed or 'nothing'} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
