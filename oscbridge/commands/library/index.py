"""``oscbridge library index``: a catalogue of any size, listened to by a cluster."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_int
from oscbridge.readable import printable
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from oscbridge.library.far.ledger import Tally
    from oscbridge.library.far.listening import Ear

DESCRIPTION = """\
Listen to a catalogue on many processors or many machines. What is heard becomes a Parquet dataset
with one row a file, which 'oscbridge library merge' takes into a library, and which any other
program can read. Interrupted, run it again: what is done is not done again."""

EXAMPLES = """\
examples:
  oscbridge library index ~/Music --to heard                    all processors of this machine
  oscbridge library index s3://bucket/music --to s3://bucket/heard --scheduler tcp://10.0.0.5:8786
  oscbridge library index list.txt --to heard                   a path or URL a line
  oscbridge library merge heard                                 then: into the library

A cluster: 'dask scheduler' on one machine, 'dask worker tcp://HOST:8786 --nthreads 1 --nworkers
auto' on all, the same oscbridge everywhere. Paths of a folder must be the same on all machines;
URLs need the package for their kind (s3fs, gcsfs, aiohttp) and your credentials there. Whoever
reaches a scheduler can run programs on the workers: keep it in a network that you trust, or use
Dask's TLS (tls://…).

A track is its content: of files with the same bytes one is listened to. A worker that dies loses
nothing; its files are done by another. A file that brings down every worker is listed as
unreadable, as are files that nobody can decode; files that could not be reached are tried again by
the next run. Exit status 0: all files were looked at; 1: some could not be reached."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library index``."""
    parser.add_argument("catalogue", metavar="CATALOGUE", help="a folder, a URL, or a list of both")
    parser.add_argument(
        "--to", required=True, metavar="DATASET", help="folder or URL of the dataset"
    )
    cluster = parser.add_mutually_exclusive_group()
    cluster.add_argument(
        "--scheduler", metavar="URL", help="tcp://HOST:PORT of a Dask scheduler (default: none)"
    )
    cluster.add_argument(
        "--workers", type=positive_int, metavar="N", help="processes here (default: all processors)"
    )
    parser.add_argument("--model", default="music", metavar="NAME", help="who listens")
    parser.add_argument(
        "--gpu",
        action="store_true",
        help="where workers have torch and a GPU, let it judge many files at once",
    )
    parser.add_argument(
        "--again", action="store_true", help="listen once more to what was unreadable"
    )


def run(args: argparse.Namespace) -> int:
    """Listen to a catalogue; return the exit status.

    Raises
    ------
    OscbridgeError
        Catalogue, dataset or cluster cannot be used; what was heard is kept.
    """
    from oscbridge.library.far import cluster
    from oscbridge.library.far.catalogue import entries
    from oscbridge.library.far.dataset import Dataset
    from oscbridge.library.far.job import Job
    from oscbridge.library.far.listening import identity
    from oscbridge.library.far.progress import Bar

    catalogue = entries(args.catalogue)
    model = identity(args.model).model
    dataset = Dataset(args.to, model)
    workers = args.workers or os.cpu_count() or 1
    with dataset.held(), Bar() as bar:
        bar.show("starting", 0, None)
        with cluster.opened(args.scheduler, workers) as client:
            cluster.require_alike(client, identity, args.model)
            bar.show("looking", 0, None)
            job = Job(
                *(client, dataset, _ear(args), model),
                again=args.again,
                watch=bar.show,
            )
            tally = job.run(catalogue)
    _report(tally)
    for sentence in job.cost.sentences():
        tell(f"{sentence}.")
    return 1 if tally.passing else 0


def _ear(args: argparse.Namespace) -> Ear:
    """How workers listen."""
    from oscbridge.library.far.listening import Ear, hear_track

    if not args.gpu:
        return Ear(hear_track, args.model)
    from oscbridge.library.far.batched import hear_for_batch, judge_batch, require_judged

    require_judged(args.model)
    return Ear(hear_for_batch, args.model, judge_batch)


def _report(tally: Tally) -> None:
    """Say what became of the files."""
    _list("unreadable", tally.unreadable)
    _list("not reached", tally.passing)
    tell(
        f"{tally.tracks} new tracks, {tally.copies} copies, {tally.unchanged} files unchanged, "
        f"{len(tally.unreadable)} unreadable, {len(tally.passing)} not reached."
    )


def _list(what: str, those: Iterable[tuple[str, str]]) -> None:
    for path, reason in sorted(those):
        tell(f"{what}: {printable(path)}: {printable(reason)}")
