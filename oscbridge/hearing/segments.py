"""SegmentJournal: what each segment expressed, told when its boundary is known.

Conventions
-----------
The segmenter decides late and dates back: when a boundary at ``stop`` becomes known, states from
after it have long arrived. The journal therefore keeps the states of the last `MEMORY_S` seconds
apart and adds older ones to the sums of the open segment. A state belongs to the segment that holds
its ``stop`` (a state at the very boundary has heard the old segment only). All sums run from the
oldest state to the newest: results do not depend on how states and segments are batched.

A state counts by its ``music``: what is said in a pause says nothing. A segment whose states carry
less than `LEAST_MUSIC` on average was silent: quadrant 0, valence, arousal and confidence 0.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from models.types import UNKNOWN, quadrant_of
from oscbridge.events import Boundary, SegmentEnded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsp.types import Segment
    from models.types import AffectState

MEMORY_S = 60.0
"""How far back a boundary may be dated without loss; the segmenter needs less than 20 s."""
LEAST_MUSIC = 0.5
"""Mean of ``AffectState.music`` below which a segment counts as silent."""


def point_of(probabilities: Sequence[float]) -> tuple[float, float]:
    """Valence and arousal that go with probabilities of the four quadrants."""
    q1, q2, q3, q4 = probabilities
    return q1 + q4 - q2 - q3, q1 + q2 - q3 - q4


class _Sums:
    """Running sums over states, weighted by how surely there was music."""

    __slots__ = ("arousal", "confidence", "count", "probabilities", "valence", "weight")

    def __init__(self) -> None:
        self.count = 0
        self.weight = 0.0
        self.valence = 0.0
        self.arousal = 0.0
        self.confidence = 0.0
        self.probabilities = (0.0, 0.0, 0.0, 0.0)

    def add(self, state: AffectState) -> None:
        """Count a state."""
        music = state.music
        self.count += 1
        self.weight += music
        self.valence += music * state.valence
        self.arousal += music * state.arousal
        self.confidence += music * state.confidence
        p, q = self.probabilities, state.quadrant_probabilities
        self.probabilities = (
            p[0] + music * q[0],
            p[1] + music * q[1],
            p[2] + music * q[2],
            p[3] + music * q[3],
        )

    def ended(self, number: int, start: int, stop: int, sample_rate: int) -> SegmentEnded:
        """Return the means as the event that ends segment ``number``."""
        valence = arousal = confidence = 0.0
        quadrant = UNKNOWN
        if self.count and self.weight >= LEAST_MUSIC * self.count:
            valence, arousal = self.valence / self.weight, self.arousal / self.weight
            confidence = self.confidence / self.weight
            if confidence > 0.0:
                quadrant = quadrant_of(*point_of(self.probabilities))
        return SegmentEnded(
            id=number,
            start=start,
            stop=stop,
            sample_rate=sample_rate,
            valence=valence,
            arousal=arousal,
            quadrant=quadrant,
            confidence=confidence,
        )


class SegmentJournal:
    """Turn states and segments into the events of `oscbridge.events`.

    Parameters
    ----------
    sample_rate : int
        Samples per second of all sample indices, Hz.

    Raises
    ------
    ValueError
        Not a positive rate.

    Notes
    -----
    All states up to the ``stop`` of a segment come before that segment; later ones may come before
    or after it. The first segment has id 0.
    """

    def __init__(self, sample_rate: int) -> None:
        if sample_rate < 1:
            raise ValueError(f"sample_rate must be 1 or more, not {sample_rate}")
        self.sample_rate = sample_rate
        self._memory = round(MEMORY_S * sample_rate)
        self._recent: deque[AffectState] = deque()
        self.reset()

    def update(self, state: AffectState) -> None:
        """Note what the music expresses; states come in the order of their ``stop``."""
        self._recent.append(state)
        while self._recent[0].stop < state.stop - self._memory:
            self._sums.add(self._recent.popleft())

    @property
    def following(self) -> int:
        """Id of the segment that the next boundary will begin."""
        return self._number + 1

    @property
    def begun(self) -> int:
        """Sample at which the open segment begins."""
        return self._start

    def close(self, segment: Segment) -> list[Boundary | SegmentEnded]:
        """Take a segment that the segmenter closed; return the boundary and its end.

        The boundary comes first: it is the news, and it names the segment that begins.
        """
        ended = self._end(segment.stop)
        boundary = Boundary(
            id=ended.id + 1,
            stop=segment.stop,
            decided=segment.decided,
            strength=segment.strength,
            sample_rate=self.sample_rate,
        )
        return [boundary, ended]

    def finish(self, stop: int) -> list[Boundary | SegmentEnded]:
        """End the last segment where the stream ends; nothing if it is empty."""
        return [self._end(stop)] if stop > self._start else []

    def reset(self) -> None:
        """Start a new stream."""
        self._recent.clear()
        self._sums = _Sums()
        self._number = 0
        self._start = 0

    def _end(self, stop: int) -> SegmentEnded:
        """Count the states up to ``stop``, tell their means, and begin the next segment."""
        while self._recent and self._recent[0].stop <= stop:
            self._sums.add(self._recent.popleft())
        ended = self._sums.ended(self._number, self._start, stop, self.sample_rate)
        self._sums = _Sums()
        self._number += 1
        self._start = stop
        return ended
