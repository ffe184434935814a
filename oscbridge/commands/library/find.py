"""``oscbridge library find``: tracks by words of their names, or like a point of the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.commands.library.listing import add_limits, add_shown, count_of, limits_of, show

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Find tracks by words: of title, artist, album, genre and the file's name, or beginnings of them, in
any order, with or without accents."""

EXAMPLES = """\
examples:
  oscbridge library find blue dan                The Blue Danube
  oscbridge library find bjork                   Björk
  oscbridge library find house --energy 8 10 --order tempo
  oscbridge library find remix --json

'oscbridge library match' finds by what music expresses, 'list' by numbers alone."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library find``."""
    parser.add_argument("words", nargs="+", metavar="WORD", help="beginning of a word")
    add_limits(parser)
    add_shown(parser)


def run(args: argparse.Namespace) -> int:
    """Find tracks; return 0, or 1 where there is none.

    Raises
    ------
    OscbridgeError
        The library cannot be read, or a key is none.
    """
    from oscbridge.library.place import opened

    where, words = limits_of(args), " ".join(args.words)
    with opened(args.library) as library:
        tracks = library.find(words, where, order=args.order, count=count_of(args))
        show(tracks, args, library.count(where, words))
    return int(not tracks)
