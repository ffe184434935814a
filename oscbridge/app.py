"""A run: everything is started in order, watched, and stopped in reverse.

Conventions
-----------
Start: output thread, then analysis thread (outputs and source come open). Stop: analysis, source,
output thread, outputs. A signal of `oscbridge.ending` ends a run within a second, with exit status
0; the last segment is closed and what waits is sent. A fault in the analysis ends it with status 1;
a source that turns out to be of no use raises its `OscbridgeError`.

The main thread does no work: it waits for the end and shows `Snapshot` s to an observer. It waits
on a ``SimpleQueue``, whose ``put`` may be called from a signal handler.
"""

from __future__ import annotations

import queue
import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from oscbridge import ending
from oscbridge import outputs as output_modules
from oscbridge.analysis import AnalysisThread, Listener
from oscbridge.composer import Composer
from oscbridge.dispatch import Dispatcher
from oscbridge.errors import OscbridgeError
from oscbridge.outbox import Outbox
from oscbridge.priority import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.analyzer import LatencyShare
    from oscbridge.config import Config
    from oscbridge.outputs.base import Output
    from oscbridge.snapshot import Snapshot
    from oscbridge.sources.base import Source
    from oscbridge.stats import Stats

OBSERVE_S = 0.1
STOP_ANALYSIS_S = 0.5
STOP_OUTPUT_S = 0.3

End = str | BaseException


class Analysis(Listener, Protocol):
    """What a run needs of an analyzer."""

    stats: Stats

    def latency(self) -> Sequence[LatencyShare]:
        """Shares of the latency."""
        ...


def open_outputs(config: Config) -> list[Output]:
    """Open every output that is enabled.

    Raises
    ------
    OscbridgeError
        Where one cannot work; those already open are closed again.
    """
    opened: list[Output] = []
    try:
        for name, settings in config.outputs.items():
            if settings.enabled:
                opened.append(output_modules.load(name).open(settings))
    except BaseException:
        for output in reversed(opened):
            output.close()
        raise
    return opened


class App:
    """One run from start to stop; it owns, and closes, what it is given.

    Parameters
    ----------
    config : Config
        Settings.
    source : Source
        Open.
    analyzer : Analysis
        Made for the source's rate.
    outputs : sequence of Output
        Open.
    observer : callable, optional
        Is shown a `Snapshot` by the main thread, at most ten times a second, when something has
        changed, and a last time when everything has stopped.
    """

    def __init__(
        self,
        config: Config,
        source: Source,
        analyzer: Analysis,
        outputs: Sequence[Output],
        observer: Callable[[Snapshot], None] | None = None,
    ) -> None:
        self._source = source
        self._outputs = tuple(outputs)
        self._observer = observer
        self._stats = analyzer.stats
        self._ends: queue.SimpleQueue[End | None] = queue.SimpleQueue()
        self._shown: Snapshot | None = None
        outbox = Outbox(self._stats)
        composer = Composer(
            config.send, config.quadrant, config.labels, secrets.token_hex(4), time.monotonic()
        )
        shares = analyzer.latency()
        composer.set_latency(
            source.latency_s + sum(share.seconds for share in shares),
            sum(share.seconds for share in shares if share.stage == "smoothing"),
            source.latency_s,
        )
        self._dispatcher = Dispatcher(
            outbox, composer, self._outputs, self._stats, on_failure=self._ends.put
        )
        self._analysis = AnalysisThread(
            source, analyzer, self._dispatcher, self._stats, on_end=self._ends.put
        )

    def run(self, seconds: float | None = None) -> int:
        """Run until the source ends, a signal comes, or ``seconds`` have passed.

        Returns
        -------
        int
            Exit status: 0, or 1 when the analysis failed.

        Raises
        ------
        OscbridgeError
            The source turned out to be of no use.
        """
        failure: End | None = None
        with undisturbed(), ending.caught(self._on_signal):
            try:
                self._dispatcher.start()
                self._analysis.start()
                failure = self._wait(seconds)
            finally:
                self._stop()
        if isinstance(failure, OscbridgeError):
            raise failure
        return 1 if isinstance(failure, BaseException) else 0

    def stop(self) -> None:
        """End the run from any thread, or from a signal handler."""
        self._ends.put("stop")

    def snapshot(self) -> Snapshot:
        """How things stand; may be called from any thread."""
        return replace(self._dispatcher.snapshot, stats=self._stats.snapshot())

    def _on_signal(self, number: int, frame: object) -> None:
        self.stop()

    def _wait(self, seconds: float | None) -> End | None:
        deadline_s = None if seconds is None else time.monotonic() + seconds
        while True:
            wait_s = OBSERVE_S  # finite: on Windows an endless wait would not hear Ctrl-C
            if deadline_s is not None:
                remaining_s = deadline_s - time.monotonic()
                if remaining_s <= 0.0:
                    return None
                wait_s = min(remaining_s, wait_s)
            try:
                return self._ends.get(timeout=wait_s)
            except queue.Empty:
                self._observe()

    def _observe(self) -> None:
        now = self._dispatcher.snapshot
        if self._observer is not None and now is not self._shown:
            self._shown = now
            self._observer(self.snapshot())

    def _stop(self) -> None:
        self._analysis.stop(STOP_ANALYSIS_S)
        self._source.close()
        self._dispatcher.stop(STOP_OUTPUT_S)
        for output in reversed(self._outputs):
            output.close()
        self._observe()
