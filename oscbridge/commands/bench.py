"""``oscbridge bench``: how fast the live path is on this machine."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from oscbridge.measuring.figures import Figures
    from oscbridge.measuring.timing import Timing

DESCRIPTION = """\
Measure how fast oscbridge is on this machine, in less than twenty seconds: what each stage costs
for one hop of sound (10.67 ms), the whole way from a block of sound to the packets, at full speed
and at the pace of real life, the share of a core that a run takes, and how fast files go."""

EXAMPLES = """\
examples:
  oscbridge bench
  oscbridge bench --json > here.json       to compare machines or versions

Close other programs first: whatever else runs is measured too. A hop that takes longer than
10,667 µs would be late; where p99 stays far below, this machine is fast enough."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge bench``."""
    parser.add_argument("--json", action="store_true", help="one JSON object with all figures")


def run(args: argparse.Namespace) -> int:
    """Measure and print; return 0.

    Raises
    ------
    OscbridgeError
        A run of oscbridge does not work on this machine.
    """
    from oscbridge.measuring.figures import measure

    try:
        figures = measure(_show_step)
    finally:
        _clear_step()
    if args.json:
        print(json.dumps(as_record(figures), ensure_ascii=False))
    else:
        _print_tables(figures)
    return 0


def _show_step(step: str) -> None:
    """Say on a terminal what is being measured; a moving bar would be measured too."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[2Kmeasuring: {step}")
        sys.stderr.flush()


def _clear_step() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def as_record(figures: Figures) -> dict[str, object]:
    """All figures as plain numbers; times of hops in microseconds."""
    from oscbridge.measuring.material import HOP_S

    return {
        "machine": figures.machine,
        "hop_ms": round(1e3 * HOP_S, 3),
        "stages": [
            {
                "stage": stage.name,
                "what": stage.what,
                "within": stage.within,
                **_microseconds(stage.timing),
            }
            for stage in figures.stages
        ],
        "paced": {
            "p50_us": round(1e6 * figures.paced.p50_s, 1),
            "p99_us": round(1e6 * figures.paced.p99_s, 1),
            "late_p99_us": round(1e6 * figures.paced.late_p99_s, 1),
        },
        "core_share": round(figures.core_share, 4),
        "first_packet_s": round(figures.first_packet_s, 3),
        "times_real_time": round(figures.times_real_time, 1),
        "took_s": round(figures.took_s, 1),
    }


def _microseconds(timing: Timing) -> dict[str, float]:
    return {
        "median_us": round(1e6 * timing.median_s, 2),
        "p99_us": round(1e6 * timing.p99_s, 2),
        "mean_us": round(1e6 * timing.sustained_s, 2),
    }


def _print_tables(figures: Figures) -> None:
    from rich.console import Console

    from oscbridge.measuring.material import HOP_S
    from oscbridge.measuring.stages import WHOLE_HOP
    from oscbridge.terminal.tables import build_table

    table = build_table("stage", ">median", ">p99", ">mean", ">of a core", "")
    for stage in figures.stages:
        if stage.name == WHOLE_HOP:
            table.add_section()
        timing = stage.timing
        table.add_row(
            f"  {stage.name}" if stage.within else stage.name,
            *(f"{1e6 * s:.1f}" for s in (timing.median_s, timing.p99_s, timing.sustained_s)),
            f"{100.0 * timing.sustained_s / HOP_S:.2f} %",
            stage.what,
        )
    paced, machine = figures.paced, figures.machine
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "µs for one hop of 10.67 ms, hop upon hop without a pause. Some stages answer\n"
        "once in 16 hops: their median is small, their mean is what they cost.\n",
        style="dim",
    )
    for name, value in (
        ("paced as live", f"{1e6 * paced.p50_s:.0f} µs at the median, {1e6 * paced.p99_s:.0f} p99"),
        ("woken late by", f"{1e6 * paced.late_p99_s:.0f} µs p99: what this system adds"),
        ("a whole run", f"{100.0 * figures.core_share:.1f} % of a core, all threads"),
        ("first packet", f"{figures.first_packet_s:.2f} s after the start of the process"),
        ("files", f"{figures.times_real_time:.0f} times real time"),
        ("measured on", f"{machine['processor']}, {machine['cores']} cores, {machine['system']}"),
    ):
        console.print(f"{name:<14} {value}", markup=False)
