"""The analysis of a stream: a source is read, its sound analysed, what that led to handed on.

Conventions
-----------
One thread (`oscbridge.analysis_thread`) for everything between a block of sound and a state; what
the state leads to is sent from here too where that cannot wait (`oscbridge.dispatch`). What does
not need the newest block comes after: status, counters. Trouble of the source is its ``health``,
reported as a `Status` when it changes; an exception ends the stream and is reported as status
``error``. What is no `OscbridgeError`, which is for the user, is a fault of ours and logged.

The status is ``listening`` while there is music, ``silent`` while there is none (or no sound comes
at all), ``error`` while the source is in trouble.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Protocol

from models.types import AffectState
from oscbridge.errors import OscbridgeError
from oscbridge.events import SignalLevel, Status
from oscbridge.priority import Urgency, lower_priority, raise_priority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dsp.types import AudioBlock
    from oscbridge.events import Event, State, StatusName
    from oscbridge.sources.base import Awaited, Health, Source
    from oscbridge.stats import Stats

_log = logging.getLogger(__name__)

STARVED_S = 2.0
"""Without a block for this long, people are told."""
MUSIC_ON, MUSIC_OFF = 0.5, 0.2
"""Presence of music above which there is music, below which there is none."""
NO_SOUND = 0.0
"""Level (0..1 for -60..0 dBFS) at which nothing can be heard."""
PAUSE_S = 1.0
"""A longer pause without sound is no music, whatever a model says; a shorter one belongs to it."""


BEHIND_S = 0.5
"""A thread that is so late is not keeping up."""
CAUGHT_UP_S = 0.05
"""Later than this, blocks still wait from the start."""


class Listener(Protocol):
    """What this thread needs of an analyzer."""

    def push(self, block: AudioBlock) -> Sequence[State | Event]:
        """Take sound, return what it led to."""
        ...

    @property
    def missing(self) -> int:
        """How many samples more it takes before there can be a result."""
        ...

    def finish(self) -> Sequence[State | Event]:
        """Return what was still under way at the end."""
        ...


class Receiver(Protocol):
    """Where this thread puts what it knows."""

    def put(self, results: Iterable[State | Event], arrived_s: float | None = None) -> None:
        """Take what is new, and when the newest sound behind it arrived."""
        ...


class StatusReporter:
    """Turns health, presence of music and starvation into `Status` events, one a change."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last: Status | None = None
        self._music = False
        self._sounded = 0  # sample index of the last sound
        self._pause_s = 0.0

    def update(self, ok: bool, detail: str, results: Sequence[State | Event]) -> Status | None:
        """Take what came in; return the status if it is another one than before."""
        for result in results:
            if isinstance(result, AffectState):
                self._music = result.music > (MUSIC_OFF if self._music else MUSIC_ON)
            elif isinstance(result, SignalLevel):
                if result.level > NO_SOUND:
                    self._sounded = result.stop
                self._pause_s = (result.stop - self._sounded) / result.sample_rate
        if not ok:
            return self.say("error", detail)
        if self._last is not None and self._last.state == "starting" and not results:
            return None
        if self._music and self._pause_s < PAUSE_S:
            return self.say("listening", self._name)
        return self.say("silent", "no music")

    def say(self, state: StatusName, detail: str) -> Status | None:
        """Return the status if it is another one than before."""
        status = Status(state, detail)
        if status == self._last:
            return None
        self._last = status
        return status


class Keenness:
    """Real-time priority for a thread as long as it waits for its sound, and not its sound for it.

    A thread that has fallen far behind would take the processor away from everybody until it has
    caught up, or for ever.

    Attributes
    ----------
    caught_up : bool
        False until what came in while everything started is behind us: nobody is late with that.
    """

    def __init__(self) -> None:
        self.caught_up = False
        self._raised = False
        self._refused = False

    def update(self, arrived_s: float | None) -> None:
        """Take when the block arrived that comes next; called by the thread itself."""
        if arrived_s is None:
            return
        late_s = time.perf_counter() - arrived_s
        if late_s < CAUGHT_UP_S:
            self.caught_up = True
        if self._raised:
            if late_s > BEHIND_S:
                lower_priority()
                self._raised = False
        elif late_s <= BEHIND_S and not self._refused:
            self._raised = raise_priority(Urgency.ANALYSIS)
            self._refused = not self._raised


