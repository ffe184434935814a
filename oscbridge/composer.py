"""What to say when: states and events in, messages out, by the rules of the protocol.

Conventions
-----------
No thread, no socket and no clock: the caller says what time it is (seconds, monotonic), so every
rule can be tested with an invented one. `compose` returns clean messages in the order in which they
have to leave; `next_due_s` is the instant at which there is something to say even if nothing comes.

- *continuous* signals leave as soon as a new state arrives, at most ``rate_hz`` times a second;
  what was held back leaves when the rate allows. They leave when they moved by more than the dead
  band, and after ``refresh_s`` anyway.
- *state* signals leave on change, and after ``refresh_s``.
- *events* leave at once, once, after the states that belong to them.
- When no state has come for `STALE_S`, the confidence and the presence of music fade to 0 within
  `FADE_S`: a lost device must not leave a host in the last quadrant for ever.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from models.types import UNKNOWN, AffectState
from oscbridge import __version__
from oscbridge.events import Boundary, Novelty, SegmentEnded, SignalLevel, Status
from oscbridge.news import messages_of
from oscbridge.protocol import INT_MAX, PROTOCOL, SIGNALS, Message
from oscbridge.quadrant_tracker import EnergyMeter, QuadrantTracker, TempoMeter
from oscbridge.rates import Cadence, Held
from oscbridge.snapshot import EVEN, RECENT_BOUNDARIES, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.config import SendSettings
    from oscbridge.events import Event, State
    from oscbridge.labels import Labels
    from oscbridge.quadrant_tracker import QuadrantSettings

STALE_S = 2.0
FADE_S = 3.0

_CONTINUOUS = tuple(s.name for s in SIGNALS.values() if s.when == "continuous")
_STATES = tuple(s.name for s in SIGNALS.values() if s.when == "state")


class Composer:
    """Decides what the receivers are told.

    Parameters
    ----------
    send : SendSettings
        Rate, dead band, refresh, heartbeat.
    quadrant : QuadrantSettings
        How steady the quadrant is.
    labels : Labels
        The words for quadrants.
    session : str
        Id of this run.
    now_s : float
        When the session starts.
    """

    def __init__(
        self,
        send: SendSettings,
        quadrant: QuadrantSettings,
        labels: Labels,
        session: str,
        now_s: float,
    ) -> None:
        self._send = send
        self._labels = labels
        self._tracker = QuadrantTracker(quadrant)
        self._energy = EnergyMeter()
        self._held = {name: Held() for name in (*_CONTINUOUS, *_STATES)}
        self._cadence = Cadence(send.rate_hz)
        self._fresh = False  # continuous values wait to be sent
        self._start_s = now_s
        self._greeting: list[Message] = [SIGNALS["hello"].message(__version__, session, PROTOCOL)]
        self._beat = 0
        self._beat_due_s = now_s
        self._dwell_due_s = now_s + send.refresh_s
        self._entered_s = now_s
        self._affect: AffectState | None = None
        self._affect_s = now_s
        self._level = SignalLevel(0.0, 0.0, 0, 1)
        self._faded = 0.0  # 0: fresh, 1: nothing is known any more
        self._segment_id = 0
        self._segment_begun = False
        self._boundaries: deque[Boundary] = deque(maxlen=RECENT_BOUNDARIES)
        self._tempo = TempoMeter()
        self._status = Status("starting", "")
        self._input_latency_s = 0.0
        self._hold("status", "starting", "")
        self._hold("quadrant", UNKNOWN)
        self._hold("quadrant/label", labels.of(UNKNOWN))
        self._hold("tempo", 0.0)

    def set_latency(self, analysis_s: float, smoothing_s: float, input_s: float) -> None:
        """Say what the analysis costs: sound to value, time constant, share of the input."""
        self._input_latency_s = input_s
        self._hold("latency", analysis_s, smoothing_s)

    def compose(
        self, states: Sequence[State], events: Sequence[Event], now_s: float
    ) -> list[Message]:
        """Take what came in and return what has to leave now."""
        out, self._greeting = self._greeting, []
        for state in states:
            if isinstance(state, AffectState):
                self._take_affect(state, now_s, out)
            elif isinstance(state, SignalLevel):
                self._take_level(state)
            elif isinstance(state, Novelty):
                self._hold("segment/novelty", state.probability)
                self._fresh = True
            else:
                self._hold("tempo", self._tempo.update(state.bpm))
        self._fade(now_s, out)
        self._take_events(events, out)
        self._say_states(now_s, out)
        self._say_continuous(now_s, out)
        self._say_alive(now_s, out)
        return _events_last(out)

    def next_due_s(self) -> float:
        """Instant at which `compose` has something to say without input."""
        due_s = min(self._beat_due_s, self._dwell_due_s)
        if self._fresh:
            due_s = min(due_s, self._cadence.due_s)
        for held in self._held.values():
            due_s = min(due_s, held.stale_s(self._send.refresh_s))
        if self._affect is not None and self._faded < 1.0:
            due_s = min(due_s, max(self._affect_s + STALE_S, self._cadence.due_s))
        return due_s

    def snapshot(self, now_s: float) -> Snapshot:
        """Present values; counters are the caller's."""
        affect = self._affect
        rest = 1.0 - self._faded
        quadrant = self._tracker.quadrant
        return Snapshot(
            known=affect is not None,
            valence=affect.valence if affect else 0.0,
            arousal=affect.arousal if affect else 0.0,
            confidence=affect.confidence * rest if affect else 0.0,
            music=affect.music * rest if affect else 0.0,
            quadrant=quadrant,
            label=self._labels.of(quadrant),
            quadrant_probabilities=affect.quadrant_probabilities if affect else EVEN,
            level=self._level.level,
            onset=self._level.onset,
            tempo_bpm=self._tempo.bpm,
            segment_id=self._segment_id,
            boundaries=tuple(self._boundaries),
            status=self._status,
            elapsed_s=now_s - self._start_s,
        )

    def _hold(self, name: str, *values: object) -> None:
        self._held[name].args = SIGNALS[name].message(*values).args

    def _take_affect(self, state: AffectState, now_s: float, out: list[Message]) -> None:
        valence, arousal = state.valence, state.arousal
        if not math.isfinite(valence + arousal + state.confidence + state.music):
            return  # as good as no news: the last values stay, then fade
        self._affect, self._affect_s, self._faded = state, now_s, 0.0
        self._hold("valence", valence)
        self._hold("arousal", arousal)
        self._hold("norm/valence", (valence + 1.0) / 2.0)
        self._hold("norm/arousal", (arousal + 1.0) / 2.0)
        self._hold("va", valence, arousal)
        self._hold("confidence", state.confidence)
        self._hold("intensity", (arousal + 1.0) / 2.0)
        self._hold("music", state.music)
        for number, membership in enumerate(state.quadrant_probabilities, start=1):
            self._hold(f"quadrant/{number}", membership)
        self._hold("energy", self._energy.update(arousal))
        self._fresh = True
        if self._tracker.update(state):
            self._enter(state.confidence, now_s, out)
        if not self._segment_begun and state.confidence > 0.0:
            self._begin_segment(self._segment_id, out)

    def _take_level(self, level: SignalLevel) -> None:
        self._level = level
        self._hold("audio/level", level.level)
        self._hold("audio/onset", level.onset)
        self._fresh = True

    def _enter(self, confidence: float, now_s: float, out: list[Message]) -> None:
        quadrant = self._tracker.quadrant
        label = self._labels.of(quadrant)
        self._entered_s = now_s
        self._hold("quadrant", quadrant)
        self._hold("quadrant/label", label)
        out.append(SIGNALS["quadrant/enter"].message(quadrant, label, confidence))

    def _fade(self, now_s: float, out: list[Message]) -> None:
        silent_s = now_s - self._affect_s - STALE_S
        if self._affect is None or silent_s <= 0.0 or self._faded >= 1.0:
            return
        self._faded = min(silent_s / FADE_S, 1.0)
        self._hold("confidence", self._affect.confidence * (1.0 - self._faded))
        self._hold("music", self._affect.music * (1.0 - self._faded))
        self._fresh = True
        if self._faded >= 1.0 and self._tracker.lose():
            self._enter(0.0, now_s, out)

    def _take_events(self, events: Sequence[Event], out: list[Message]) -> None:
        begun: int | None = None
        for event in events:
            if isinstance(event, Boundary):
                if begun is not None:
                    self._begin_segment(begun, out)
                self._boundaries.append(event)
                out += messages_of(event, self._input_latency_s)
                begun = event.id
            elif isinstance(event, SegmentEnded):
                out += messages_of(event, self._input_latency_s)
                if begun is not None:
                    self._begin_segment(begun, out)
                    begun = None
            elif isinstance(event, Status):
                self._status = event
                self._hold("status", event.state, event.detail)
            else:
                out += messages_of(event, self._input_latency_s)
        if begun is not None:
            self._begin_segment(begun, out)

    def _begin_segment(self, number: int, out: list[Message]) -> None:
        quadrant = self._affect.quadrant if self._affect else UNKNOWN
        confidence = self._affect.confidence if self._affect else 0.0
        self._segment_id, self._segment_begun = number, True
        out.append(SIGNALS["segment/start"].message(number, self._labels.of(quadrant), confidence))

    def _say_states(self, now_s: float, out: list[Message]) -> None:
        for name in _STATES:
            held = self._held[name]
            if held.changed(0.0) or now_s >= held.stale_s(self._send.refresh_s):
                self._say(name, held, now_s, out)

    def _say_continuous(self, now_s: float, out: list[Message]) -> None:
        moved = self._fresh and self._cadence.ready(now_s)
        if moved:
            self._fresh = False
        for name in _CONTINUOUS:
            held = self._held[name]
            changed = moved and held.changed(self._send.dead_band)
            if changed or now_s >= held.stale_s(self._send.refresh_s):
                self._say(name, held, now_s, out)

    def _say_alive(self, now_s: float, out: list[Message]) -> None:
        if now_s >= self._dwell_due_s:
            self._dwell_due_s = now_s + self._send.refresh_s
            out.append(SIGNALS["quadrant/dwell"].message(now_s - self._entered_s))
        if now_s >= self._beat_due_s:
            # The grid stays: a late beat does not make the next one late.
            missed = math.floor((now_s - self._beat_due_s) / self._send.heartbeat_s)
            self._beat_due_s += (missed + 1) * self._send.heartbeat_s
            t_ms = int((now_s - self._start_s) * 1e3) & INT_MAX
            out.append(SIGNALS["heartbeat"].message(self._beat & INT_MAX, t_ms))
            self._beat += 1

    def _say(self, name: str, held: Held, now_s: float, out: list[Message]) -> None:
        if held.args is not None:
            out.append(Message(SIGNALS[name], held.args))
            held.mark(now_s)


def _events_last(messages: list[Message]) -> list[Message]:
    """Put events behind the states that came with them, so that a host acts on the new values."""
    return sorted(messages, key=lambda message: message.signal.when == "event")
