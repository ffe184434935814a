"""How things stand right now, for whoever shows it: the terminal, the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from models.types import UNKNOWN
from oscbridge.events import Boundary, Status
from oscbridge.fusion import Feeling

if TYPE_CHECKING:
    from oscbridge.labels.place import LabelPlace

RECENT_BOUNDARIES = 32
EVEN = (0.25, 0.25, 0.25, 0.25)
"""Probabilities of the quadrants where nothing is known."""


class OutputState(NamedTuple):
    """How an output is doing."""

    name: str
    sent: int
    errors: int
    detail: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment, frozen; quantities as in `AffectState` and `SignalLevel`.

    Attributes
    ----------
    stream : str
        Name of the stream where there are several.
    known : bool
        Whether anything was heard yet; until then valence and arousal say nothing.
    quadrant, label
        The steady quadrant, as sent.
    tempo_bpm : float
        As sent, 0 where no beat is steady.
    segment_id : int
        The running segment.
    boundaries : tuple of Boundary
        The last ones, oldest first.
    labels : tuple of LabelPlace
        Labels of the user's own.
    player : Feeling
        What the player feels, as sent.
    sensors : tuple of str
        What is wrong with those who tell it, in their words.
    strategy : str
        By which other music is asked for because of what the player feels.
    decision : str
        Why it is asked for or is not, one sentence; empty where nobody has decided.
    elapsed_s : float
        Seconds since the session started.
    stats : dict
        The counters of `Stats`.
    outputs : tuple of OutputState
        One entry an output.
    """

    stream: str = ""
    known: bool = False
    valence: float = 0.0
    arousal: float = 0.0
    confidence: float = 0.0
    music: float = 0.0
    quadrant: int = UNKNOWN
    label: str = ""
    quadrant_probabilities: tuple[float, float, float, float] = EVEN
    level: float = 0.0
    onset: float = 0.0
    tempo_bpm: float = 0.0
    segment_id: int = 0
    boundaries: tuple[Boundary, ...] = ()
    labels: tuple[LabelPlace, ...] = ()
    status: Status = field(default_factory=lambda: Status("starting", ""))
    player: Feeling = field(default_factory=Feeling)
    sensors: tuple[str, ...] = ()
    strategy: str = "off"
    decision: str = ""
    elapsed_s: float = 0.0
    stats: dict[str, int] = field(default_factory=dict[str, int])
    outputs: tuple[OutputState, ...] = ()
