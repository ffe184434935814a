"""``oscbridge library list``: the tracks, by what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.commands.library.listing import add_limits, add_shown, count_of, limits_of, show

if TYPE_CHECKING:
    import argparse

    from oscbridge.library.store import Library

DESCRIPTION = """\
List the tracks of the library with what they express: valence and arousal, how sure their quadrant
is, energy, tempo and key."""

EXAMPLES = """\
examples:
  oscbridge library list --order energy --all
  oscbridge library list --energy 7 10 --tempo 120 128 --key 8A
  oscbridge library list --valence -1 0 --arousal 0.3 1 --genre metal
  oscbridge library list --json --all | jq -r 'select(.confidence > 0.6) | .path'
  oscbridge library list --unreadable           files that could not be read, and why

JSON: path, digest (of the file's bytes), title, artist, album, genre, duration_s, valence, arousal,
their standard deviations valence_sd and arousal_sd, dominance (null where the model does not know
it), quadrant (1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A, 0 unknown), quadrant_probabilities, confidence,
energy 1..10, tempo_bpm, key, loudness_lufs (integrated, ITU-R BS.1770-4), embedding (how it
sounds), model."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library list``."""
    parser.add_argument(
        "--unreadable", action="store_true", help="list files that could not be read instead"
    )
    add_limits(parser)
    add_shown(parser)


def run(args: argparse.Namespace) -> int:
    """List tracks; return 0.

    Raises
    ------
    OscbridgeError
        The library cannot be read, or a key is none.
    """
    from oscbridge.library.place import opened

    where = limits_of(args)
    with opened(args.library) as library:
        if args.unreadable:
            _list_unreadable(library, as_json=args.json)
            return 0
        tracks = list(library.tracks(where, order=args.order, count=count_of(args)))
        show(tracks, args, library.count(where))
    return 0


def _list_unreadable(library: Library, *, as_json: bool) -> None:
    import json

    from oscbridge.readable import printable

    for file in library.seen_files(readable=False):
        if as_json:
            print(json.dumps({"path": file.path, "trouble": file.trouble}))
        else:
            print(f"{printable(file.path)}: {printable(file.trouble)}")
