"""Output threads: they say what is due while no news comes, and serve outputs that take their time.

Conventions
-----------
One thread serves all streams whose outputs are prompt: it sleeps until the first of them has
something due, however many there are. A stream with an output that may take its time (a disk) has a
thread of its own, so that nobody else waits for it.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.dispatch import Dispatcher

LONGEST_SLEEP_S = 1.0
NAP_S = 0.004
"""Shortest sleep where there are several to serve: those that are due one after the other share a
wake."""


class OutputThread:
    """Serves dispatchers until it is stopped.

    Parameters
    ----------
    dispatchers : sequence of Dispatcher
        One or more; served by no other thread.
    """

    def __init__(self, dispatchers: Sequence[Dispatcher]) -> None:
        self._dispatchers = tuple(dispatchers)
        self._woken = threading.Event()
        self._stopping = False
        self._nap_s = NAP_S if len(self._dispatchers) > 1 else 0.0
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        for dispatcher in self._dispatchers:
            dispatcher.wake = self._woken.set

    def start(self) -> None:
        """Start the thread: the greetings leave at once."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Let what waits be said; True when the thread ended in time."""
        self._stopping = True
        self._woken.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        due_s = [0.0] * len(self._dispatchers)
        while not self._stopping:
            now_s = time.monotonic()
            for place, dispatcher in enumerate(self._dispatchers):
                if now_s >= due_s[place] or dispatcher.waiting:
                    due_s[place] = now_s + dispatcher.serve()
            rest_s = min(due_s) - time.monotonic()
            self._woken.wait(min(max(rest_s, self._nap_s), LONGEST_SLEEP_S))
            self._woken.clear()
        for dispatcher in self._dispatchers:
            dispatcher.finish()


def output_threads(dispatchers: Sequence[Dispatcher]) -> list[OutputThread]:
    """Make the threads that these dispatchers need, not started yet."""
    prompt = [dispatcher for dispatcher in dispatchers if dispatcher.prompt]
    slow = [dispatcher for dispatcher in dispatchers if not dispatcher.prompt]
    return [OutputThread(served) for served in ([prompt] if prompt else []) + [[d] for d in slow]]
