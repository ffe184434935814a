"""The processes that a test has started, by what they run.

Conventions
-----------
Other tests of the same run may leave processes of a library's (multiprocessing has one that ends
with Python): only those that run a module of ours count. One that has ended, and is only waited
for, runs nothing.
"""

from __future__ import annotations

import contextlib

import psutil


def running(module: str) -> list[psutil.Process]:
    """Children of this process that run ``module``."""
    found: list[psutil.Process] = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # also: a zombie
            if module in process.cmdline():
                found.append(process)
    return found
