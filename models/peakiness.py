"""Peakiness: how far the spectrum of a frame is from a smooth one, in eight parts of the spectrum.

Conventions
-----------
The mel bands of a frame stand in groups of `GROUP` neighbours. For each group, in units of 10 dB:

irregularity
    mean size of the step from one band to the next (after J. Krimphoff, S. McAdams & S. Winsberg,
    J. Phys. IV 4, 1994; here of levels in dB): rough for lone partials, small for noise.
crest
    level of the loudest band minus the mean of the group: the spectral crest factor of a group.

A pool holds three moments of each over its frames, irregularity before crest: mean, mean square,
mean size of the change from one frame to the next; shape=(width,). `PeakSummary` turns those of all
pools since the last reset into mean, deviation and mean change, shape=(width,), of which the oldest
is forgotten as in `models.summary`. A gain changes
none of them where no band falls below what `dsp.logmel` hears, a smooth filter hardly any.

Means of bands over a pool blur what a single frame shows: how clearly partials stand out, and how
fast that changes.
"""

from __future__ import annotations

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from models.summary import SPAN_S

GROUP = 8
"""Mel bands a group."""
UNIT_DB = 10.0


def peakiness_width(n_mels: int) -> int:
    """Values of a pool."""
    return 6 * (n_mels // GROUP)


@kernel(part=True)
def add_peakiness(bands, before, sums):
    """Add the moments of a frame to sums, shape=(3 * n,).

    ``before``, shape=(n + 1,): the values of the frame before, and behind them whether there was
    one. ``bands``, shape=(n_mels,), dB.
    """
    groups = bands.shape[0] // GROUP
    n = 2 * groups
    known = before[n] > 0.0
    for g in range(groups):
        last = bands[GROUP * g]
        total, loudest, steps = last, last, np.float32(0.0)
        for b in range(GROUP * g + 1, GROUP * g + GROUP):
            band = bands[b]
            steps += abs(band - last)
            total += band
            loudest = max(loudest, band)
            last = band
        for part in range(2):
            value = steps / (GROUP - 1) if part == 0 else loudest - total / GROUP
            value /= UNIT_DB
            i = part * groups + g
            sums[i] += value
            sums[n + i] += value * value
            if known:
                sums[2 * n + i] += abs(value - before[i])
            before[i] = value
    before[n] = 1.0


@kernel
def _summarise(pools, held, summaries):
    """Moments of pools to summaries, one after the other. ``first``: where they stand in a pool."""
    first, rate, seen, sums = opened(held)
    n = sums.shape[0] // 3
    for p in range(pools.shape[0]):
        seen[0] += 1
        share = max(1.0 / seen[0], rate)
        for i in range(3 * n):
            sums[i] += share * (pools[p, first + i] - sums[i])
        for i in range(n):
            mean = sums[i]
            summaries[p, i] = mean
            summaries[p, n + i] = np.sqrt(max(sums[n + i] - mean * mean, 0.0))
            summaries[p, 2 * n + i] = sums[2 * n + i]


class PeakSummary:
    """Peakiness of all that was heard since the last reset.

    Parameters
    ----------
    span : slice
        Where it stands in a pool (`models.pools.pool_spans`).
    pool_s : float
        Seconds that a pool spans.

    Attributes
    ----------
    width : int
        Values of a summary.
    """

    delay = 0

    def __init__(self, span: slice, pool_s: float) -> None:
        self.width = span.stop - span.start
        self._seen = np.zeros(1, dtype=np.int64)
        self._sums = np.zeros(self.width)
        self._summary = np.zeros((1, self.width), dtype=np.float32)
        self._held = hold(span.start, pool_s / SPAN_S, self._seen, self._sums)
        self.push(np.zeros(span.stop, dtype=np.float32))
        self.reset()

    def push(self, pool: np.ndarray) -> np.ndarray:
        """Take a pool, shape=(pool_width,), float32; return the summary, a view."""
        self.push_all(pool[None], self._summary)
        return self._summary[0]

    def push_all(self, pools: np.ndarray, summaries: np.ndarray) -> None:
        """Take pools, shape=(n, pool_width); write the summary after each, shape=(n, width)."""
        _summarise(pools, self._held, summaries)

    def reset(self) -> None:
        """Forget what was heard."""
        self._seen[:] = 0
        self._sums[:] = 0.0
