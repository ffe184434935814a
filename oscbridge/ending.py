"""The signals that end the program, and how it ends while nobody else looks after them.

Conventions
-----------
Ctrl-C, ``kill`` and a closed terminal all mean "stop in good order". A run catches them itself
(`oscbridge.app`); everywhere else they raise `KeyboardInterrupt` with the signal's number, so that
files are closed and child processes ended. A signal that was ignored at the start (``nohup``) stays
ignored.
"""

from __future__ import annotations

import atexit
import contextlib
import signal
import threading
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Signals that end the program; Windows has no SIGHUP."""


@contextlib.contextmanager
def caught(handler: Callable[[int, object], None]) -> Generator[None, None, None]:
    """Have ``handler`` called for each ending signal; does nothing outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, known in before.items():
        # Shells start background jobs with SIGINT ignored, yet whoever sends it to one means it.
        if known is not signal.SIG_IGN or number == signal.SIGINT:
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, known in before.items():
            signal.signal(number, known)


def interrupt(number: int, frame: object) -> NoReturn:
    """Raise `KeyboardInterrupt` with the signal's number: a handler for `caught`."""
    raise KeyboardInterrupt(number)


def ignored_at_exit() -> None:
    """From the interpreter's exit on, let an impatient second Ctrl-C change nothing any more."""
    atexit.register(_ignore)


def _ignore() -> None:
    for number in SIGNALS:
        with contextlib.suppress(ValueError):  # the main thread is another one
            signal.signal(number, signal.SIG_IGN)
