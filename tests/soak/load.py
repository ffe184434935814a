"""What else a machine may be doing while music is heard.

Conventions
-----------
A load is a context manager: it goes on inside the ``with`` and is gone after it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

BURN = "while True: pass"
BURST_S, PAUSE_S = 0.020, 0.013
"""Thirty times a second 20 ms of Python: a camera whose frames are looked at without numpy."""


@contextmanager
def burning_cores() -> Iterator[None]:
    """Other processes that want every core all the time."""
    processes = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@contextmanager
def bursts_of_python() -> Iterator[None]:
    """A thread of this very process that holds the interpreter in bursts."""
    ended = threading.Event()

    def burst() -> None:
        while not ended.wait(PAUSE_S):
            until_s = time.monotonic() + BURST_S
            count = 0
            while time.monotonic() < until_s:
                count += 1

    thread = threading.Thread(target=burst, name="bursts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


LOADS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "nothing else": nullcontext,
    "every core burning": burning_cores,
    "bursts of Python in the process": bursts_of_python,
}
"""There is no inbound OSC port yet, so nothing to flood."""
