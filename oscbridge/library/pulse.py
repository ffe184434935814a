"""The tempo of a stretch of music, from the beats that were heard in it.

Conventions
-----------
Beats come with the tempo around them (`oscbridge.events.Beat`). The tempo of a stretch is the one
that most of its time is in: tempi are gathered without their octave, so that a tracker that jumps
between 70 and 140 BPM does not make 105 of them, and of the octaves the one with most beats is
taken. Half and double tempo are told apart by that majority alone, and may be mistaken for each
other. Where beats cover less than `LEAST_SHARE` of a stretch, it has none.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from oscbridge.events import Beat

LEAST_BEATS = 8
LEAST_SHARE = 0.3
"""Share of a stretch that beats have to cover."""
_WIDTH = 0.04
"""How far apart tempi of one group lie, octaves: 3 %."""
_BINS = 240


class Beats:
    """The beats of a file."""

    def __init__(self) -> None:
        self._times_s = array("d")
        self._tempi_bpm = array("d")
        self._confidences = array("d")

    def update(self, beat: Beat) -> None:
        """Count a beat; they come in order."""
        if beat.tempo_bpm > 0.0:
            self._times_s.append(beat.time_s)
            self._tempi_bpm.append(beat.tempo_bpm)
            self._confidences.append(beat.confidence)

    def tempo_bpm(self, start_s: float = 0.0, end_s: float = math.inf) -> float | None:
        """Tempo from one time to another; None where the pulse is not steady enough."""
        times_s = np.frombuffer(self._times_s) if self._times_s else np.zeros(0)
        first, last = np.searchsorted(times_s, (start_s, end_s))
        tempi = np.asarray(self._tempi_bpm[first:last])
        if len(tempi) < LEAST_BEATS:
            return None
        length_s = (times_s[last - 1] if math.isinf(end_s) else end_s) - start_s
        lasting = 60.0 / tempi
        if lasting.sum() < LEAST_SHARE * length_s:
            return None
        return _most(tempi, lasting * np.asarray(self._confidences[first:last]))


def _most(tempi: np.ndarray, weights: np.ndarray) -> float | None:
    """The tempo that has most weight, its octave chosen last."""
    if weights.sum() <= 0.0:
        return None
    octaves = np.log2(tempi)
    phases = octaves % 1.0
    centres = np.arange(_BINS) / _BINS
    away = np.abs((phases[None, :] - centres[:, None] + 0.5) % 1.0 - 0.5)
    near = away <= _WIDTH
    best = int(np.argmax(near @ weights))
    chosen = near[best]
    levels = np.round(octaves - centres[best])
    found = np.unique(levels[chosen])
    level = found[np.argmax([weights[chosen & (levels == one)].sum() for one in found])]
    alike = chosen & (levels == level)
    return float(_median(tempi[alike], weights[alike]))


def _median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, 0.5 * reached[-1])])
