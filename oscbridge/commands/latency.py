"""``oscbridge latency``: where the time goes between sound and message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_seconds
from oscbridge.commands.options import (
    add_config_argument,
    add_input_arguments,
    add_model_argument,
    add_segment_arguments,
)
from oscbridge.commands.settings import settings_of

if TYPE_CHECKING:
    import argparse

    from oscbridge.config import Config
    from oscbridge.ledger import Ledger
    from oscbridge.loopback import Measured

DESCRIPTION = """\
Show the latency as a ledger: what each stage adds between a change in the sound and the message
that tells it, which module owns the number, and the sum. Opens the input for a moment to ask it.
With --measure it plays clicks into an output that loops back into the input, and compares."""

EXAMPLES = """\
examples:
  oscbridge latency                            of the default input
  oscbridge latency --device 3 --block-size 128
  oscbridge latency --preset ableton-osc       with the share of the program that listens
  oscbridge latency --source demo --json
  oscbridge latency --measure --device loopback          out and in by the device of this name
  oscbridge latency --measure --device "Line In" --play "Line Out"     joined by a cable

to make it shorter: a smaller --block-size, a JACK or WASAPI device, a higher send.rate_hz"""

EXPLANATIONS = {
    "device": "converter and driver, as they say",
    "block": "until a block is full",
    "poll": "last sample in to packet out: woken, not polled",
    "resampler": "change of sample rate",
    "hop": "wait for the next frame",
    "window": "centre to end of a frame",
    "model": "look-back of the model",
    "smoothing": "time constant of the values",
    "output": "longest wait of the limited rate",
}
BLOCK_SIZES = (128, 256, 512)
MEASURE_S = 12.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge latency``."""
    add_input_arguments(parser)
    add_model_argument(parser)
    add_segment_arguments(parser)
    add_config_argument(parser)
    parser.add_argument("--preset", metavar="NAME", help="the host that listens (default: default)")
    parser.add_argument("--measure", action="store_true", help="play clicks and time them")
    parser.add_argument(
        "--play", metavar="DEVICE", help="measure: output that leads to the input (default: same)"
    )
    parser.add_argument(
        "--seconds",
        type=positive_seconds,
        metavar="N",
        default=MEASURE_S,
        help=f"measure: how long at each block size (default {MEASURE_S:g})",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print the ledger, or what was measured; return 0, or 1 where the ledger proved wrong.

    Raises
    ------
    OscbridgeError
        The input that was asked for cannot be opened, or nothing comes back.
    """
    config = settings_of(args)
    if args.measure:
        return _measure(config, args)
    from oscbridge.ledger import build_ledger

    ledger = build_ledger(config)
    if args.json:
        print(json.dumps(_as_record(ledger)))
    else:
        _print_table(ledger)
    return 0


def _measure(config: Config, args: argparse.Namespace) -> int:
    from oscbridge.errors import SettingsError
    from oscbridge.loopback import measure
    from oscbridge.sources.select import LIVE
    from oscbridge.warmup import prepare_kernels

    if config.input != LIVE:
        raise SettingsError("only a live input can be measured: leave --source out.")
    prepare_kernels(config)
    sizes = (config.source.block_size,) if config.source.block_size else BLOCK_SIZES
    runs = [measure(config, size, args.seconds, args.play) for size in sizes]
    if args.json:
        print(json.dumps([_measured_record(measured) for measured in runs]))
    else:
        _print_measured(runs)
    return 0 if all(measured.agrees for measured in runs) else 1


def _measured_record(measured: Measured) -> dict[str, object]:
    return {
        "block_size": measured.block_size,
        "block_s": round(measured.block_s, 6),
        "declared_s": round(measured.declared_s, 6),
        "usual_s": round(measured.usual_s, 6),
        "heard_s": [round(seconds, 6) for seconds in measured.heard_s],
        "agrees": measured.agrees,
        "reaction": measured.reaction._asdict(),
        "overflows": measured.overflows,
    }


def _print_measured(runs: list[Measured]) -> None:
    from rich.console import Console

    from oscbridge.terminal.tables import build_table

    clicks = build_table(
        ">block", ">clicks", ">median ms", ">usual max ms", ">longest ms", ">declared ms", ""
    )
    reaction = build_table(
        ">block", ">packets", ">p50 ms", ">p99 ms", ">p99.9 ms", ">max ms", ">lost"
    )
    for measured in runs:
        heard_ms = [1e3 * seconds for seconds in measured.heard_s]
        clicks.add_row(
            str(measured.block_size),
            str(len(heard_ms)),
            f"{heard_ms[len(heard_ms) // 2]:.1f}",
            f"{1e3 * measured.usual_s:.1f}",
            f"{heard_ms[-1]:.1f}",
            f"{1e3 * measured.declared_s:.1f}",
            "as declared" if measured.agrees else "NOT within a block",
        )
        times = measured.reaction
        reaction.add_row(
            str(measured.block_size),
            str(times.blocks),
            *(f"{ms:.2f}" for ms in times[1:]),
            str(measured.overflows),
        )
    console = Console(highlight=False)
    console.print("From a click at the device to the packet of its level:")
    console.print(clicks)
    console.print("From the last sample of a block to the packet that it led to:")
    console.print(reaction)


def _as_record(ledger: Ledger) -> dict[str, object]:
    return {
        "source": ledger.source,
        "shares": [
            {"stage": share.stage, "owner": share.owner, "seconds": round(share.seconds, 6)}
            for share in ledger.shares
        ],
        "total_s": round(ledger.total_s, 6),
        "boundary_s": round(ledger.boundary_s, 6),
        "boundary_p50_s": ledger.boundary_lag.p50_s,
        "boundary_p95_s": ledger.boundary_lag.p95_s,
        "host": ledger.host,
        "note": ledger.note,
    }


def _print_table(ledger: Ledger) -> None:
    from rich.console import Console

    from oscbridge.hearing.boundary_lag import SOURCE
    from oscbridge.readable import printable
    from oscbridge.terminal.tables import build_table

    table = build_table("stage", ">ms", "what", "owner")
    for share in ledger.shares:
        table.add_row(
            share.stage,
            f"{1e3 * share.seconds:.1f}",
            printable(ledger.host) if share.stage == "host" else EXPLANATIONS.get(share.stage, ""),
            share.owner,
        )
    table.add_section()
    table.add_row("sum", f"{1e3 * ledger.total_s:.1f}", f"from {printable(ledger.source)}", "")
    lag = ledger.boundary_lag
    table.add_section()
    for words, seconds in (("median", lag.p50_s), ("95 %", lag.p95_s)):
        what = f"{words} of boundaries: from the turn to its decision"
        table.add_row("boundary", f"{1e3 * seconds:.0f}", what, SOURCE)
    console = Console(highlight=False)
    console.print(table)
    if ledger.note:
        console.print(f"Note: {printable(ledger.note)}", markup=False, soft_wrap=True)
