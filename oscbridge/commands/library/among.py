"""Among which tracks of the library something is chosen (``--find``, ``--genre``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import add_find
from oscbridge.errors import LibraryError

if TYPE_CHECKING:
    import argparse

    from oscbridge.library.columns import Columns
    from oscbridge.library.store import Library


def add_among(parser: argparse.ArgumentParser) -> None:
    """Declare ``--find`` and ``--genre``."""
    add_find(parser)
    parser.add_argument("--genre", default="", metavar="WORD", help="only tracks of this genre")


def columns_among(library: Library, args: argparse.Namespace) -> Columns:
    """What is searched of the tracks that are meant.

    Raises
    ------
    LibraryError
        There are none, or the library cannot be read.
    """
    from oscbridge.library.limits import Limits

    columns = library.columns()
    if not len(columns):
        raise LibraryError("the library is empty: oscbridge library add FOLDER")
    if not (args.find or args.genre):
        return columns
    found = library.find(" ".join(args.find), Limits(genre=args.genre), count=-1)
    if not found:
        raise LibraryError(f"none of {len(columns):,} tracks is called so, or of this genre.")
    return columns.take(sorted(columns.rows[track.digest] for track in found))
