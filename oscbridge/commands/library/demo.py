"""``oscbridge library demo``: a small collection made here, to try the library with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_seconds

if TYPE_CHECKING:
    import argparse

FOLDER = "demo-music"
BANDS = 6
LENGTH_S = 40.0

DESCRIPTION = """\
Write a small collection of music that oscbridge composes itself: bands that play something happy,
tense, sad and relaxed, and a medley each. What was meant stands in labels.csv."""

EXAMPLES = f"""\
examples:
  oscbridge library demo                       writes {FOLDER}/
  oscbridge library add {FOLDER} --library demo.sqlite
  oscbridge library plot --library demo.sqlite --open
  oscbridge library evaluate {FOLDER} --library demo.sqlite

add listens to it; its --library keeps the demo out of your own library."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library demo``."""
    from oscbridge.library.demo_collection import MOST_BANDS

    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path(FOLDER),
        metavar="FOLDER",
        help=f"where to write (default {FOLDER})",
    )
    parser.add_argument(
        "--bands",
        type=int,
        choices=range(1, MOST_BANDS + 1),
        default=BANDS,
        metavar="N",
        help=f"1 to {MOST_BANDS}, five tracks each (default {BANDS})",
    )
    parser.add_argument(
        "--length",
        type=positive_seconds,
        default=LENGTH_S,
        metavar="S",
        help=f"of a track, seconds; medleys are twice as long (default {LENGTH_S:g})",
    )


def run(args: argparse.Namespace) -> int:
    """Write the collection; return 0.

    Raises
    ------
    SettingsError
        A file is there already or cannot be written, or tracks would be too short.
    """
    from oscbridge.errors import SettingsError
    from oscbridge.library.demo_collection import pieces, write_collection
    from oscbridge.offline.progress import progress_bar

    if args.length < 2.0:
        raise SettingsError(f"--length {args.length:g}: music takes 2 s or more.")
    wanted = pieces(args.bands)
    with progress_bar(str(args.folder), shown=True) as tick:
        for done, _ in enumerate(write_collection(args.folder, args.bands, args.length), 1):
            tick(done, len(wanted))
    print(f"wrote {len(wanted)} tracks and labels.csv into {args.folder}")
    print(f"next: oscbridge library add {args.folder} --library demo.sqlite")
    return 0
