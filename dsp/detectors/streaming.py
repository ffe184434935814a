"""What all detectors of this package share: cells in, one statistic, boundaries out to the hop.

Conventions
-----------
A detector looks at cells (`dsp.detectors.cells`) and says at which cell, if any, the music has
changed. `CellDetector` does the rest: it moves the boundary to the hop at which two means explain
the entries around it best (`dsp.novelty.split`, a generalised likelihood ratio), leaves out what
would be too short a segment, turns silences into segments, and keeps segments contiguous. Samples
count from the start of the stream, as in `dsp.segmentation`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsp.detectors.cells import (
    ENERGY,
    N_COEFFICIENTS,
    NOTHING,
    PLAN,
    SILENCE,
    STATE,
    gather,
)
from dsp.hop_detector import HopDetector, build_plan
from dsp.novelty import CELL, build_cepstrum, split
from dsp.types import FeatureFrames

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.segmenter_settings import SegmenterSettings
    from dsp.types import Segment

RIDGE = 30.0
"""Variance that every cepstral coefficient is granted, dB²: what no listener calls a change."""
_ENERGY_RIDGE = 1.0
MEMORY_CELLS = 512
"""Cells that are kept, 44 s: no detector looks further back."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a detector believes after a cell.

    Attributes
    ----------
    cell : int
        First cell of the new music, counted as cells are.
    reach : int
        How far from there the boundary may lie, cells.
    strength : float
        How clear it is, 0..1.
    """

    cell: int
    reach: int
    strength: float


class CellDetector(HopDetector, ABC):
    """A detector that looks at cells.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames; must hold ``log_mel`` and ``energy``.
    settings : SegmenterSettings
        Of which ``min_segment_s``, ``silence_db`` and ``min_silence_s`` are heeded here.

    Attributes
    ----------
    delay : int
        Samples from a sudden change to its earliest decision.

    Raises
    ------
    KeyError
        The layout lacks a feature.
    """

    delay: int

    def __init__(self, layout: FeatureLayout, settings: SegmenterSettings) -> None:
        super().__init__(layout, STATE)
        self._plan = build_plan(PLAN, layout, settings, {})
        shift = int(self._plan[0]["shift"])
        width = 1 + N_COEFFICIENTS
        self._basis = build_cepstrum(int(self._plan[0]["n_mels"]), N_COEFFICIENTS)
        self._ridges = np.full(width, RIDGE)
        self._ridges[ENERGY] = _ENERGY_RIDGE
        self._pending = np.zeros(shift + 1)
        self._entries = np.zeros((MEMORY_CELLS * CELL, width))
        self._hops = np.zeros(MEMORY_CELLS * CELL, dtype=np.int64)
        self._cells = np.zeros((MEMORY_CELLS, N_COEFFICIENTS))
        self._scratch = np.zeros((3, width))
        self._min_segment = round(settings.min_segment_s * layout.sample_rate / layout.hop_length)
        self._lead = shift * layout.hop_length

    def _warm(self) -> None:
        """Compile all kernels now, not while the music plays."""
        self.reset()
        values = np.zeros((4 * CELL, self.layout.width), np.float32)
        silence = np.zeros((4 * CELL, self.layout.hop_length), np.float32)
        self.update(FeatureFrames(values, 0, self.layout, silence))
        self._refine(Change(1, 1, 0.0))
        self.reset()

    def update(self, frames: FeatureFrames) -> list[Segment]:
        """Take the next frames; return the segments that they close, oldest first.

        Raises
        ------
        ValueError
            The frames have another layout.
        """
        self._check(frames)
        closed: list[Segment] = []
        at = 0
        while at < len(frames):
            at = gather(
                frames.values,
                at,
                frames.first,
                self._state,
                self._plan,
                self._pending,
                self._entries,
                self._cells,
                self._hops,
                self._basis,
            )
            event = self._state[0]["event"]
            if event == SILENCE:
                closed.append(self._found())
                self._forget(0)
            elif event != NOTHING:
                segment = self._listen()
                if segment is not None:
                    closed.append(segment)
        return closed

    def reset(self) -> None:
        """Start a new stream; keep tables and buffers."""
        self._clear()
        self._forget(0)

    @property
    def _n_cells(self) -> int:
        """Full cells since the last silence."""
        return int(self._state[0]["entries"]) // CELL

    @abstractmethod
    def _judge(self, stop: int) -> Change | None:
        """Look at the cells up to ``stop``, not all seen before; say where the music changed."""

    @abstractmethod
    def _forget(self, cell: int) -> None:
        """Let the statistic begin at ``cell``: what lies before belongs to another segment."""

    def _listen(self) -> Segment | None:
        """Judge the newest cell; close the segment if there is a change that counts.

        A change that comes too soon is forgotten too: what follows is compared with itself.
        """
        change = self._judge(self._n_cells)
        if change is None:
            return None
        entry = self._refine(change)
        hop = int(self._hops[entry % len(self._hops)])
        self._forget((entry + CELL - 1) // CELL)
        state = self._state[0]
        start = int(state["start_hop"])
        if hop - start < self._min_segment:
            return None
        state["start_hop"] = hop
        return self._segment(start, hop, change.strength)

    def _refine(self, change: Change) -> int:
        """Entry at which the likelihood of two means is largest."""
        entries = int(self._state[0]["entries"])
        first = max(entries - len(self._entries), (change.cell - change.reach) * CELL, 0)
        stop = min(entries, (change.cell + change.reach) * CELL)
        if stop - first < 2 * CELL:
            return change.cell * CELL
        return int(split(self._entries, self._ridges, first, stop, CELL, self._scratch))
