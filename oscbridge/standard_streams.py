"""Standard input, output and error, made safe to use whatever the caller did to them."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from typing import TextIO

STILL_TERMINALS = ("dumb", "unknown")
"""What ``TERM`` says where the cursor cannot be moved."""
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EBADF}


def prepare() -> None:
    """Open what is closed as nothing, and let every text be printed."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        # Escape what a terminal cannot show, a file name in another encoding, rather than fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def can_be_drawn_on(stream: TextIO) -> bool:
    """Whether ``stream`` is a terminal whose cursor can be moved."""
    return stream.isatty() and os.environ.get("TERM") not in STILL_TERMINALS


def complain(sentence: str) -> None:
    """Print ``sentence`` as one line on standard error, if anybody can read it."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"oscbridge: {' '.join(sentence.split())}\n")
        sys.stderr.flush()


def tell(sentence: str) -> None:
    """Print on standard error, as one line, what was done: results alone go to standard output."""
    complain(sentence)


def why_unwritable(error: Exception) -> str:
    """Say why standard output takes no more, a full disk; empty where ``error`` is another one."""
    # An error about a file that we opened names it.
    if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
        return error.strerror or str(error)
    return ""


def silence_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not complain."""
    # A standard output that is no file has nothing left to complain about.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed() -> None:
    """Put nothing in the place of closed streams.

    Else the next file or socket would get the number of one of them, and what libraries print there
    would end up in it. A closed standard input stays None for Python: the source ``-`` says so.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    # None where the stream was closed when Python started
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")
