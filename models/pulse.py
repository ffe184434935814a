"""Pulse of the music so far: how strongly onsets repeat, and how soon.

Conventions
-----------
In: onset strengths, frame by frame, dB. Out: the autocorrelation of the last `MEMORY_S` at the lags
of 24 ranges of tempo, each a sixth of an octave wide, from 300 down to about 19 a minute (the best
lag of each range; 1 is perfect repetition), the best of all, and the share of frames that are
onsets. The mean is taken out, and the scale by the variance: the level does not matter.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel

_RANGES = 24
_SHORTEST_S = 0.2
_ONSET_DB = 2.0


@kernel(reorder=True)
def push_pulse(onsets, state, out):
    """Frames into the lagged products, these into ``out``, with the state of a `Pulse`.

    ``past`` holds the newest strength last. ``means``: of strength, of onset or not.
    """
    rate_of, edges, seen, past, products, means = state
    longest = products.shape[0]
    n_past = past.shape[0]
    for f in range(onsets.shape[0]):
        seen[0] += 1
        rate = max(1.0 / seen[0], rate_of[0])
        now = min(onsets[f], np.float32(15.0))
        for i in range(n_past - 1):
            past[i] = past[i + 1]
        past[n_past - 1] = now
        keep = np.float32(1.0 - rate)
        scaled = np.float32(rate) * now
        for lag in range(longest):
            products[lag] = keep * products[lag] + scaled * past[lag]
        means[0] += rate * (now - means[0])
        means[1] += rate * ((1.0 if now > _ONSET_DB else 0.0) - means[1])
    square = means[0] * means[0]
    # the newest strength stands last: lag 0 is the last product
    variance = max(products[longest - 1] - square, 1e-3)
    best = 0.0
    for r in range(edges.shape[0] - 1):
        most = -1.0
        for lag in range(edges[r], edges[r + 1]):
            most = max(most, (products[longest - 1 - lag] - square) / variance)
        out[r] = min(most, 1.0)
        best = max(best, out[r])
    out[edges.shape[0] - 1] = best
    out[edges.shape[0]] = means[1] * 4.0


class Pulse:
    """Onset strengths to pulse values.

    Parameters
    ----------
    step_s : float
        Seconds between two strengths.

    Attributes
    ----------
    width : int
        Values that `push` returns.
    state : tuple of np.ndarray
        What `push_pulse` takes.
    """

    MEMORY_S = 6.0
    """Time constant of the products, seconds."""
    SETTINGS = f"{MEMORY_S} {_RANGES} {_SHORTEST_S}"
    width = _RANGES + 2
    delay = 0

    def __init__(self, step_s: float) -> None:
        lags = _SHORTEST_S / step_s * 2.0 ** (np.arange(_RANGES + 1) / 6.0)
        edges = np.round(lags).astype(np.int64)
        longest = int(edges[-1])
        rate = np.asarray([step_s / self.MEMORY_S])
        memory = (np.zeros(longest, dtype=np.float32), np.zeros(longest, dtype=np.float32))
        self.state = (rate, edges, np.zeros(1, dtype=np.int64), *memory, np.zeros(2))
        self._out = np.zeros(self.width, dtype=np.float32)
        self.push(np.zeros(1, dtype=np.float32))
        self.reset()

    def push(self, onsets: np.ndarray) -> np.ndarray:
        """Take strengths, shape=(n,), float32; return the values, shape=(width,), a view."""
        push_pulse(onsets, self.state, self._out)
        return self._out

    def reset(self) -> None:
        """Forget what was heard."""
        for part in self.state[2:]:
            part[:] = 0
