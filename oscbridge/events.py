"""What travels to whoever says things: what the analysis knows, and what people ask for.

``AffectState`` (from `models.types`), `SignalLevel`, `Novelty` and `Tempo` are *states*: only the
newest matters, and the outbox lets them coalesce. `MaybeBoundary`, `Withdrawn`, `Boundary`,
`SegmentEnded`, `Beat` and `Status` are *events*: each is delivered exactly once, in order. What
others ask for comes as *commands* (`oscbridge.orders`), which are events too. All are frozen:
nobody edits what another stage said.

Sample indices count from the start of the stream at ``sample_rate`` (the internal rate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.types import AffectState
from oscbridge.orders import Command

StatusName = Literal["starting", "listening", "silent", "speech", "calibrating", "frozen", "error"]


@dataclass(frozen=True, slots=True)
class SignalLevel:
    """How loud the input is right now: ``level`` 0..1 (-60..0 dBFS), ``onset`` 0..1."""

    level: float
    onset: float
    stop: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Novelty:
    """How probably a boundary is in the air right now, 0..1."""

    probability: float
    stop: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Tempo:
    """Beats a minute right now, 0 where there is no steady beat."""

    bpm: float
    stop: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat at ``stop``, told as it falls.

    ``index`` counts the beats of the stream, ``bar`` the bars where one begins on this beat (else
    -1); ``confidence`` is 0..1, ``tempo_bpm`` what the beats around it make.
    """

    index: int
    stop: int
    confidence: float
    bar: int
    tempo_bpm: float
    sample_rate: int

    @property
    def time_s(self) -> float:
        """The instant of the beat, seconds."""
        return self.stop / self.sample_rate


@dataclass(frozen=True, slots=True)
class MaybeBoundary:
    """Segment ``id`` has perhaps begun at ``stop``; a `Boundary` or `Withdrawn` of it follows."""

    id: int
    stop: int
    decided: int
    probability: float
    sample_rate: int

    @property
    def age_s(self) -> float:
        """How long ago the change was when this was said, seconds."""
        return (self.decided - self.stop) / self.sample_rate


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Segment ``id`` has not begun after all; known at ``decided``."""

    id: int
    decided: int
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

    @property
    def age_s(self) -> float:
        """How long ago the change was when it was decided, seconds."""
        return (self.decided - self.stop) / self.sample_rate


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


State = AffectState | SignalLevel | Novelty | Tempo
Event = MaybeBoundary | Withdrawn | Boundary | SegmentEnded | Beat | Status | Command
