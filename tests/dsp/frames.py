"""Feature frames made by hand, for detectors of boundaries, and the ways in which they are fed."""

from __future__ import annotations

import numpy as np

from dsp.boundary import Detector
from dsp.layout import FeatureLayout
from dsp.types import FeatureFrames, Segment
from tests.dsp.signals import RATE

HOP = 256
N_MELS = 16
SHIFT = 4
"""Hops from a hop to the frame in whose middle it lies."""
LAYOUT = FeatureLayout(RATE, 2048, HOP, (("log_mel", N_MELS), ("energy", 1), ("onset", 1)), "test")


def hops(seconds: float) -> int:
    """A time as a number of hops."""
    return round(seconds * RATE / HOP)


def feed(detector: Detector, values: np.ndarray, sizes: tuple[int, ...] = ()) -> list[Segment]:
    """Feed all frames, split into blocks of ``sizes`` in turn, or in one go."""
    block = FeatureFrames(values, 0, LAYOUT, np.zeros((len(values), HOP), np.float32))
    found: list[Segment] = []
    at, turn = 0, 0
    while at < len(values):
        size = sizes[turn % len(sizes)] if sizes else len(values)
        found += detector.update(block.part(at, at + size))
        at, turn = at + size, turn + 1
    return found
