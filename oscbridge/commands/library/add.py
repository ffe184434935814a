"""``oscbridge library add``: listen to folders, and keep what was heard."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_int
from oscbridge.commands.options import add_config_argument, add_model_argument
from oscbridge.readable import printable
from oscbridge.standard_streams import complain, tell

if TYPE_CHECKING:
    import argparse

    from oscbridge.library.indexing.job import Tally
    from oscbridge.library.store import Library

DESCRIPTION = """\
Listen to all music in folders, on all processors, and keep what it expresses: valence and arousal
of every track and of its sections, energy 1 to 10, tempo, key and loudness. The files themselves
are only read."""

EXAMPLES = """\
examples:
  oscbridge library add ~/Music               the first time; and again when there is something new
  oscbridge library add set.flac b-side.mp3   files
  oscbridge library add ~/Music --workers 1   leave processors to others
  oscbridge library add ~/Music --retry       look again at what could not be read
  oscbridge library add ~/Music --again       listen again to everything, say with another model

Stop it whenever you like (Ctrl-C, a power cut): the same command goes on. Files that have not
changed are not opened; a file that was moved, copied or newly tagged is not a new track. Links are
followed. WAV, FLAC, OGG (Vorbis, Opus), MP3 and AIFF are heard; what cannot be (copy protection,
AAC, damaged files, links that lead nowhere or back) is listed with the reason, and with
  oscbridge library list --unreadable  later.
Mixes of many hours are heard in sections and need no more memory than a song.

Exit status 0: all was heard; 1: some files could not be read."""

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library add``."""
    parser.add_argument("paths", nargs="+", metavar="FOLDER", help="folder or audio file")
    parser.add_argument(
        "--workers", type=positive_int, metavar="N", help="processes that listen (default: all)"
    )
    parser.add_argument("--again", action="store_true", help="listen again to everything")
    parser.add_argument(
        "--retry", action="store_true", help="look again at files that could not be read"
    )
    add_model_argument(parser)
    add_config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Listen to what is new; return 0, or 1 where some files could not be read.

    Raises
    ------
    OscbridgeError
        The library cannot be written, a folder is not there, or the model is unknown.
    """
    from oscbridge.commands.settings import settings_of
    from oscbridge.library.indexing.collection import Collection
    from oscbridge.library.indexing.job import Index
    from oscbridge.library.place import opened
    from oscbridge.terminal.indexing_view import IndexingView
    from oscbridge.warmup import prepare_kernels

    config = settings_of(args)
    collection = Collection(args.paths)
    with opened(args.library, writable=True) as library:
        prepare_kernels(config)
        with IndexingView() as view:
            index = Index(
                library,
                view,
                model=config.analysis.model,
                workers=args.workers or processors(),
                again=args.again,
                retry=args.retry,
            )
            try:
                index.take(collection)
            except KeyboardInterrupt:
                tell(f"stopped: {index.tally.heard:,} heard; the same command goes on from here")
                raise
        _report(index.tally, collection.others)
        _warn_of_others(library, config.analysis.model)
    return int(bool(index.tally.troubles))


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _report(tally: Tally, others: int) -> None:
    """Say what was done: what is wrong on standard error, what is there on standard output."""
    for troubles in (tally.complaints, tally.troubles):
        for path, reason in troubles[:_SHOWN]:
            complain(f"{printable(path)}: {printable(reason)}")
        if len(troubles) > _SHOWN:
            complain(f"and {len(troubles) - _SHOWN:,} more")
    counts = {
        "heard": tally.heard,
        "known by their content": tally.known,
        "unchanged": tally.unchanged,
        "could not be read": len(tally.troubles),
        "could not be read before (--retry)": tally.unreadable_before,
        "no sound": others,
    }
    said = [f"{count:,} {what}" for what, count in counts.items() if count]
    print(", ".join(said) or "no music there")


def _warn_of_others(library: Library, model: str) -> None:
    """Say where tracks were heard by another model than the one in use."""
    from oscbridge.library.hearer import hearer_of

    name = hearer_of(model)
    others = sum(count for heard_by, count in library.stats().models.items() if heard_by != name)
    if others:
        tell(f"{others:,} tracks were heard by another model: --again listens to them with {model}")
