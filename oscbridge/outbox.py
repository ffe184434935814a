"""Between analysis and output: states coalesce, events queue.

Conventions
-----------
A *state* replaces the older one of the same type and source, however slow the reader is: only the
newest matters. *Events* keep their order and are never merged; when `capacity` of them wait, the
oldest is dropped and counted in ``Stats.dropped_events``. Writers hold the lock for a few
microseconds and never wait for the reader.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from models.types import AffectState
from oscbridge.events import Novelty, SignalLevel, Tempo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscbridge.events import Event, State
    from oscbridge.stats import Stats

CAPACITY = 1024


class Outbox:
    """What the output thread has to look at next.

    Parameters
    ----------
    stats : Stats
        Takes the count of dropped events.
    capacity : int
        Events that may wait. Raises ``ValueError`` below 1.
    """

    def __init__(self, stats: Stats, capacity: int = CAPACITY) -> None:
        if capacity < 1:
            raise ValueError(f"an outbox needs a capacity of 1 or more, not {capacity}")
        self._stats = stats
        self._capacity = capacity
        self._states: dict[tuple[type, str], State] = {}
        self._events: deque[Event] = deque()
        self._changed = threading.Condition()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def put(self, results: Iterable[State | Event]) -> None:
        """Take all ``results`` at once, so that what belongs together is read together."""
        with self._changed:
            for result in results:
                if isinstance(result, AffectState | SignalLevel | Novelty | Tempo):
                    self._store(result)
                else:
                    self._append(result)
            self._changed.notify()

    def take(self, timeout_s: float) -> tuple[list[State], list[Event]]:
        """Take everything; wait up to ``timeout_s`` seconds for something to come.

        Returns
        -------
        states, events : list
            Newest states, and all events in order; empty after the time or after `close`.
        """
        with self._changed:
            if timeout_s > 0.0 and not (self._states or self._events or self._closed):
                self._changed.wait(timeout_s)
            states, events = list(self._states.values()), list(self._events)
            self._states.clear()
            self._events.clear()
        return states, events

    def close(self) -> None:
        """Wake the reader for good: from now on `take` does not wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _store(self, state: State) -> None:
        source = state.source if isinstance(state, AffectState) else ""
        self._states[type(state), source] = state

    def _append(self, event: Event) -> None:
        if len(self._events) >= self._capacity:
            self._events.popleft()
            self._stats.dropped_events += 1
        self._events.append(event)
