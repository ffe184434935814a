"""What travels to whoever says things: what the analysis knows, and what people ask for.

``AffectState`` (from `models.types`), `SignalLevel`, `Novelty` and `Tempo` are *states*: only the
newest matters, and the outbox lets them coalesce. `MaybeBoundary`, `Withdrawn`, `Boundary`,
`SegmentEnded`, `Beat` and `Status` are *events*: each is delivered exactly once, in order. What
others ask for (`oscbridge.inlets`) comes as *commands*, which are events too: `oscbridge.composer`
obeys what concerns it, and every output is shown all of them (`Output.obey`). All are frozen:
nobody edits what another stage said.

Sample indices count from the start of the stream at ``sample_rate`` (the internal rate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

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


@dataclass(frozen=True, slots=True)
class Refresh:
    """Say everything once more."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Hold all values as they are, or let them go."""

    hold: bool


@dataclass(frozen=True, slots=True)
class Override:
    """Say these values instead of the music's, ``for_s`` seconds long; 0 ends it, inf never."""

    valence: float
    arousal: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Adjust:
    """Set ``smoothing_s``, ``dwell_s``, ``hysteresis``, ``rate_hz`` or ``sensitivity_v/_a``."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Origin:
    """What is neutral from now on: a point of the plane, or None for what plays now."""

    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Rename:
    """The word for a quadrant, 1..4."""

    quadrant: int
    label: str


@dataclass(frozen=True, slots=True)
class TestPattern:
    """Play ``sweep``, ``quadrants`` or ``request`` instead of the music."""

    __test__ = False  # for pytest, which takes the name for a test's
    name: str


@dataclass(frozen=True, slots=True)
class UsePreset:
    """Speak the words of another host, or those of the same preset as its file says them now."""

    name: str


@dataclass(frozen=True, slots=True)
class Learn:
    """Let only this output speak, so that a host can learn it; None ends it.

    ``sweep``: from one end to the other and back, again and again; otherwise on and off.
    """

    output: str | None
    sweep: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A person says that a new section begins now."""

    label: str


@dataclass(frozen=True, slots=True)
class Felt:
    """What the player feels, as one source says; None where it does not say."""

    source: str
    valence: float | None
    arousal: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget what a source said about the player; None: all of them."""

    source: str | None


@dataclass(frozen=True, slots=True)
class HostTempo:
    """The host's tempo, BPM; 0 where it has none."""

    bpm: float


@dataclass(frozen=True, slots=True)
class HostBeat:
    """The host's position in beats from 0, which may lie between two of them."""

    beat: float


@dataclass(frozen=True, slots=True)
class HostBar:
    """The host's bar, from 0."""

    bar: int


@dataclass(frozen=True, slots=True)
class HostPlaying:
    """Whether the host plays."""

    playing: bool


@dataclass(frozen=True, slots=True)
class HostPlace:
    """Which scene or region plays at the host."""

    name: str


@dataclass(frozen=True, slots=True)
class MakeRequest:
    """Ask the host for such music; what is None is as the settings say."""

    valence: float
    arousal: float
    urgency: float | None = None
    quantise: str | None = None
    reason: str = "user"


@dataclass(frozen=True, slots=True)
class AckRequest:
    """What the host does about a request, one of ``ACKS``, and when it will start if it says so."""

    id: int
    state: str
    until_start_s: float | None = None


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """Take a request back; None: whichever is outstanding."""

    id: int | None


State = AffectState | SignalLevel | Novelty | Tempo
Command = (
    Refresh
    | Freeze
    | Override
    | Adjust
    | Origin
    | Rename
    | TestPattern
    | UsePreset
    | Learn
    | Mark
    | Felt
    | Forget
    | HostTempo
    | HostBeat
    | HostBar
    | HostPlaying
    | HostPlace
    | MakeRequest
    | AckRequest
    | CancelRequest
)
Event = MaybeBoundary | Withdrawn | Boundary | SegmentEnded | Beat | Status | Command
COMMANDS = get_args(Command)
"""Their types, for ``isinstance``."""
