"""What people and programs ask of a run: commands.

Conventions
-----------
They come from whoever speaks to us (`oscbridge.inlets`), travel as events do, and are frozen like
these. `oscbridge.composer` obeys what concerns it, and every output is shown all of them
(`oscbridge.outputs.base.Output.obey`). They have been checked: whoever gets one can rely on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge.labels.place import LabelPlace  # noqa: TC001 - read by who reads records back
from oscbridge.library.suggested import Suggested

if TYPE_CHECKING:
    from oscbridge.wire.packet import Argument


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
    """Set one of `oscbridge.inbound.actions.ADJUSTABLE`."""

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
class UseLabels:
    """These are the labels of the user's own from now on."""

    labels: tuple[LabelPlace, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from corrections: those that count, those that are held back; in words."""

    profile: str
    corrections: int
    held_back: int
    frozen: bool
    words: str


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
class Pulse:
    """The player's heart rate and, where it is known, the one at rest; beats a minute."""

    source: str
    bpm: float
    resting_bpm: float | None


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget what a source said about the player; None: all of them."""

    source: str | None


@dataclass(frozen=True, slots=True)
class UseStrategy:
    """Ask for other music by this one of `oscbridge.asking.settings.STRATEGIES`."""

    name: str


@dataclass(frozen=True, slots=True)
class InContext:
    """What goes on in the game, ``"combat"``; empty where nothing in particular does."""

    name: str


@dataclass(frozen=True, slots=True)
class Goal:
    """Where the player shall be, or what the game wants; ``urgency`` 0..1 where it says so."""

    valence: float
    arousal: float
    urgency: float | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """Whether the player wants no music to be asked for because of what he or she feels."""

    out: bool


@dataclass(frozen=True, slots=True)
class Skip:
    """The player did not like the music that was asked for, and has left it."""


@dataclass(frozen=True, slots=True)
class AskNow:
    """Act on what the player feels without waiting for it to last."""


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
class HostSaid:
    """What a host says in words of its own, for who has its preset."""

    address: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class MakeRequest:
    """Ask the host for such music; what is None is as the settings say."""

    valence: float
    arousal: float
    urgency: float | None = None
    quantise: str | None = None
    reason: str = "user"
    deadline_s: float | None = None
    fade_beats: float | None = None


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


Command = (
    Refresh
    | Freeze
    | Override
    | Adjust
    | Origin
    | Rename
    | UseLabels
    | Learned
    | TestPattern
    | UsePreset
    | Learn
    | Mark
    | Felt
    | Pulse
    | Forget
    | UseStrategy
    | InContext
    | Goal
    | OptOut
    | Skip
    | AskNow
    | HostTempo
    | HostBeat
    | HostBar
    | HostPlaying
    | HostPlace
    | HostSaid
    | MakeRequest
    | AckRequest
    | CancelRequest
    | Suggested
)
