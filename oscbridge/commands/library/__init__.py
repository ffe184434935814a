"""``oscbridge library``: a music collection, listened to once; see `oscbridge.library`.

Conventions
-----------
One module for each thing that can be done, with ``DESCRIPTION``, ``EXAMPLES``, ``add_arguments``
and ``run``, as a command has; `ACTIONS` lists them. All but `ELSEWHERE` take ``--library``.
"""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ACTIONS: dict[str, str] = {
    "demo": "write a small collection, made here, to try all this with",
    "add": "listen to folders, and keep what was heard",
    "list": "tracks by what is known of them: energy, tempo, key, what they express",
    "find": "tracks by words of their names",
    "show": "all that is known of a track, section by section",
    "stats": "count what the library holds",
    "plot": "draw it as a map: a page that works offline, or a picture",
    "match": "what fits a feeling, or what to play after a track",
    "journey": "a set that follows a curve, or leads from one feeling to another",
    "export": "write tracks into a playlist: M3U, XSPF, rekordbox, Traktor",
    "tag": "write mood and energy into the files, shown first, and back again",
    "history": "what was played: import it, follow players, show, forget",
    "recommend": "what fits who has played what in the last week",
    "evaluate": "how right it is on music that you have labelled",
    "verify": "is the library whole, and are the files as they were?",
    "rm": "forget files and folders",
    "index": "listen to a large catalogue on many processors or machines",
    "merge": "take what 'index' heard into the library",
}
"""What can be done, and what each is for."""
ELSEWHERE = frozenset({"demo", "index"})
"""What writes files beside the library, and never opens one."""

DESCRIPTION = """\
A music collection that oscbridge has listened to: what each track expresses, how energetic it is,
its tempo and key; what fits what, what to play next, playlists and tags for DJ software."""

EXAMPLES = """\
examples:
  oscbridge library add ~/Music                listen to a folder; go on where it was interrupted
  oscbridge library demo                       no music at hand: a small collection, made here
  oscbridge library plot --open                look at it
  oscbridge library match energy 8 --to peak.m3u8
  oscbridge library journey "0:calm 30:happy 60:energy 9" --to hour.m3u8
  oscbridge run --library FILE                 answer requests with a track to play next

'oscbridge library ACTION --help' says more. The library is one file in the user's data folder;
--library FILE names another one, and so does the environment variable OSCBRIDGE_LIBRARY."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library``."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, summary in ACTIONS.items():
        module = importlib.import_module(f"oscbridge.commands.library.{name}")
        added = actions.add_parser(
            name,
            help=summary,
            description=module.DESCRIPTION,
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(act=module.run)
        if name not in ELSEWHERE:
            added.add_argument(
                "--library", metavar="FILE", help="the library (default: one in your data folder)"
            )
        added.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        module.add_arguments(added)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        As what was asked for says.
    """
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)
