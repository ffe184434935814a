"""Sound to feature frames: the first half of the analysis, which knows nothing of music yet.

Conventions
-----------
Samples of any rate in, in blocks of any size; frames of the internal rate out
(`dsp.features.FeatureSettings`). Frames are views, valid until the next call. The longer the block,
the more frames come at once, at most a shelf of them (`oscbridge.hearing.shelf`) and then such that
they end with one; no split of the input changes a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsp.features import FeatureExtractor
from dsp.resample import Resampler
from oscbridge.hearing.hop_grid import HopGrid
from oscbridge.hearing.shelf import FRAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from dsp.types import FeatureFrames

LONGEST_BLOCK = 65536
"""Longer blocks are taken in pieces."""


class Ear:
    """Turns the sound of a stream into feature frames.

    Parameters
    ----------
    sample_rate : int
        Of the sound, Hz.

    Attributes
    ----------
    sample_rate, internal_rate : int
        Of the sound, and of the frames, Hz.
    layout : FeatureLayout
        What a frame contains.
    heard : int
        Samples of the sound so far.
    blur : int
        Samples of the sound on either side that one sample touches at the internal rate.
    delay : int
        Samples at the internal rate that a frame looks back over.
    """

    def __init__(self, sample_rate: int) -> None:
        self._extractor = FeatureExtractor()
        settings = self._extractor.settings
        self.sample_rate = sample_rate
        self.internal_rate = settings.sample_rate
        self.layout = self._extractor.layout
        self.delay = self._extractor.delay
        self._resampler = Resampler(sample_rate, self.internal_rate, LONGEST_BLOCK)
        self.blur = self._resampler.delay
        self._grid = HopGrid(sample_rate, self.internal_rate, settings.hop_length, self.blur)
        self._shelf = FRAMES * settings.hop_length
        self.reset()

    def push(self, samples: np.ndarray) -> list[FeatureFrames]:
        """Take samples, shape=(n,), float32; return the frames that they complete, if any."""
        self.heard += len(samples)
        frames: list[FeatureFrames] = []
        for piece in _cut(samples, LONGEST_BLOCK, LONGEST_BLOCK):
            self._extract(self._resampler.push(piece), frames)
        return frames

    def finish(self) -> list[FeatureFrames]:
        """Return the frames that still wait inside, at the end of the stream."""
        frames: list[FeatureFrames] = []
        self._extract(self._resampler.finish(), frames)
        return frames

    def _extract(self, samples: np.ndarray, frames: list[FeatureFrames]) -> None:
        """Add the frames that samples at the internal rate complete."""
        for piece in _cut(samples, self._shelf - self._extracted % self._shelf, self._shelf):
            if frames:  # the extractor fills the same memory again
                frames[-1] = frames[-1].copy()
            newest = self._extractor.push(piece)
            if len(newest):
                frames.append(newest)
        self._extracted += len(samples)

    @property
    def missing(self) -> int:
        """Samples until the next frame is complete."""
        return self._grid.missing(self.heard)

    def reset(self) -> None:
        """Start a new stream."""
        self._resampler.reset()
        self._extractor.reset()
        self.heard = 0
        self._extracted = 0


def _cut(samples: np.ndarray, first: int, each: int) -> Sequence[np.ndarray]:
    """Cut samples longer than ``each`` into a piece of ``first`` samples and others of ``each``."""
    count = len(samples)
    if count <= each:  # as nearly always
        return (samples,)
    starts = [0, *range(first, count, each)]
    return [samples[start:stop] for start, stop in zip(starts, [*starts[1:], count], strict=True)]
