"""How oscbridge starts a program of its own beside itself: capture, MIDI, compilation.

Conventions
-----------
A child runs the code of this very package, whatever folder it is started in: ours comes first on
its path, and ``-P`` keeps out the modules that happen to lie in the user's folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def module_arguments(module: str) -> tuple[str, ...]:
    """Arguments for Python that run ``module``."""
    return ("-P", "-m", module)


def open_child(arguments: Sequence[str], pass_fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start Python with ``arguments``, unbuffered pipes to its standard input and output.

    Parameters
    ----------
    arguments : sequence of str
        As of `module_arguments`.
    pass_fds : sequence of int
        File descriptors that it inherits; none on Windows.
    """
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env=environment(),
        pass_fds=pass_fds,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def private_stdout() -> int:
    """Keep our standard output for what we say: what libraries print there goes nowhere."""
    out = os.dup(1)
    _redirect(1)
    return out


def silence_stderr() -> None:
    """Send the chatter of ALSA, JACK, cameras to nowhere, for the whole process.

    ``OSCBRIDGE_AUDIO_DEBUG=1`` keeps it. Errors that matter come as exceptions, not as chatter.
    """
    if os.environ.get("OSCBRIDGE_AUDIO_DEBUG") != "1":
        _redirect(2)


def _redirect(fd: int) -> None:
    """Send what is written to a file descriptor to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, fd)
    os.close(nowhere)


def environment() -> dict[str, str]:
    """Our environment, with the folder that this very package was imported from in front."""
    root = str(Path(__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root}
