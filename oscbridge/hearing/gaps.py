"""Blocks that were lost must not look like a turn of the music.

Conventions
-----------
A gap is heard as silence by everything that keeps time, but a detector of boundaries hears nothing
of it: frames that touch a gap are left out and the others are renumbered, so that the music before
is followed by the music after, without a hole. What the detector then says is counted in samples of
the stream again. If the music is another one after the gap, that is a boundary, and it lies at the
gap's end; the gap itself is none.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from dsp.boundary import Adjustable, Foresight
from dsp.types import FeatureFrames
from oscbridge.hearing.shelf import step_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsp.boundary import Candidate, Detector
    from dsp.types import Segment

MEMORY_S = 120.0
"""How far back a boundary may be dated across gaps."""


class GapGuard:
    """A detector that never hears a gap.

    Parameters
    ----------
    detector : Detector
        Finds the boundaries.

    Attributes
    ----------
    delay, step : int
        Those of the detector.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._foresight = detector if isinstance(detector, Foresight) else None
        self.delay = detector.delay
        self.step = step_of(detector)
        self.reset()

    def lose(self, start: int, stop: int) -> None:
        """Leave out every frame that looks at samples of ``[start, stop)``; told in advance."""
        self._lost.append((start, stop))

    def update(self, frames: FeatureFrames) -> list[Segment]:
        """Take the next frames; return the segments that they close, in samples of the stream."""
        self._hop = frames.layout.hop_length
        closed: list[Segment] = []
        for run in self._whole_runs(frames):
            closed += [self._in_stream(segment) for segment in self._detector.update(run)]
        return closed

    @property
    def candidate(self) -> Candidate | None:
        """What is in the air, in samples of the stream; None where the detector cannot tell."""
        found = self._foresight.candidate if self._foresight is not None else None
        return found and replace(found, start=self._sample(found.start))

    @property
    def adjustable(self) -> Adjustable | None:
        """The detector, if its sensitivity can be changed while it listens."""
        return self._detector if isinstance(self._detector, Adjustable) else None

    def reset(self) -> None:
        """Start a new stream."""
        self._detector.reset()
        self._hop = 1
        self._lost: list[tuple[int, int]] = []
        self._since = [0]  # frame of the detector from which on …
        self._offsets = [0]  # … so many frames of the stream were left out before

    def _whole_runs(self, frames: FeatureFrames) -> Iterator[FeatureFrames]:
        """Yield the runs of frames that touch no gap, renumbered."""
        stop = len(frames)
        begin = 0
        for i in range(stop) if self._lost else ():
            if self._touches_gap(frames, frames.first + i):
                if begin < i:
                    yield self._renumbered(frames.part(begin, i))
                begin = i + 1
                self._leave_out(frames.first + i, frames.sample_rate)
        if begin < stop:
            yield self._renumbered(frames.part(begin, stop))

    def _touches_gap(self, frames: FeatureFrames, number: int) -> bool:
        stop = (number + 1) * self._hop
        start = stop - frames.layout.n_fft - self._hop  # onsets compare with the frame before
        while self._lost and self._lost[0][1] <= start:
            del self._lost[0]
        return bool(self._lost) and self._lost[0][0] < stop

    def _leave_out(self, number: int, sample_rate: int) -> None:
        """Count one frame of the stream as lost."""
        following = number - self._offsets[-1]  # of the detector: the next that it will get
        if self._since[-1] == following:
            self._offsets[-1] += 1
        else:
            self._since.append(following)
            self._offsets.append(self._offsets[-1] + 1)
        memory = round(MEMORY_S * sample_rate / self._hop)
        while len(self._since) > 1 and self._since[1] < following - memory:
            del self._since[0], self._offsets[0]

    def _renumbered(self, frames: FeatureFrames) -> FeatureFrames:
        return FeatureFrames(
            frames.values, frames.first - self._offsets[-1], frames.layout, frames.hops
        )

    def _sample(self, sample: int) -> int:
        """Sample of the stream that a sample of the detector is."""
        place = bisect_right(self._since, sample // self._hop) - 1
        return sample + self._offsets[max(place, 0)] * self._hop

    def _in_stream(self, segment: Segment) -> Segment:
        return replace(
            segment,
            start=self._sample(segment.start),
            stop=self._sample(segment.stop),
            decided=self._sample(segment.decided - 1) + 1,
        )
