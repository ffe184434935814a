"""What the music has been like since it began: running statistics of its rows.

Conventions
-----------
A row (`models.frontend`) says how the music sounds now; `Summary` turns the rows since the last
`reset` into one *summary*, shape=(width,). Plain means for `SPAN_S`, then the oldest is forgotten
with that time constant. ``n`` = values of texture in a row, ``m`` = of harmony and rhythm:

=========  =====  ==================================================================
part       width  meaning
=========  =====  ==================================================================
mean       n      of the texture now
deviation  n      of the texture now
change     n      mean size of the step from one row to the next
harmony    m      mean of harmony and rhythm
unrest     m      their deviation
latest     m      harmony and rhythm of the latest row
=========  =====  ==================================================================

Where a recurrent network follows events, these are what classifiers of whole recordings look at;
both together are right more often than either.
"""

from __future__ import annotations

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel

SPAN_S = 30.0
"""Time constant of what is remembered, seconds."""


@kernel
def _deviation(square, mean):
    """Root of a variance that rounding may have pushed under zero."""
    return np.sqrt(max(square - mean * mean, 0.0))


@kernel(part=True)
def _summarise(row, plan, rate, seen, sums, before, summary):
    """One row into the sums (mean, square, change); these into the summary.

    ``plan``: values of texture, first value of harmony in a row.
    """
    n, first = plan[0], plan[1]
    m = row.shape[0] - first
    seen[0] += 1
    share = max(1.0 / seen[0], rate)
    for i in range(n + m):
        # squares of single precision would leave deviations where there are none
        now = np.float64(row[i] if i < n else row[first + i - n])
        sums[0, i] += share * (now - sums[0, i])
        sums[1, i] += share * (now * now - sums[1, i])
    if seen[0] > 1:
        share = max(1.0 / (seen[0] - 1), rate)
        for i in range(n):
            sums[2, i] += share * (abs(row[i] - before[i]) - sums[2, i])
    for i in range(n):
        before[i] = row[i]
        summary[i] = sums[0, i]
        summary[n + i] = _deviation(sums[1, i], sums[0, i])
        summary[2 * n + i] = sums[2, i]
    at = 3 * n
    for i in range(m):
        summary[at + i] = sums[0, n + i]
        summary[at + m + i] = _deviation(sums[1, n + i], sums[0, n + i])
        summary[at + 2 * m + i] = row[first + i]


@kernel
def _summarise_all(rows, held, summaries):
    """Rows to summaries, one after the other."""
    plan, rate, seen, sums, before = opened(held)
    for i in range(rows.shape[0]):
        _summarise(rows[i], plan, rate, seen, sums, before, summaries[i])


class Summary:
    """Rows to a summary of all since the last reset.

    Parameters
    ----------
    row_width, texture : int
        Values a row, and how many of them are the texture now (`models.frontend.Statistics`).
    row_s : float
        Seconds that a row spans.

    Attributes
    ----------
    width : int
        Values of the summary.

    Raises
    ------
    ValueError
        A row is not four textures and something more.
    """

    delay = 0

    def __init__(self, row_width: int, texture: int, row_s: float) -> None:
        if not 0 < 4 * texture < row_width:
            raise ValueError(f"a row of {row_width} values does not hold 4 textures of {texture}")
        tail = row_width - 4 * texture
        self.width = 3 * texture + 3 * tail
        self._plan = np.asarray((texture, 4 * texture), dtype=np.int64)
        self._seen = np.zeros(1, dtype=np.int64)
        self._sums = np.zeros((3, texture + tail))
        self._before = np.zeros(texture)
        self._summary = np.zeros((1, self.width), dtype=np.float32)
        self._held = hold(self._plan, row_s / SPAN_S, self._seen, self._sums, self._before)
        self.push(np.zeros(row_width, dtype=np.float32))
        self.reset()

    def push(self, row: np.ndarray) -> np.ndarray:
        """Take a row, shape=(row_width,), float32; return the summary, a view."""
        self.push_all(row[None], self._summary)
        return self._summary[0]

    def push_all(self, rows: np.ndarray, summaries: np.ndarray) -> None:
        """Take rows, shape=(n, row_width); write the summary after each, shape=(n, width)."""
        _summarise_all(rows, self._held, summaries)

    def reset(self) -> None:
        """Forget what was heard."""
        self._seen[:] = 0
        self._sums[:] = 0.0
        self._before[:] = 0.0
