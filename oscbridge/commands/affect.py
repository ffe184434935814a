"""``oscbridge affect``: what lines of text or faces in pictures say about how somebody feels."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from oscbridge.commands import affect_face, affect_text

if TYPE_CHECKING:
    from collections.abc import Callable

DESCRIPTION = """\
Say how somebody feels, by what he writes or by his face, with the models that a live run uses:
  oscbridge affect text LINE …          valence, arousal, dominance and confidence of lines
  oscbridge affect face IMAGE …         valence, arousal and confidence of faces"""

EXAMPLES = """\
examples:
  oscbridge affect text "gg that was AMAZING" "I'm stuck here again :("
  oscbridge affect text --file chat.txt --json > chat.jsonl
  oscbridge affect face me.jpg

'oscbridge affect text --help' and 'oscbridge affect face --help' say more. Live, what a player
writes is heard by OSC at any time; 'oscbridge run --sense camera' looks at his face."""

KINDS = {
    "text": (affect_text, "read lines: arguments, a file, or standard input"),
    "face": (affect_face, "look at pictures"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge affect``."""
    kinds = parser.add_subparsers(title="kinds", metavar="KIND", required=True)
    for name, (module, summary) in KINDS.items():
        added = kinds.add_parser(
            name,
            help=summary,
            description=module.DESCRIPTION,
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(act=module.run)
        added.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        module.add_arguments(added)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        A file is missing, or a package that is needed.
    """
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)
