"""The analysis thread: takes the turns of all streams of a run.

Conventions
-----------
A single stream is waited for by its own source, which is woken soonest. Of several, those whose
sound has come have their turns, and in between the thread sleeps until the next is due: as many
threads would hinder each other at every block. The more streams there are, the longer a nap is at
least, so that those whose blocks come one shortly after the other share a wake.
"""

from __future__ import annotations

import select
import threading
import time
from typing import TYPE_CHECKING

from oscbridge.analysis import Keenness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.analysis import StreamAnalysis

POLL_S = 0.1
"""Longest wait for a block: how late the thread notices that it shall stop, or trouble."""
ROUND_S = 0.002
"""Between two rounds where a source cannot say when to ask it."""
NAP_S = 20e-6
"""Shortest sleep between two rounds, for each stream."""


class AnalysisThread:
    """Takes the turns of all streams of a run.

    Parameters
    ----------
    streams : sequence of StreamAnalysis
        One or more.
    """

    def __init__(self, streams: Sequence[StreamAnalysis]) -> None:
        self._streams = tuple(streams)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        for stream in self._streams:
            stream.start()
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Let the thread close the last segments and end; True when it did in time."""
        self._stopping.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        keenness = Keenness()
        if len(self._streams) == 1:
            self._take_turns_of(self._streams[0], keenness)
        else:
            self._take_turns(keenness)
        for stream in self._streams:
            stream.finish()

    def _take_turns_of(self, stream: StreamAnalysis, keenness: Keenness) -> None:
        while not (stream.ended or self._stopping.is_set()):
            stream.turn(POLL_S, keenness)

    def _take_turns(self, keenness: Keenness) -> None:
        running, looked_s = list(self._streams), time.perf_counter()
        while running and not self._stopping.is_set():
            ready, known = wait_for_first(running)
            if time.perf_counter() - looked_s > POLL_S:  # those without sound have news too
                ready, looked_s = running, time.perf_counter()
            heard = [stream.turn(0.0, keenness) for stream in ready]
            running = [stream for stream in running if not stream.ended]
            if not (known or any(heard)):
                self._stopping.wait(ROUND_S)


def wait_for_first(streams: Sequence[StreamAnalysis]) -> tuple[list[StreamAnalysis], bool]:
    """Wait until sound has come for one of several streams, for `POLL_S` at most.

    Returns
    -------
    ready : list of StreamAnalysis
        Those whose turn it is.
    known : bool
        Whether all of them could say when to ask them.
    """
    awaited = [stream.awaited for stream in streams]
    fds = [one.fd for one in awaited if one.fd is not None]
    first_s = min(one.due_s for one in awaited)
    rest_s = first_s - time.perf_counter()
    if rest_s > 0.0:
        rest_s = min(max(rest_s, NAP_S * len(streams)), POLL_S)
    readable: Sequence[int] = ()
    if fds:
        readable = select.select(fds, (), (), max(rest_s, 0.0))[0]
    elif rest_s > 0.0:
        time.sleep(rest_s)
    now_s = time.perf_counter()
    pairs = zip(streams, awaited, strict=True)
    ready = [stream for stream, one in pairs if one.due_s <= now_s or one.fd in readable]
    return ready, first_s > 0.0
