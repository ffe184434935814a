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
from typing import TYPE_CHECKING, NamedTuple

from models.types import AffectState
from oscbridge.events import Event, Novelty, SignalLevel, State, Tempo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscbridge.stats import Stats

CAPACITY = 1024


class News(NamedTuple):
    """What came in: newest states, and all events in order.

    ``arrived_s`` is when the newest sound behind it arrived (`dsp.types.AudioBlock`), None where
    that is not known.
    """

    states: list[State]
    events: list[Event]
    arrived_s: float | None


class Outbox:
    """What has to be said next.

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
        self._changing = threading.Lock()
        self._arrived_s: float | None = None

    @property
    def waiting(self) -> bool:
        """Whether there is something to take."""
        return bool(self._states or self._events)

    def put(self, results: Iterable[State | Event], arrived_s: float | None = None) -> None:
        """Take all ``results`` at once, so that what belongs together is read together.

        Parameters
        ----------
        results : iterable of State or Event
            What is new.
        arrived_s : float, optional
            When the newest sound behind it arrived.
        """
        with self._changing:
            for result in results:
                if isinstance(result, AffectState | SignalLevel | Novelty | Tempo):
                    self._store(result)
                else:
                    self._append(result)
            self._arrived_s = arrived_s

    def take(self) -> News:
        """Take everything that has come; empty lists where nothing has."""
        with self._changing:
            news = News(list(self._states.values()), list(self._events), self._arrived_s)
            self._states.clear()
            self._events.clear()
            self._arrived_s = None
        return news

    def _store(self, state: State) -> None:
        source = state.source if isinstance(state, AffectState) else ""
        self._states[type(state), source] = state

    def _append(self, event: Event) -> None:
        if len(self._events) >= self._capacity:
            self._events.popleft()
            self._stats.dropped_events += 1
        self._events.append(event)
