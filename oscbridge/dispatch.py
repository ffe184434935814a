"""What is known is said: takes from the outbox, composes messages, hands them to every output.

Conventions
-----------
News is said where it is known: the thread that brings it (`Dispatcher.put`) composes and sends at
once, without a change of threads, if no output can hold it up (`Output.prompt`). The output thread
says what is due while no news comes (heartbeats, refreshes, what a limit of rate held back), and
everything where an output may take its time. Only one of them speaks at a time. There is no fixed
tick. An output that raises although it must not is counted and logged once; the others go on.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from oscbridge.snapshot import OutputState, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from oscbridge.composer import Composer
    from oscbridge.events import Event, State
    from oscbridge.outbox import Outbox
    from oscbridge.outputs.base import Output
    from oscbridge.protocol import Message
    from oscbridge.stats import Stats

_log = logging.getLogger(__name__)

LONGEST_SLEEP_S = 1.0
PATIENCE_S = 0.05
"""How long what was held back waits for the next news, whose values are newer."""


class Dispatcher:
    """Says what is known, and runs the output thread.

    Parameters
    ----------
    outbox : Outbox
        Keeps what is not said yet; closing it ends the thread once all is sent.
    composer : Composer
        The rules of what to say when; used by nobody else.
    outputs : sequence of Output
        Open outputs, in the order in which they are served.
    stats : Stats
        Takes ``messages``, ``send_errors`` and ``reaction``.
    clock : callable
        Seconds, monotonic.
    on_failure : callable
        Called by the thread with the exception that ended it, a fault of ours.
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
        self._outbox = outbox
        self._composer = composer
        self._outputs = tuple(outputs)
        self._stats = stats
        self._clock = clock
        self._on_failure = on_failure
        self._prompt = all(output.prompt for output in self._outputs)
        self._turn = threading.Lock()  # whoever holds it speaks
        self._due_s = clock()
        self._raised = [0] * len(self._outputs)  # messages lost to each output that raised
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self.snapshot = Snapshot()
        """How things stood when last something was said or came in; replaced, never changed."""

    def start(self) -> None:
        """Start the thread: the greeting leaves at once."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Close the outbox, let what waits be sent; True when the thread ended in time."""
        self._outbox.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def put(self, results: Iterable[State | Event], arrived_s: float | None = None) -> None:
        """Take news, and say it at once where nothing can hold that up.

        Parameters
        ----------
        results : iterable of State or Event
            What is new.
        arrived_s : float, optional
            When the newest sound behind it arrived, seconds of ``time.perf_counter``.
        """
        self._outbox.put(results, arrived_s, wake=not self._prompt)
        # Where the output thread has the turn, it looks into the outbox again when it is done.
        if self._prompt and not self._outbox.closed and self._turn.acquire(blocking=False):
            try:
                self._say()
                self._due_s = max(self._due_s, self._clock() + PATIENCE_S)
            except Exception as error:  # noqa: BLE001 - not a fault of whoever brings news
                self._fail(error)
            finally:
                self._turn.release()

    def _run(self) -> None:
        try:
            while not self._outbox.closed:
                rest_s = min(self._due_s - self._clock(), LONGEST_SLEEP_S)
                if rest_s <= 0.0 or self._outbox.wait(rest_s):
                    with self._turn:
                        self._say()
            with self._turn:
                self._say()  # what was put before the outbox was closed
        except Exception as error:  # noqa: BLE001 - the boundary of the thread
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        _log.error("the output thread failed", exc_info=error)
        self._on_failure(error)

    def _say(self) -> None:
        """Say whatever is new or due; the caller has the turn."""
        states, events, arrived_s = self._outbox.take()
        now_s = self._clock()
        messages = self._composer.compose(states, events, now_s)
        if messages:
            self._send(messages)
            if arrived_s is not None:
                self._stats.reaction.add(time.perf_counter() - arrived_s)
            self._count()
        if messages or states or events:
            snapshot = self._composer.snapshot(now_s)
            self.snapshot = replace(snapshot, outputs=self._states_of_outputs())
        self._due_s = self._composer.next_due_s()

    def _send(self, messages: list[Message]) -> None:
        for index, output in enumerate(self._outputs):
            try:
                output.send(messages)
            except Exception:  # noqa: BLE001 - against the contract, but no reason to fall silent
                if not self._raised[index]:
                    _log.exception("the output %s failed; it will be tried again", output.name)
                self._raised[index] += len(messages)

    def _count(self) -> None:
        self._stats.messages = sum(output.sent for output in self._outputs)
        self._stats.send_errors = sum(
            output.errors + self._raised[index] for index, output in enumerate(self._outputs)
        )

    def _states_of_outputs(self) -> tuple[OutputState, ...]:
        return tuple(OutputState(o.name, o.sent, o.errors, o.detail) for o in self._outputs)
