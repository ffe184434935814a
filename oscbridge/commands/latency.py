"""``oscbridge latency``: where the time goes between sound and message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from oscbridge.commands.settings import (
    add_config_argument,
    add_input_arguments,
    add_model_argument,
    settings_of,
)

if TYPE_CHECKING:
    import argparse

    from oscbridge.ledger import Ledger

DESCRIPTION = """\
Show the latency as a ledger: what each stage adds between a change in the sound and the message
that tells it, which module owns the number, and the sum. Opens the input for a moment to ask it."""

EXAMPLES = """\
examples:
  oscbridge latency                            of the default input
  oscbridge latency --device 3 --block-size 128
  oscbridge latency --source demo --json

to make it shorter: a smaller --block-size, a JACK or WASAPI device, a higher send.rate_hz"""

EXPLANATIONS = {
    "input": "device, block and poll",
    "resampler": "change of sample rate",
    "hop": "wait for the next frame",
    "window": "centre to end of a frame",
    "model": "look-back of the model",
    "smoothing": "time constant of the values",
    "output rate": "longest wait to send",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge latency``."""
    add_input_arguments(parser)
    add_model_argument(parser)
    add_config_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print the ledger; return 0.

    Raises
    ------
    OscbridgeError
        The input that was asked for cannot be opened.
    """
    from oscbridge.ledger import build_ledger

    ledger = build_ledger(settings_of(args))
    if args.json:
        print(json.dumps(_as_record(ledger)))
    else:
        _print_table(ledger)
    return 0


def _as_record(ledger: Ledger) -> dict[str, object]:
    return {
        "source": ledger.source,
        "shares": [
            {"stage": share.stage, "owner": share.owner, "seconds": round(share.seconds, 6)}
            for share in ledger.shares
        ],
        "total_s": round(ledger.total_s, 6),
        "boundary_s": round(ledger.boundary_s, 6),
        "note": ledger.note,
    }


def _print_table(ledger: Ledger) -> None:
    from rich.console import Console

    from oscbridge.readable import printable
    from oscbridge.terminal.tables import build_table

    table = build_table("stage", ">ms", "what", "owner")
    for share in ledger.shares:
        table.add_row(
            share.stage,
            f"{1e3 * share.seconds:.1f}",
            EXPLANATIONS.get(share.stage, ""),
            share.owner,
        )
    table.add_section()
    table.add_row("sum", f"{1e3 * ledger.total_s:.1f}", f"from {printable(ledger.source)}", "")
    console = Console(highlight=False)
    console.print(table)
    console.print(f"A new section is decided {ledger.boundary_s:.1f} s or more after it began.")
    if ledger.note:
        console.print(f"Note: {printable(ledger.note)}", markup=False, soft_wrap=True)
