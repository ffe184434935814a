"""The pace of real life: a block may be handed out when its last sample would have been played."""

from __future__ import annotations

import time


class Pace:
    """The clock of a source that could deliver faster than it is played.

    Parameters
    ----------
    sample_rate : int
        Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._began_s: float | None = None

    def due_s(self, stop: int) -> float:
        """Instant at which sample ``stop`` is played, seconds of ``time.perf_counter``.

        The clock starts with the first call.
        """
        if self._began_s is None:
            self._began_s = time.perf_counter()
        return self._began_s + stop / self._sample_rate

    def wait(self, stop: int, timeout_s: float) -> bool:
        """Wait until sample ``stop`` is due; False if that takes longer than ``timeout_s``."""
        wait_s = self.due_s(stop) - time.perf_counter()
        if wait_s > 0.0:
            time.sleep(max(0.0, min(wait_s, timeout_s)))
        return wait_s <= timeout_s
