"""What the analysis tells the rest of the process.

``AffectState`` (from `models.types`) and `SignalLevel` are *states*: only the newest matters, and
the outbox lets them coalesce. `Boundary`, `SegmentEnded` and `Status` are *events*: each is
delivered exactly once, in order. All are frozen: nobody edits what another stage said.

Sample indices count from the start of the stream at ``sample_rate`` (the internal rate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.types import AffectState

StatusName = Literal["starting", "listening", "silent", "speech", "calibrating", "frozen", "error"]


@dataclass(frozen=True, slots=True)
class SignalLevel:
    """How loud the input is right now: ``level`` 0..1 (-60..0 dBFS), ``onset`` 0..1."""

    level: float
    onset: float
    stop: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """The expression of the music changed at ``stop``; known at ``decided``.

    ``id`` numbers the segment that *begins* here; the first segment of a stream has id 0 and no
    boundary.
    """

    id: int
    stop: int
    decided: int
    strength: float
    sample_rate: int

    @property
    def time_s(self) -> float:
        """The back-dated instant of the change, seconds."""
        return self.stop / self.sample_rate

    @property
    def decided_s(self) -> float:
        """When it was decided, seconds."""
        return self.decided / self.sample_rate


@dataclass(frozen=True, slots=True)
class SegmentEnded:
    """A finished segment with the mean of what it expressed (quadrant 0 where it was silent)."""

    id: int
    start: int
    stop: int
    sample_rate: int
    valence: float
    arousal: float
    quadrant: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Status:
    """How the process is: one of `StatusName`, and a sentence."""

    state: StatusName
    detail: str


State = AffectState | SignalLevel
Event = Boundary | SegmentEnded | Status
