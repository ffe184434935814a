"""What is known is said: takes from the outbox, composes messages, hands them to every output.

Conventions
-----------
News is said where it is known: the thread that brings it (`Dispatcher.put`) composes and sends at
once, without a change of threads, if no output can hold it up (`Output.prompt`). An output thread
(`oscbridge.output_thread`) says what is due while no news comes (heartbeats, refreshes, what a
limit of rate held back), and everything where an output may take its time. Only one of them speaks
at a time. Commands go to every output before what they lead to, and an output that keeps a record
(`oscbridge.outputs.base.Witness`) sees all that came in. There is no fixed tick, and while
news flows the output thread hardly ever wakes. An output that raises although it must not is
counted and logged once; the others go on.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from oscbridge.orders import Command
from oscbridge.outputs.base import Witness
from oscbridge.snapshot import OutputState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from oscbridge.composer import Composer
    from oscbridge.events import Event, State
    from oscbridge.outbox import Outbox
    from oscbridge.outputs.base import Output
    from oscbridge.protocol import Message
    from oscbridge.sight import Sight
    from oscbridge.snapshot import Snapshot
    from oscbridge.stats import Stats

_log = logging.getLogger(__name__)

PATIENCE_S = 0.045
"""How long what is due waits for the next news, which takes it along and has newer values: music
brings some every 43 ms."""
FLOWS_S = 0.1
"""After a longer pause no news is waited for."""


class Dispatcher:
    """Says what is known of a stream.

    Parameters
    ----------
    outbox : Outbox
        Keeps what is not said yet.
    composer : Composer
        The rules of what to say when; used by nobody else.
    outputs : sequence of Output
        Open outputs, in the order in which they are served.
    stats : Stats
        Takes ``messages``, ``send_errors`` and ``reaction``.
    clock : callable
        Seconds, monotonic.
    on_failure : callable
        Called with the exception that made it fall silent, a fault of ours.

    Attributes
    ----------
    prompt : bool
        Whether no output can hold up whoever brings news.
    moment_s : float
        When something was last said or came in: whether `snapshot` is worth a call.
    wake : callable
        Called when there is something for the output thread to say; set by that thread.
    """

    def __init__(
        self,
        outbox: Outbox,
        composer: Composer,
        outputs: Sequence[Output],
        stats: Stats,
        clock: Callable[[], float] = time.monotonic,
        on_failure: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        self.prompt = all(output.prompt for output in outputs)
        self.moment_s = clock()
        self.wake: Callable[[], None] = _nobody_waits
        self._outbox = outbox
        self._composer = composer
        self._outputs = tuple(outputs)
        self._stats = stats
        self._clock = clock
        self._on_failure = on_failure
        self._witnesses = [
            (index, output)
            for index, output in enumerate(self._outputs)
            if isinstance(output, Witness)
        ]
        self._turn = threading.Lock()  # whoever holds it speaks
        self._news_s = -math.inf  # when news was last said by who brought it
        self._asked_s = -math.inf  # when the output thread asks again
        self._obeyed = False  # whether the newest news had commands
        self._silent = False  # after a fault of ours
        self._raised = [0] * len(self._outputs)  # messages lost to each output that raised

    @property
    def waiting(self) -> bool:
        """Whether there is news that nobody has said yet."""
        return self._outbox.waiting

    @property
    def last_request(self) -> int:
        """Id of the newest request for other music; 0 before the first."""
        return self._composer.last_request

    @property
    def sight(self) -> Sight:
        """How the plane is seen by who is told."""
        return self._composer.sight

    def put(self, results: Iterable[State | Event], arrived_s: float | None = None) -> None:
        """Take news, and say it at once where nothing can hold that up.

        Parameters
        ----------
        results : iterable of State or Event
            What is new.
        arrived_s : float, optional
            When the newest sound behind it arrived, seconds of ``time.perf_counter``.
        """
        self._outbox.put(results, arrived_s)
        if not self.prompt:
            self.wake()
        # Who has the turn looks into the outbox again when it is done.
        while self.prompt and self._outbox.waiting and self._turn.acquire(blocking=False):
            try:
                self._say()
                self._news_s = self.moment_s
                sooner = self._obeyed and self._composer.next_due_s() < self._asked_s
            finally:
                self._turn.release()
            if sooner:  # what was asked for has something due before the thread would look
                self.wake()

    def serve(self) -> float:
        """Say what is due; return how many seconds later to ask again. For the output thread."""
        while not self._silent:
            with self._turn:
                now_s = self._clock()
                rest_s = self._composer.next_due_s() - now_s
                if self.prompt and now_s - self._news_s < FLOWS_S:
                    rest_s += PATIENCE_S
                if rest_s <= 0.0 or self._outbox.waiting:
                    self._say()
                    continue
                self._asked_s = now_s + rest_s
            if not self._outbox.waiting:  # nor did anybody find the turn taken just now
                return rest_s
        return math.inf

    def finish(self) -> None:
        """Say what still waits."""
        with self._turn:
            self._say()

    def snapshot(self) -> Snapshot:
        """How things stand; may be called from any thread."""
        with self._turn:
            now = self._composer.snapshot(self.moment_s)
        if self._outbox.waiting:  # whoever brought it found the turn taken
            self.wake()
        states = (OutputState(o.name, o.sent, o.errors, o.detail) for o in self._outputs)
        return replace(now, outputs=tuple(states))

    def _say(self) -> None:
        """Say whatever is new or due; the caller has the turn."""
        if self._silent:
            return
        now_s = self._clock()
        states, events, arrived_s = self._outbox.take()
        self._obeyed = False
        try:
            self._show(states, events, now_s)
            for event in events:
                if isinstance(event, Command):
                    self._obeyed = True
                    self._pass_on(event)
            messages = self._composer.compose(states, events, now_s)
            if messages:
                self._send(messages)
                left_s, before = time.perf_counter(), self._stats.messages
                self._count()
                if arrived_s is not None and self._stats.messages > before:
                    self._stats.reaction.add(left_s - arrived_s)
        except Exception as error:  # noqa: BLE001 - not a fault of whoever brings news
            self._silent = True
            _log.error("nothing more can be sent", exc_info=error)
            self._on_failure(error)
        self.moment_s = now_s

    def _show(self, states: list[State], events: list[Event], now_s: float) -> None:
        for index, witness in self._witnesses:
            try:
                witness.attend(states, events, now_s)
            except Exception as error:  # noqa: BLE001 - as in `_send`
                self._note(index, error, 1)

    def _send(self, messages: list[Message]) -> None:
        for index, output in enumerate(self._outputs):
            try:
                output.send(messages)
            except Exception as error:  # noqa: BLE001 - against the contract; others go on
                self._note(index, error, len(messages))

    def _pass_on(self, command: Command) -> None:
        for index, output in enumerate(self._outputs):
            try:
                output.obey(command)
            except Exception as error:  # noqa: BLE001 - as in `_send`
                self._note(index, error, 1)

    def _note(self, index: int, error: Exception, lost: int) -> None:
        if not self._raised[index]:
            name = self._outputs[index].name
            _log.error("the output %s failed; it will be tried again", name, exc_info=error)
        self._raised[index] += lost

    def _count(self) -> None:
        self._stats.messages = sum(output.sent for output in self._outputs)
        self._stats.send_errors = sum(
            output.errors + self._raised[index] for index, output in enumerate(self._outputs)
        )


def _nobody_waits() -> None:
    """What `Dispatcher.wake` does where there is no output thread."""
