"""A dataset taken into the library: its tracks, and which files they lie in.

Conventions
-----------
Each batch is one transaction. Taken in twice, nothing is there twice; interrupted, it is taken in
again from the beginning.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeVar

from oscbridge.library.store import SeenFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oscbridge.library.far.dataset import Dataset
    from oscbridge.library.far.rows import Seen
    from oscbridge.library.store import Library

    T = TypeVar("T")

BATCH = 1000
"""Tracks or files of a transaction."""


def merge(
    dataset: Dataset, library: Library, watch: Callable[[int], None] = lambda _: None
) -> tuple[int, int]:
    """Take a dataset into a library; return how many tracks and how many files it holds.

    Parameters
    ----------
    dataset : Dataset
    library : Library
        Open for writing.
    watch : callable
        Is told how many tracks are in.
    """
    tracks = files = 0
    for batch in _batches(dataset.tracks()):
        library.put(batch)
        tracks += len(batch)
        watch(tracks)
    for batch in _batches(dataset.looked_at()):
        library.put((), [_seen_file(seen) for seen in batch])
        files += len(batch)
    return tracks, files


def _batches(things: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(itertools.islice(things, BATCH)):
        yield batch


def _seen_file(seen: Seen) -> SeenFile:
    """A row as the library notes it; what is no time of a local file says nothing there."""
    entry = seen.entry
    mtime_ns = int(entry.modified) if entry.modified.isdecimal() else -1
    digest = "" if seen.reason else seen.digest
    return SeenFile(entry.path, entry.size, mtime_ns, digest, seen.reason)
