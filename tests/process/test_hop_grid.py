"""The grid of hops against an analyzer that is fed sample by sample."""

from __future__ import annotations

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.resample import Resampler
from oscbridge.hearing.hop_grid import HopGrid

RATE_HZ = 24_000
HOP = 256


@pytest.mark.parametrize("rate_in", [8_000, 24_000, 44_100, 48_000, 96_000])
def test_the_sample_before_completes_no_frame_and_the_next_one_does(rate_in: int) -> None:
    resampler, extractor = Resampler(rate_in, RATE_HZ), FeatureExtractor()
    grid = HopGrid(rate_in, RATE_HZ, HOP, resampler.delay)
    pushed = 0

    def frames_of(count: int) -> int:
        return len(extractor.push(resampler.push(np.zeros(count, np.float32))))

    for _ in range(12):
        missing = grid.missing(pushed)
        assert missing >= 1
        if missing > 1:
            assert frames_of(missing - 1) == 0
            assert grid.missing(pushed + missing - 1) == 1
        assert frames_of(1) == 1
        pushed += missing
