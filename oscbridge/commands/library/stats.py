"""``oscbridge library stats``: what the library holds, counted."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from oscbridge.library.upkeep import Overview

DESCRIPTION = (
    "Count what the library holds: tracks, hours, quadrants, energies, and who heard them."
)

EXAMPLES = """\
examples:
  oscbridge library stats
  oscbridge library stats --json"""

_BAR = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library stats``."""
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Count; return 0.

    Raises
    ------
    LibraryError
        The library cannot be read.
    """
    from oscbridge.library.place import opened

    with opened(args.library) as library:
        overview, path = library.stats(), str(library.path)
    if args.json:
        print(json.dumps({"library": path, **dataclasses.asdict(overview)}))
    else:
        _print(overview, path)
    return 0


def _print(overview: Overview, path: str) -> None:
    from oscbridge.labels import Labels
    from oscbridge.readable import printable

    hours = overview.duration_s / 3600.0
    each = f", {overview.size / overview.tracks:,.0f} bytes a track" if overview.tracks else ""
    print(f"{'library':12} {printable(path)} ({overview.size / 1e6:.1f} MB{each})")
    print(f"{'tracks':12} {overview.tracks:,} in {overview.files:,} files, {hours:,.1f} hours")
    if overview.unreadable:
        print(f"{'unreadable':12} {overview.unreadable:,} files (library list --unreadable)")
    for model, count in overview.models.items():
        print(f"{'heard by':12} {model} ({count:,})")
    words = Labels()
    labelled = {words.of(number) or "unknown": n for number, n in enumerate(overview.quadrants)}
    _print_bars(labelled)
    _print_bars({f"energy {n}": count for n, count in enumerate(overview.energies, 1)})


def _print_bars(counts: dict[str, int]) -> None:
    most = max(counts.values())
    print()
    for name, count in counts.items():
        bar = "█" * -(-count * _BAR // most) if count else ""
        print(f"{name:12} {count:8,} {bar}")
