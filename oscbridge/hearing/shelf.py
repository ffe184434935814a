"""The newest frames, kept until there are as many as a stage likes to take at a time.

Conventions
-----------
A stage costs as much for a call as for many frames, so it need not be called for each: by an
attribute ``step`` it may say that it says nothing new before the next multiple of so many frames
(`step_of`; 1 for those that say nothing). Steps divide `FRAMES`. Lines of the grid count from the
start of the stream, so no split of the input shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.types import FeatureFrames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsp.layout import FeatureLayout

FRAMES = 16
"""Frames that the shelf holds, and the coarsest grid (171 ms)."""
FINE = 4
"""The finest grid beside every single frame (43 ms)."""


def step_of(stage: object) -> int:
    """Frames that a stage takes at a time.

    Raises
    ------
    ValueError
        A step that the shelf does not have.
    """
    step = int(getattr(stage, "step", 1))
    if step not in (1, FINE, FRAMES):
        raise ValueError(f"a stage may take 1, {FINE} or {FRAMES} frames at a time, not {step}")
    return step


def parts(frames: FeatureFrames) -> Sequence[FeatureFrames]:
    """Cut frames so that none crosses a line: whole shelves, else up to the next fine line."""
    if frames.first % FINE + len(frames) <= FINE:
        return (frames,)
    cut: list[FeatureFrames] = []
    start = 0
    while start < len(frames):
        number = frames.first + start
        whole = number % FRAMES == 0 and len(frames) - start >= FRAMES
        step = FRAMES if whole else FINE
        stop = min(start + step - number % step, len(frames))
        cut.append(frames.part(start, stop))
        start = stop
    return cut


class Shelf:
    """Frames since the last line.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    """

    def __init__(self, layout: FeatureLayout) -> None:
        self._layout = layout
        self._values = np.zeros((FRAMES, layout.width), dtype=np.float32)
        self._hops = np.zeros((FRAMES, layout.hop_length), dtype=np.float32)
        self.reset()

    def put(self, frames: FeatureFrames) -> None:
        """Take one of `parts`."""
        count = len(frames)
        self._newest = frames
        self._stop = frames.first + count
        if count < FRAMES:
            at = frames.first % FRAMES
            self._values[at : at + count] = frames.values
            self._hops[at : at + count] = frames.hops

    def reaches(self, step: int) -> bool:
        """Whether the newest frame ends at a line of this step: `take` gives something."""
        return self._stop % step == 0

    def take(self, step: int) -> FeatureFrames | None:
        """Frames since a stage of this step took some; None before the next line."""
        newest = self._newest
        if newest is None or step == 1 or len(newest) == FRAMES:
            return newest
        return None if self._stop % step else self._last(step)

    def rest(self, step: int) -> FeatureFrames | None:
        """Frames that a stage of this step has not taken when the stream ends; None if none."""
        return self._last(self._stop % step) if self._stop % step else None

    def reset(self) -> None:
        """Start a new stream."""
        self._stop = 0
        self._newest: FeatureFrames | None = None

    def _last(self, n: int) -> FeatureFrames:
        at = (self._stop - n) % FRAMES
        values, hops = self._values[at : at + n], self._hops[at : at + n]
        return FeatureFrames(values, self._stop - n, self._layout, hops)