class StreamAnalysis:
    """The analysis of one stream, a turn at a time; whose thread takes the turns is all one to it.

    Parameters
    ----------
    source : Source
        Where the sound comes from; read here only.
    analyzer : Listener
        What hears it; used here only.
    receiver : Receiver
        Where results go; must not make the thread wait.
    stats : Stats
        Takes ``states`` and ``events``.
    on_end : callable
        Called once, as the last act, with the exception that ended it, or None.

    Attributes
    ----------
    ended : bool
        Whether there are no more turns.
    """

    def __init__(
        self,
        source: Source,
        analyzer: Listener,
        receiver: Receiver,
        stats: Stats,
        on_end: Callable[[BaseException | None], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._analyzer = analyzer
        self._receiver = receiver
        self._stats = stats
        self._on_end = on_end
        self._reporter = StatusReporter(source.name)
        self._heard_s = time.monotonic()
        self._health: Health | None = None  # as it was last told
        self.ended = False

    def start(self) -> None:
        """Say that it begins."""
        self._heard_s = time.monotonic()
        self._tell(self._reporter.say("starting", self._source.name))

    @property
    def awaited(self) -> Awaited:
        """When the next turn is worth while."""
        return self._source.awaited

    def turn(self, timeout_s: float, keenness: Keenness) -> bool:
        """Hear the next block, if one comes within ``timeout_s`` seconds; whether one came."""
        try:
            block = self._source.read(timeout_s)
            if block is not None:
                self._hear(block, keenness)
                return True
            if self._source.finished:
                self.finish()
            else:
                self._look_around()
        except Exception as error:  # noqa: BLE001 - whatever is raised ends this stream, no other
            self._fail(error)
        return False

    def finish(self) -> None:
        """Close the last segment and say so; a second call does nothing."""
        if self.ended:
            return
        try:
            ended = "end of" if self._source.finished else "stopped listening to"
            self._tell(self._reporter.say("silent", f"{ended} {self._source.name}"))
            self._put(self._analyzer.finish(), None)
            self._end(None)
        except Exception as error:  # noqa: BLE001 - as in `turn`
            self._fail(error)

    def _hear(self, block: AudioBlock, keenness: Keenness) -> None:
        keenness.update(block.arrived_s)
        results = self._analyzer.push(block)
        if results:
            self._put(results, block.arrived_s if keenness.caught_up else None)
        self._source.want(self._analyzer.missing)
        self._heard_s = time.monotonic()
        health = self._source.health
        if results or health is not self._health:
            self._health = health
            self._tell(self._reporter.update(health.ok, health.detail, results))

    def _look_around(self) -> None:
        """Say what is wrong where no block comes."""
        health = self._source.health
        if health.ok and time.monotonic() - self._heard_s > STARVED_S:
            status = self._reporter.say("silent", f"no sound comes from {self._source.name}")
        else:
            status = self._reporter.update(health.ok, health.detail, ())
        self._health = None  # to be told anew with the next block
        self._tell(status)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, OscbridgeError):
            self._tell(self._reporter.say("error", str(error)))
        else:  # a fault of ours
            _log.error("the analysis failed", exc_info=error)
            self._tell(self._reporter.say("error", f"analysis failed: {error}"))
        self._end(error)

    def _end(self, failure: BaseException | None) -> None:
        self.ended = True
        self._on_end(failure)

    def _put(self, results: Sequence[State | Event], arrived_s: float | None) -> None:
        self._receiver.put(results, arrived_s)
        states = sum(isinstance(result, AffectState | SignalLevel) for result in results)
        self._stats.states += states
        self._stats.events += len(results) - states

    def _tell(self, status: Status | None) -> None:
        if status is not None:
            self._put([status], None)
