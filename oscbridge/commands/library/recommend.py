"""``oscbridge library recommend``: music that fits what was played in the last week (S4)."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import words_of
from oscbridge.commands.library.playlist_file import (
    add_playlist,
    check_playlist,
    write_playlist,
)
from oscbridge.errors import InputError
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator

    from oscbridge.labels import Labels
    from oscbridge.library.history.recommending import Advice
    from oscbridge.library.store import Library

DESCRIPTION = """\
Offer music to who has played what is known of the last week ('oscbridge library history'). The ten
tracks played most often say in which quadrant the listener is at home now (Yu & Lin); tracks of
that quadrant are offered, those first that sound most like what was played. Accept the offer, and
the quadrant is kept for what comes next; reject it, and it is estimated anew."""

EXAMPLES = """\
examples:
  oscbridge library recommend
  oscbridge library recommend --reject              not that: estimate anew, offer something else
  oscbridge library recommend --accept --to next.m3u8
  oscbridge library recommend --order drawn --seed 7    as printed in the paper

The same plays, answers and seed give the same offers. Do not expect too much: replayed on people
who had said what they like, they were hardly liked more often than random ones: models/README.md"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library recommend``."""
    from oscbridge.commands.arguments import positive_int, whole_number

    answers = parser.add_mutually_exclusive_group()
    answers.add_argument("--accept", action="store_true", help="the last offer was right")
    answers.add_argument("--reject", action="store_true", help="the last offer was wrong")
    parser.add_argument(
        "--count", type=positive_int, default=5, metavar="N", help="tracks (default 5)"
    )
    parser.add_argument(
        "--order",
        choices=("alike", "drawn"),
        default="alike",
        help="what sounds like what was played first (default), or drawn, as in the paper",
    )
    parser.add_argument(
        "--seed", type=whole_number, default=0, metavar="N", help="of ties and draws (default 0)"
    )
    add_playlist(parser)


def run(args: argparse.Namespace) -> int:
    """Print offers; return the exit status, 1 where some could not be told in the playlist.

    Raises
    ------
    InputError
        Nothing of the library was played, or nothing was offered that could be answered.
    OscbridgeError
        The library cannot be read or written, or the playlist cannot be written.
    """
    from oscbridge.commands.library.listing import print_table
    from oscbridge.library.history import recommending
    from oscbridge.library.place import opened

    check_playlist(args)
    words = words_of(args.profile)
    with opened(args.library, writable=True, made=False) as library:
        if args.accept or args.reject:
            said = recommending.ACCEPTED if args.accept else recommending.REJECTED
            if recommending.answer(library, said) is None:
                raise InputError("nothing has been offered yet that could be answered.")
        with _heard_bar() as on_heard:
            advice = recommending.advise(
                library, time.time(), args.count, args.seed, args.order, on_heard
            )
        if advice is None:
            raise InputError(
                "no track of the library was played in the last week, as far as is known: see  "
                "oscbridge library history --help"
            )
        tracks = [track for digest in advice.offers if (track := library.track(digest))]
        _explain(library, advice, words)
    if tracks:
        print_table(tracks)
    else:
        print("the library has no track of this quadrant")
    return write_playlist(args, tracks, words)


@contextlib.contextmanager
def _heard_bar() -> Generator[Callable[[], None]]:
    """Show a bar while tracks are heard for the first time, where standard error is a terminal."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    from models.zoo.history import TOP

    with Progress(
        TextColumn("hearing what was played, for the first time: {task.completed} of {task.total}"),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("", total=TOP)
        yield lambda: bar.advance(task)


def _explain(library: Library, advice: Advice, words: Labels) -> None:
    """Print what the offers rest on."""
    from oscbridge.readable import printable

    word = printable(words.of(advice.quadrant))
    if advice.kept:
        print(f"{word}: accepted before, and kept")
    else:
        shares = ", ".join(
            f"{printable(words.of(quadrant))} {p:.2f}"
            for quadrant, p in enumerate(advice.probabilities, 1)
        )
        print(f"{word} ({shares})")
    plays = sum(count for _, count in advice.top)
    tracks = f"{len(advice.top)} track{'s' * (len(advice.top) != 1)}"
    print(f"by {tracks}, played {plays} time{'s' * (plays != 1)} in the last week")
    for digest, reason in advice.unread.items():
        track = library.track(digest)
        tell(f"{printable(track.called) if track else digest} is not heard: {reason}")
