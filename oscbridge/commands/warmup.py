"""``oscbridge warmup``: compile at install time, so that the first start is as quick as any."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Compile oscbridge for this machine, now and not at the first start. Does nothing where that was done
before: machine code is kept in your cache folder, for each version and each kind of processor."""

EXAMPLES = """\
examples:
  oscbridge warmup                                     after pip install oscbridge
  NUMBA_CACHE_DIR=/opt/cache oscbridge warmup          in a container: keep it in another folder,
                                                       and set the same for oscbridge run
  oscbridge warmup --again                             throw away what is there and compile anew

next: oscbridge doctor"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge warmup``."""
    parser.add_argument("--again", action="store_true", help="compile even if that was done before")


def run(args: argparse.Namespace) -> int:
    """Compile what is not compiled, say where it is kept, and return 0.

    Raises
    ------
    OscbridgeError
        A file of the installation is damaged.
    """
    from dsp.jit import CACHE_FOLDER
    from oscbridge.config import Config
    from oscbridge.warmup import forget_kernels, kernels_are_compiled, prepare_kernels

    if args.again:
        forget_kernels()
    if kernels_are_compiled():
        print(f"compiled before: {CACHE_FOLDER}")
        return 0
    began_s = time.monotonic()
    prepare_kernels(Config())
    print(f"compiled in {time.monotonic() - began_s:.0f} s: {CACHE_FOLDER}")
    return 0
