"""A run: everything is started in order, watched, and stopped in reverse.

Conventions
-----------
A run has one stream or several (`oscbridge.stream`), one analysis thread for all of them and as few
output threads as will do. Start: the output threads, then the analysis (outputs and sources come
open). Stop: the analysis, sources, output threads, outputs.
A signal of `oscbridge.ending` ends a run within a second, with exit status 0; the last segments are
closed and what waits is sent. A run ends when its last stream has ended: while there are others, a
stream that fails only says so. A fault in an analysis makes the exit status 1; a source that turned
out to be of no use raises its `OscbridgeError`.

The main thread does no work: it waits for the end and shows `Snapshot` s to an observer, if there
is one. It waits on a ``SimpleQueue``, whose ``put`` may be called from a signal handler.
"""

from __future__ import annotations

import math
import queue
import time
from typing import TYPE_CHECKING

from oscbridge import ending
from oscbridge import outputs as output_modules
from oscbridge.analysis_thread import AnalysisThread
from oscbridge.errors import OscbridgeError
from oscbridge.output_thread import output_threads
from oscbridge.outputs.base import ALONE
from oscbridge.priority import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.config import Config
    from oscbridge.outputs.base import Output, Wiring
    from oscbridge.snapshot import Snapshot
    from oscbridge.stream import Stream

OBSERVE_S = 0.1
SLEEP_S = 0.5
"""Where nobody observes; finite, since not every system wakes the main thread for a signal."""
STOP_ANALYSIS_S = 0.5
STOP_OUTPUT_S = 0.3


def open_outputs(config: Config, wiring: Wiring = ALONE) -> list[Output]:
    """Open every output that is enabled; ``wiring`` is what they share with the rest of the run.

    Raises
    ------
    OscbridgeError
        Where one cannot work; those already open are closed again.
    """
    opened: list[Output] = []
    try:
        for name, settings in config.outputs.items():
            if settings.enabled:
                opened.append(output_modules.load(name).open(settings, wiring))
    except BaseException:
        for output in reversed(opened):
            output.close()
        raise
    return opened


class App:
    """One run from start to stop; it owns, and stops, its streams.

    Parameters
    ----------
    streams : sequence of Stream
        One or more.
    observer : callable, optional
        Is shown a `Snapshot` of a stream by the main thread, at most ten times a second, when
        something has changed, and a last time when everything has stopped.
    """

    def __init__(
        self, streams: Sequence[Stream], observer: Callable[[Snapshot], None] | None = None
    ) -> None:
        self._streams = tuple(streams)
        self._observer = observer
        self._analysis = AnalysisThread([stream.analysis for stream in self._streams])
        self._output_threads = output_threads([stream.dispatcher for stream in self._streams])
        self._ends: queue.SimpleQueue[tuple[Stream | None, BaseException | None]]
        self._ends = queue.SimpleQueue()
        self._shown = [-math.inf] * len(self._streams)

    def run(self, seconds: float | None = None) -> int:
        """Run until the last source ends, a signal comes, or ``seconds`` have passed.

        Returns
        -------
        int
            Exit status: 0, or 1 when an analysis failed.

        Raises
        ------
        OscbridgeError
            A source turned out to be of no use.
        """
        failure: BaseException | None = None
        with undisturbed(), ending.caught(self._on_signal):
            try:
                for stream in self._streams:
                    stream.begin(lambda ended, failed: self._ends.put((ended, failed)))
                for thread in self._output_threads:
                    thread.start()
                self._analysis.start()
                failure = self._wait(seconds)
            finally:
                self._stop()
        if isinstance(failure, OscbridgeError):
            raise failure
        return 1 if failure is not None else 0

    def stop(self) -> None:
        """End the run from any thread, or from a signal handler."""
        self._ends.put((None, None))

    def snapshots(self) -> list[Snapshot]:
        """How each stream stands; may be called from any thread."""
        return [stream.snapshot() for stream in self._streams]

    def _on_signal(self, number: int, frame: object) -> None:
        self.stop()

    def _wait(self, seconds: float | None) -> BaseException | None:
        """Wait for the end; the first failure, if there was one."""
        deadline_s = None if seconds is None else time.monotonic() + seconds
        running = set(self._streams)
        first: BaseException | None = None
        while running:
            wait_s = SLEEP_S if self._observer is None else OBSERVE_S
            if deadline_s is not None:
                remaining_s = deadline_s - time.monotonic()
                if remaining_s <= 0.0:
                    return first
                wait_s = min(remaining_s, wait_s)
            try:
                ended, failure = self._ends.get(timeout=wait_s)
            except queue.Empty:
                self._observe()
                continue
            first = first or failure
            if ended is None:
                return first
            running.discard(ended)
        return first

    def _observe(self) -> None:
        if self._observer is None:
            return
        for place, stream in enumerate(self._streams):
            moment_s = stream.dispatcher.moment_s
            if moment_s != self._shown[place]:
                self._shown[place] = moment_s
                self._observer(stream.snapshot())

    def _stop(self) -> None:
        self._analysis.stop(STOP_ANALYSIS_S)
        for stream in self._streams:
            stream.release_source()
        for thread in self._output_threads:
            thread.stop(STOP_OUTPUT_S)
        for stream in self._streams:
            stream.close()
        self._observe()
