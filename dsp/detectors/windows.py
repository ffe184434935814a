"""Two windows: the mean of the last seconds against the mean of the seconds before.

Conventions
-----------
Cells as in `dsp.detectors.cells`; the *recent* window ends with the newest cell, the *past* one
with the cell before the recent one begins, and goes no further back than the segment.

Method
------
With ``p`` and ``r`` cells in the windows, their means ``d`` apart and the pooled variance ``v``
within them, the distance is ``sqrt(p / (p + r) * sum_k d_k^2 / (v_k + ridge))``: the diagonal twin
of the shape test of `dsp.novelty`. A run of distances above the limit is one change, its place the
largest of the run; the generalised likelihood ratio of two means against one then moves it to the
hop.

References
----------
Basseville & Nikiforov (1993), "Detection of Abrupt Changes", 2.4 and 7.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.detectors.cells import N_COEFFICIENTS
from dsp.detectors.streaming import MEMORY_CELLS, RIDGE, CellDetector, Change
from dsp.jit import kernel
from dsp.novelty import CELL
from dsp.segmenter_settings import SENSITIVITY_SPAN

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.segmenter_settings import SegmenterSettings

RECENT_S = 4.0
PAST_S = 12.0
LIMIT = 2.5
"""Distance up to which it is the same region."""
LEFT = 0.9
"""A peak is over when the distance falls below this share of it …"""
WAIT_S = 0.5
"""… or this much later."""


@kernel
def distance(cells, first, middle, stop, ridge, means):
    """Distance of the means of cells [first, middle) and [middle, stop); ``means`` is scratch."""
    n = means.shape[1]
    past, recent = middle - first, stop - middle
    means[:] = 0.0
    for c in range(first, stop):
        row = cells[c % cells.shape[0]]
        side = 0 if c < middle else 1
        for k in range(n):
            means[side, k] += row[k]
    for k in range(n):
        means[0, k] /= past
        means[1, k] /= recent
        means[2, k] = ridge
    for c in range(first, stop):
        row = cells[c % cells.shape[0]]
        side = 0 if c < middle else 1
        for k in range(n):
            apart = row[k] - means[side, k]
            means[2, k] += apart * apart / (past + recent)
    total = 0.0
    for k in range(n):
        apart = means[1, k] - means[0, k]
        total += apart * apart / means[2, k]
    return np.sqrt(total * past / (past + recent))


class Windows(CellDetector):
    """Distance of two windows, peaks picked as they pass."""

    def __init__(self, layout: FeatureLayout, settings: SegmenterSettings) -> None:
        super().__init__(layout, settings)
        cells_a_second = layout.sample_rate / (layout.hop_length * CELL)
        self._recent = round(RECENT_S * cells_a_second)
        self._past = round(PAST_S * cells_a_second)
        self._wait = round(WAIT_S * cells_a_second)
        self._limit = LIMIT * SENSITIVITY_SPAN ** (1.0 - 2.0 * settings.sensitivity)
        self._means = np.zeros((3, N_COEFFICIENTS))
        distance(self._cells, 0, 1, 2, RIDGE, self._means)
        self.delay = self._recent * CELL * layout.hop_length + self._lead
        self._warm()

    def _judge(self, stop: int) -> Change | None:
        change = None
        while self._next < stop and change is None:
            self._next += 1
            change = self._at(self._next)
        return change

    def _at(self, stop: int) -> Change | None:
        """Look at the windows that end at cell ``stop``."""
        middle = stop - self._recent
        first = max(self._first, middle - self._past)
        if middle - first < self._recent // 2:
            return None
        found = float(distance(self._cells, first, middle, stop, RIDGE, self._means)) / self._limit
        if found > max(self._peak, 1.0):
            self._peak, self._peak_stop = found, stop
            return None
        if not self._peak:
            return None
        if found >= LEFT * self._peak and stop - self._peak_stop < self._wait:
            return None
        cell, peak = self._peak_stop - self._recent, self._peak
        self._peak = 0.0
        return Change(cell, self._recent, 1.0 - 2.0**-peak)

    def _forget(self, cell: int) -> None:
        self._first = max(cell, self._n_cells - MEMORY_CELLS)
        self._next = self._n_cells
        self._peak = 0.0
        self._peak_stop = 0


def build(layout: FeatureLayout, settings: SegmenterSettings) -> Windows:
    """Make the detector. Raises ``KeyError`` if the layout lacks a feature."""
    return Windows(layout, settings)
