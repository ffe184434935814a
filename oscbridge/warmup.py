"""The first start compiles all kernels; people at a terminal are told why it takes a while."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from dsp.jit import CACHE_FOLDER
from oscbridge.analyzer import Analyzer

if TYPE_CHECKING:
    from oscbridge.config import Config

USUAL_RATE = 48_000


def kernels_are_compiled() -> bool:
    """Whether an earlier start has left compiled kernels of this version behind."""
    return CACHE_FOLDER.is_dir() and any(CACHE_FOLDER.iterdir())


def prepare_kernels(config: Config) -> None:
    """Compile all kernels, or load them, by building an analyzer.

    Raises
    ------
    OscbridgeError
        The model is unknown or damaged.
    """
    if sys.stderr.isatty() and not kernels_are_compiled():
        sys.stderr.write("oscbridge: first start: compiling for this machine, half a minute\n")
        sys.stderr.flush()
    Analyzer(USUAL_RATE, model=config.analysis.model, segmenter=config.segmenter)
