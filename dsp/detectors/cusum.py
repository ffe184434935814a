"""Cumulative sums: small deviations from what the segment has been add up until they are too many.

Conventions
-----------
Cells as in `dsp.detectors.cells`. The cells of the segment up to the last moment at which nothing
was suspected give mean and variance of each coefficient; a new cell deviates from them by ``z``
(standardised, a ridge in the variance).

Method
------
The multivariate cumulative sum of Crosier (1988), (2.5), with the segment itself as the reference,
as in self-starting charts (Hawkins 1987)::

    C = |s + z|;   s = 0 where C <= slack, else (s + z) (1 - slack / C);   alarm where |s| > limit

The change lies where ``s`` last was zero; the likelihood split moves it to the hop.

References
----------
Page (1954), "Continuous inspection schemes". Crosier (1988), "Multivariate generalizations of
cumulative sum quality-control schemes".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.detectors.cells import N_COEFFICIENTS
from dsp.detectors.streaming import MEMORY_CELLS, RIDGE, CellDetector, Change
from dsp.jit import build_records, kernel
from dsp.novelty import CELL

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.segmenter_settings import SegmenterSettings

SLACK = 3.0
"""Deviation a cell that is tolerated, standard deviations of all coefficients together."""
LIMIT = 20.0
"""Sum of deviations that is a change."""
SPAN = 2.0
"""Factor of the limit from sensitivity 0.5 to 0."""
LEARN_S = 2.0
"""How much of a segment must be known before anything can deviate from it."""
REACH_CELLS = 12
"""How far from the last zero the boundary may lie."""

MEMORY = np.dtype(
    [(name, "i8") for name in ("next", "known", "count", "zero")] + [("length", "f8")]
)


@kernel
def _absorb(m, cells, moments):
    """Count the cells before the last zero in mean and variance (Welford)."""
    while m.known < m.zero:
        x = cells[m.known % cells.shape[0]]
        m.known += 1
        m.count += 1
        for k in range(moments.shape[1]):
            apart = x[k] - moments[0, k]
            moments[0, k] += apart / m.count
            moments[1, k] += apart * (x[k] - moments[0, k])


@kernel
def follow(cells, stop, memory, moments, sums, slack, ridge, learn):
    """Take in the cells up to ``stop``.

    ``moments`` is (2, n): means, sums of squared deviations; ``sums`` (n,) is ``s``.
    """
    m = memory[0]
    n = sums.shape[0]
    while m.next < stop:
        x = cells[m.next % cells.shape[0]]
        m.next += 1
        if m.count < learn:
            m.zero = m.next
            _absorb(m, cells, moments)
            continue
        square = 0.0
        for k in range(n):
            sums[k] += (x[k] - moments[0, k]) / np.sqrt(moments[1, k] / m.count + ridge)
            square += sums[k] * sums[k]
        length = np.sqrt(square)
        left = max(1.0 - slack / length, 0.0) if length > 0.0 else 0.0
        for k in range(n):
            sums[k] *= left
        m.length = length * left
        if left == 0.0:
            m.zero = m.next
            _absorb(m, cells, moments)


class Cusum(CellDetector):
    """Cumulative sums of the deviations from the segment so far."""

    def __init__(self, layout: FeatureLayout, settings: SegmenterSettings) -> None:
        super().__init__(layout, settings)
        cells_a_second = layout.sample_rate / (layout.hop_length * CELL)
        self._learn = max(2, round(LEARN_S * cells_a_second))
        self._limit = LIMIT * SPAN ** (1.0 - 2.0 * settings.sensitivity)
        self._memory = build_records(MEMORY)
        self._moments = np.zeros((2, N_COEFFICIENTS))
        self._sums = np.zeros(N_COEFFICIENTS)
        self.delay = CELL * layout.hop_length + self._lead
        self._warm()

    def _judge(self, stop: int) -> Change | None:
        self._follow(stop)
        memory = self._memory[0]
        length = float(memory["length"])
        if length <= self._limit:
            return None
        return Change(int(memory["zero"]), REACH_CELLS, 1.0 - 2.0 ** (-length / self._limit))

    def _follow(self, stop: int) -> None:
        follow(
            self._cells, stop, self._memory, self._moments, self._sums, SLACK, RIDGE, self._learn
        )

    def _forget(self, cell: int) -> None:
        self._memory[:] = np.zeros(1, dtype=MEMORY)
        self._moments[:] = 0.0
        self._sums[:] = 0.0
        first = max(cell, self._n_cells - MEMORY_CELLS)
        self._memory[0]["next"] = first
        self._memory[0]["known"] = first
        self._memory[0]["zero"] = first
        # what is known of the new segment already is its reference, and accuses nobody
        learn, self._learn = self._learn, MEMORY_CELLS
        self._follow(self._n_cells)
        self._learn = learn


def build(layout: FeatureLayout, settings: SegmenterSettings) -> Cusum:
    """Make the detector. Raises ``KeyError`` if the layout lacks a feature."""
    return Cusum(layout, settings)
