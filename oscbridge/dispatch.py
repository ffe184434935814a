"""The output thread: takes from the outbox, composes messages, hands them to every output.

Conventions
-----------
One thread, which sleeps until something comes or something is due; there is no fixed tick, so a new
value leaves within the time of a thread switch. An output that raises although it must not is
counted and logged once; the others and the thread go on.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from oscbridge.snapshot import OutputState, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.composer import Composer
    from oscbridge.outbox import Outbox
    from oscbridge.outputs.base import Output
    from oscbridge.protocol import Message
    from oscbridge.stats import Stats

_log = logging.getLogger(__name__)

LONGEST_SLEEP_S = 1.0


class Dispatcher:
    """Runs the output thread.

    Parameters
    ----------
    outbox : Outbox
        Where analysis puts its results; closing it ends the thread once all is sent.
    composer : Composer
        The rules of what to say when; used by this thread only.
    outputs : sequence of Output
        Open outputs, in the order in which they are served.
    stats : Stats
        Takes ``messages`` and ``send_errors``.
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

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` seconds for news, then say whatever is due."""
        states, events = self._outbox.take(timeout_s)
        now_s = self._clock()
        messages = self._composer.compose(states, events, now_s)
        if messages:
            self._send(messages)
        if messages or states or events:
            snapshot = self._composer.snapshot(now_s)
            self.snapshot = replace(snapshot, outputs=self._states_of_outputs())

    def _run(self) -> None:
        try:
            while not self._outbox.closed:
                due_s = self._composer.next_due_s() - self._clock()
                self.step(min(max(due_s, 0.0), LONGEST_SLEEP_S))
            self.step(0.0)  # what was put before the outbox was closed
        except Exception as error:  # noqa: BLE001 - the boundary of the thread
            _log.exception("the output thread failed")
            self._on_failure(error)

    def _send(self, messages: list[Message]) -> None:
        for index, output in enumerate(self._outputs):
            try:
                output.send(messages)
            except Exception:  # noqa: BLE001 - against the contract, but no reason to fall silent
                if not self._raised[index]:
                    _log.exception("the output %s failed; it will be tried again", output.name)
                self._raised[index] += len(messages)
        self._stats.messages = sum(output.sent for output in self._outputs)
        self._stats.send_errors = sum(
            output.errors + self._raised[index] for index, output in enumerate(self._outputs)
        )

    def _states_of_outputs(self) -> tuple[OutputState, ...]:
        return tuple(OutputState(o.name, o.sent, o.errors, o.detail) for o in self._outputs)
