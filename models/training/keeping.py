"""Files of a cache: there as a whole, or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write that takes its place when all of it is written.

    An interruption leaves what was there before; two processes may write the same file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.stem}.{os.getpid()}.part")
    with unfinished.open("wb") as stream:
        yield stream
    unfinished.replace(path)


def write_arrays(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays of numbers or texts as ``.npz``."""
    with whole_file(path) as stream:
        np.savez(stream, allow_pickle=False, **arrays)
