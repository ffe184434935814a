"""Compiled kernels: made once for each version, in a process of their own.

Conventions
-----------
The first start compiles all kernels, which takes half a minute and a compiler's memory. A child
process does that and leaves the machine code in the cache folder (`dsp.jit`); this process loads it
from there and stays small. Where no child can be started, the kernels are compiled here.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from dsp.intake import Intake
from dsp.jit import CACHE_FOLDER
from oscbridge.analyzer import Analyzer
from oscbridge.own_process import environment, module_arguments

if TYPE_CHECKING:
    from oscbridge.config import Config

USUAL_RATE = 48_000
LONGEST_S = 300.0
"""A child that takes longer than this is given up."""
_MARK = CACHE_FOLDER / "complete"
_WATCHED = "--watched"
"""Tells a child that its standard input ends with its parent."""


def kernels_are_compiled() -> bool:
    """Whether an earlier start has left all compiled kernels of this version behind."""
    return _MARK.is_file()


def prepare_kernels(config: Config) -> None:
    """Compile all kernels if that was not done before, and load them by building an analyzer.

    Raises
    ------
    OscbridgeError
        The model is unknown or damaged.
    """
    if not kernels_are_compiled():
        if sys.stderr.isatty():
            sys.stderr.write("oscbridge: first start: compiling for this machine, half a minute\n")
            sys.stderr.flush()
        _compile_apart()
    Analyzer(USUAL_RATE, model=config.analysis.model, segments=config.segments)
    if not kernels_are_compiled():  # no child could be started: they were compiled here just now
        with contextlib.suppress(OSError):
            compile_all()


def _compile_apart() -> None:
    """Let a child process fill the cache; its failure is no news, the kernels compile here then."""
    try:
        child = subprocess.Popen(
            [sys.executable, *module_arguments("oscbridge.warmup"), _WATCHED],
            env=environment(),
            stdin=subprocess.PIPE,  # closes when we end, however we end: the child ends with us
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return
    try:
        child.wait(LONGEST_S)
    except subprocess.TimeoutExpired:
        return
    finally:  # whoever is told to stop meanwhile leaves no process behind
        child.kill()
        child.communicate()  # waits, and closes the pipe


def compile_all() -> None:
    """Compile every kernel of the live path and mark the cache as complete."""
    Intake(channels=1)
    Analyzer(USUAL_RATE)
    CACHE_FOLDER.mkdir(parents=True, exist_ok=True)
    _MARK.touch()


def _end_with_parent() -> None:
    """Leave when standard input ends: a parent stopped while it started us cannot kill us."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    if _WATCHED in sys.argv:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    compile_all()
