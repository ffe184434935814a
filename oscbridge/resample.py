"""Streaming resampler: audio of any rate becomes audio of the internal rate.

Conventions
-----------
Mono float32 in and out. The soxr library does the work; the output is aligned in time with the
input (its group delay is taken out) and does not depend on how the input was split. ``delay``
counts the *input* samples that wait inside at most before they come out: the library works in
bursts, of some 35 ms. Equal rates pass through untouched, with no delay.
"""

from __future__ import annotations

import numpy as np
import soxr

MEASURED_S = 0.5
_EMPTY = np.zeros(0, dtype=np.float32)


class Resampler:
    """Change of sample rate on a stream.

    Parameters
    ----------
    rate_in, rate_out : int
        Hz, 1 or more.

    Raises
    ------
    ValueError
        A rate that is not positive.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        if rate_in < 1 or rate_out < 1:
            raise ValueError(f"rates must be positive, not {rate_in} and {rate_out}")
        self.rate_in = rate_in
        self.rate_out = rate_out
        self._stream = (
            None
            if rate_in == rate_out
            else soxr.ResampleStream(rate_in, rate_out, 1, dtype="float32", quality="HQ")
        )
        self.delay = 0 if self._stream is None else self._measure_delay()

    def _measure_delay(self) -> int:
        """Most input samples that wait inside: the library hands its output out in bursts."""
        assert self._stream is not None
        silence = np.zeros(max(self.rate_in // 1000, 1), dtype=np.float32)
        fed = made = waiting = 0
        while fed < MEASURED_S * self.rate_in:
            fed += len(silence)
            waiting = max(waiting, fed - made * self.rate_in // self.rate_out)
            made += len(self._stream.resample_chunk(silence))
        self._stream.clear()
        return waiting

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take input samples, shape=(n,), float32; return what is ready at the output rate."""
        if self._stream is None:
            return samples
        return self._stream.resample_chunk(samples)

    def finish(self) -> np.ndarray:
        """Return what still waits inside, at the end of the stream."""
        if self._stream is None:
            return _EMPTY
        return self._stream.resample_chunk(_EMPTY, last=True)

    def reset(self) -> None:
        """Start a new stream."""
        if self._stream is not None:
            self._stream.clear()
