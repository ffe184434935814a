"""``oscbridge library merge``: a dataset of ``library index`` taken into the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.errors import InputError
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Take a dataset that 'oscbridge library index' made into the library. What is there already is
replaced by what the dataset says; nothing is there twice."""

EXAMPLES = """\
examples:
  oscbridge library merge heard
  oscbridge library merge s3://bucket/heard --library crate.sqlite"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library merge``."""
    parser.add_argument("dataset", metavar="DATASET", help="folder or URL of the dataset")


def run(args: argparse.Namespace) -> int:
    """Take a dataset in; return the exit status.

    Raises
    ------
    InputError
        There is no dataset.
    LibraryError
        The dataset or the library cannot be used.
    """
    from oscbridge.library import place
    from oscbridge.library.far.dataset import Dataset
    from oscbridge.library.far.merging import merge
    from oscbridge.library.far.progress import Bar

    dataset = Dataset(args.dataset)
    if not len(dataset):
        raise InputError(f"there is no dataset {args.dataset!r}: oscbridge library index makes one")
    with place.opened(args.library, writable=True) as library, Bar() as bar:
        tracks, files = merge(dataset, library, lambda done: bar.show("merging", done, None))
        tell(f"{library.path}: {tracks} tracks in {files} files taken in.")
    return 0
