"""From a thread that waits for a pipe to a reader who waits with a time limit.

Only a thread can wait for a pipe with a time limit on every platform. The queue between the two is
bounded: when nobody reads, the thread stops taking, and the pipe fills.
"""

from __future__ import annotations

import queue
import threading
from typing import Generic, TypeVar

T = TypeVar("T")

_LOOK_UP_S = 0.1
"""How often a thread whose queue is full looks whether anyone still wants anything."""


class Handover(Generic[T]):
    """A bounded queue with one writer, one reader, and an end.

    Parameters
    ----------
    capacity : int
        Things that may wait.
    """

    def __init__(self, capacity: int) -> None:
        self._queue: queue.Queue[T] = queue.Queue(capacity)
        self._closed = threading.Event()

    @property
    def closed(self) -> bool:
        """Whether `close` was called: the writer has nothing more to do."""
        return self._closed.is_set()

    def put(self, thing: T) -> None:
        """Hand over, waiting for room; after `close` the thing is dropped."""
        while not self._closed.is_set():
            try:
                self._queue.put(thing, timeout=_LOOK_UP_S)
            except queue.Full:
                continue
            return

    def take(self, timeout_s: float) -> T | None:
        """Next thing, or None when none came within ``timeout_s`` seconds."""
        try:
            return self._queue.get(block=timeout_s > 0, timeout=max(timeout_s, 0.0))
        except queue.Empty:
            return None

    def close(self) -> None:
        """Let the writer go; what waits can still be taken."""
        self._closed.set()
