"""How long it takes from the last sample of a block to the packet that tells what it led to.

Conventions
-----------
Durations are counted in `BINS` bins of a fixed size, `BINS_AN_OCTAVE` to an octave from 1 µs on: a
percentile is right to 2.2 %, and memory does not grow however long a run lasts. The longest is kept
as it is. One thread adds at a time; readers may see a count that is one addition old.
"""

from __future__ import annotations

import math
from array import array
from typing import NamedTuple

SHORTEST_S = 1e-6
BINS_AN_OCTAVE = 16
BINS = 25 * BINS_AN_OCTAVE
"""Up to half a minute."""


class Reaction(NamedTuple):
    """Percentiles of the time from sound to packet, milliseconds; 0 where nothing was counted."""

    blocks: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float


class ReactionMeter:
    """Counts durations; says how they are spread."""

    def __init__(self) -> None:
        self._bins = array("Q", bytes(8 * BINS))
        self._count = 0
        self._longest_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration, seconds."""
        octaves = math.log2(max(seconds, SHORTEST_S) / SHORTEST_S)
        self._bins[min(int(octaves * BINS_AN_OCTAVE), BINS - 1)] += 1
        self._count += 1
        if seconds > self._longest_s:
            self._longest_s = seconds

    def summary(self) -> Reaction:
        """Percentiles of all that was counted."""
        parts = [1e3 * self._percentile_s(part) for part in (0.5, 0.99, 0.999)]
        return Reaction(self._count, parts[0], parts[1], parts[2], 1e3 * self._longest_s)

    def _percentile_s(self, part: float) -> float:
        """The middle of the bin that the percentile falls into, but never more than the longest."""
        wanted, seen = part * self._count, 0
        for number, count in enumerate(self._bins):
            seen += count
            if count and seen >= wanted:
                middle_s = SHORTEST_S * 2.0 ** ((number + 0.5) / BINS_AN_OCTAVE)
                return min(middle_s, self._longest_s)
        return 0.0
