"""How oscbridge starts a program of its own beside itself: capture, MIDI, compilation.

Conventions
-----------
A child runs the code of this very package, whatever folder it is started in: ours comes first on
its path, and ``-P`` keeps out the modules that happen to lie in the user's folder.
"""

from __future__ import annotations

import os
from pathlib import Path


def module_arguments(module: str) -> tuple[str, ...]:
    """Arguments for Python that run ``module``."""
    return ("-P", "-m", module)


def private_stdout() -> int:
    """Keep our standard output for what we say: what libraries print there goes nowhere."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


def environment() -> dict[str, str]:
    """Our environment, with the folder that this very package was imported from in front."""
    root = str(Path(__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root}
