"""What the music does, told: its states and events become values that are held, and messages.

Conventions
-----------
Times are seconds that the caller reads off a clock. While it is ``frozen``, the music is followed
and nothing of it told: values stay as they are. Let go, what has come meanwhile is told as news.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from msgspec.structs import replace

from models.types import UNKNOWN, AffectState
from oscbridge.events import Beat, Boundary, Novelty, SegmentEnded, SignalLevel, Status
from oscbridge.protocol import SIGNALS
from oscbridge.saying.label_weights import LabelWeights
from oscbridge.saying.news import messages_of
from oscbridge.saying.quadrant_tracker import EnergyMeter, QuadrantTracker, TempoMeter
from oscbridge.saying.tuning import Tuning
from oscbridge.snapshot import EVEN, RECENT_BOUNDARIES, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.events import Event, State
    from oscbridge.labels import Labels
    from oscbridge.labels.place import LabelPlace
    from oscbridge.protocol import Message
    from oscbridge.saying.announcer import Announcer
    from oscbridge.saying.quadrant_tracker import QuadrantSettings

STALE_S = 2.0
FADE_S = 3.0


class Narrator:
    """Tells the music.

    Parameters
    ----------
    announcer : Announcer
        Holds the values.
    quadrant : QuadrantSettings
        How steady the quadrant is.
    labels : Labels
        The words for quadrants.
    now_s : float
        When the session starts.

    Attributes
    ----------
    tuning : Tuning
        What users turn.
    tracker : QuadrantTracker
        Keeps the quadrant steady.
    status : Status
        How the process is, as it was said last.
    input_latency_s : float
        What the input needs to bring the sound.
    labels : Labels
        The words in use.
    own_labels : LabelWeights
        Labels of the user's own.
    """

    def __init__(
        self, announcer: Announcer, quadrant: QuadrantSettings, labels: Labels, now_s: float
    ) -> None:
        self.tuning = Tuning()
        self.tracker = QuadrantTracker(quadrant)
        self.status = Status("starting", "")
        self.input_latency_s = 0.0
        self.labels = labels
        self.own_labels = LabelWeights(announcer)
        self._announcer = announcer
        self._energy = EnergyMeter()
        self._tempo = TempoMeter()
        self._affect: AffectState | None = None
        self._affect_s = now_s
        self._level = SignalLevel(0.0, 0.0, 0, 1)
        self._faded = 0.0  # 0: fresh, 1: nothing is known any more
        self._segment_id = 0
        self._segment_begun = False
        self._boundaries: deque[Boundary] = deque(maxlen=RECENT_BOUNDARIES)
        self._frozen = False
        self._unsaid: AffectState | None = None  # came while frozen
        announcer.hold("quadrant", UNKNOWN)
        announcer.hold("quadrant/label", labels.of(UNKNOWN))

    @property
    def frozen(self) -> bool:
        """Whether values are held as they are."""
        return self._frozen

    @property
    def point(self) -> tuple[float, float] | None:
        """Valence and arousal as told; None where nothing is known."""
        affect = self._affect
        known = affect is not None and affect.quadrant != UNKNOWN and self._faded < 1.0
        return (affect.valence, affect.arousal) if affect is not None and known else None

    @property
    def tempo_bpm(self) -> float:
        """Tempo as heard, 0 where no beat is steady."""
        return self._tempo.bpm

    @property
    def due_s(self) -> float:
        """When something fades, if nothing comes."""
        if self._affect is None or self._faded >= 1.0 or self._frozen:
            return math.inf
        return max(self._affect_s + STALE_S, self._announcer.cadence.due_s)

    def freeze(self, now_s: float, out: list[Message], *, hold: bool) -> None:
        """Hold all values as they are, or let them go and tell the present."""
        if self._frozen and not hold:
            self._frozen, self._affect_s = False, now_s
            unsaid, self._unsaid = self._unsaid, None
            if unsaid is not None:
                self.take_affect(unsaid, now_s, out)
            if not self._segment_begun:
                self._begin_segment(self._segment_id, out)
        self._frozen = hold

    def adjust(self, name: str, value: float) -> None:
        """Turn ``dwell_s`` or ``hysteresis`` of the quadrant, or what `Tuning` has."""
        if name in ("dwell_s", "hysteresis"):
            self.tracker.settings = replace(self.tracker.settings, **{name: value})
        else:
            setattr(self.tuning, name, value)

    def rename(self, labels: Labels) -> None:
        """Use other words for quadrants."""
        self.labels = labels
        self._announcer.hold("quadrant/label", labels.of(self.tracker.quadrant))

    def use_labels(self, places: Sequence[LabelPlace], out: list[Message]) -> None:
        """Use these labels of the user's own from now on."""
        out += self.own_labels.use(places)
        if not self._frozen:
            self.own_labels.update(self.point, 1.0 - self._faded, self.tuning.sight)
            self._announcer.fresh = True

    def take_state(self, state: State, now_s: float, out: list[Message]) -> None:
        """Take what is new about the music."""
        if isinstance(state, AffectState):
            self.take_affect(self.tuning.update(state), now_s, out)
        elif isinstance(state, SignalLevel):
            self._level = state
            if not self._frozen:
                self._announcer.hold("audio/level", state.level)
                self._announcer.hold("audio/onset", state.onset)
                self._announcer.fresh = True
        elif isinstance(state, Novelty):
            if not self._frozen:
                self._announcer.hold("segment/novelty", state.probability)
                self._announcer.fresh = True
        else:
            self._tempo.update(state.bpm)

    def take_affect(self, state: AffectState, now_s: float, out: list[Message]) -> None:
        """Take an estimate as it shall be told."""
        valence, arousal = state.valence, state.arousal
        if not math.isfinite(valence + arousal + state.confidence + state.music):
            return  # as good as no news: the last values stay, then fade
        if self._frozen:
            self._unsaid = state
            return
        self._affect, self._affect_s, self._faded = state, now_s, 0.0
        hold = self._announcer.hold
        hold("valence", valence)
        hold("arousal", arousal)
        hold("norm/valence", (valence + 1.0) / 2.0)
        hold("norm/arousal", (arousal + 1.0) / 2.0)
        hold("va", valence, arousal)
        hold("confidence", state.confidence)
        # Valence is the mean of a sign that is +1 with the probability that the music is pleasant.
        hold("uncertainty/valence", math.sqrt(max(1.0 - valence * valence, 0.0)))
        hold("uncertainty/arousal", math.sqrt(max(1.0 - arousal * arousal, 0.0)))
        hold("intensity", (arousal + 1.0) / 2.0 + self.tuning.intensity_bias)
        hold("music", state.music)
        for number, membership in enumerate(state.quadrant_probabilities, start=1):
            hold(f"quadrant/{number}", membership)
        hold("energy", self._energy.update(arousal))
        self.own_labels.update(self.point, sight=self.tuning.sight)
        self._announcer.fresh = True
        if self.tracker.update(state):
            self._enter(state.confidence, now_s, out)
        if not self._segment_begun and state.confidence > 0.0:
            self._begin_segment(self._segment_id, out)

    def take_events(self, events: Sequence[Event], out: list[Message], *, beats: bool) -> None:
        """Take what has happened; ``beats``: those that were heard are told."""
        begun: int | None = None
        for event in events:
            if isinstance(event, Boundary):
                if begun is not None:
                    self._begin_segment(begun, out)
                self._boundaries.append(event)
                self._tell(event, out)
                begun = event.id
            elif isinstance(event, SegmentEnded):
                self._tell(event, out)
                if begun is not None:
                    self._begin_segment(begun, out)
                    begun = None
            elif isinstance(event, Status):
                self.status = event
            elif beats or not isinstance(event, Beat):
                self._tell(event, out)
        if begun is not None:
            self._begin_segment(begun, out)

    def fade(self, now_s: float, out: list[Message]) -> None:
        """Let what is known fade where no news comes."""
        if self._affect is None or self._faded >= 1.0 or self._frozen:
            return
        if now_s < self._affect_s + STALE_S:
            return
        self._faded = min(max((now_s - self._affect_s - STALE_S) / FADE_S, 0.0), 1.0)
        self._announcer.hold("confidence", self._affect.confidence * (1.0 - self._faded))
        self._announcer.hold("music", self._affect.music * (1.0 - self._faded))
        self.own_labels.update(self.point, 1.0 - self._faded, self.tuning.sight)
        self._announcer.fresh = True
        if self._faded >= 1.0 and self.tracker.lose():
            self._enter(0.0, now_s, out)

    def snapshot(self) -> Snapshot:
        """Present values; what else is known is the caller's."""
        affect = self._affect
        rest = 1.0 - self._faded
        quadrant = self.tracker.quadrant
        return Snapshot(
            known=affect is not None,
            valence=affect.valence if affect else 0.0,
            arousal=affect.arousal if affect else 0.0,
            confidence=affect.confidence * rest if affect else 0.0,
            music=affect.music * rest if affect else 0.0,
            quadrant=quadrant,
            label=self.labels.of(quadrant),
            quadrant_probabilities=affect.quadrant_probabilities if affect else EVEN,
            level=self._level.level,
            onset=self._level.onset,
            segment_id=self._segment_id,
            boundaries=tuple(self._boundaries),
            labels=self.own_labels.places,
        )

    def _tell(self, event: Event, out: list[Message]) -> None:
        if not self._frozen:
            out += messages_of(event, self.input_latency_s)

    def _enter(self, confidence: float, now_s: float, out: list[Message]) -> None:
        quadrant = self.tracker.quadrant
        label = self.labels.of(quadrant)
        self._announcer.enter(now_s)
        self._announcer.hold("quadrant", quadrant)
        self._announcer.hold("quadrant/label", label)
        out.append(SIGNALS["quadrant/enter"].message(quadrant, label, confidence))

    def _begin_segment(self, number: int, out: list[Message]) -> None:
        self._segment_id, self._segment_begun = number, not self._frozen
        if self._frozen:
            return
        quadrant = self._affect.quadrant if self._affect else UNKNOWN
        confidence = self._affect.confidence if self._affect else 0.0
        out.append(SIGNALS["segment/start"].message(number, self.labels.of(quadrant), confidence))
