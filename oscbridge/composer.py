"""What to say when: states, events and commands in, messages out, by the rules of the protocol.

Conventions
-----------
No thread, no socket and no clock: the caller says what time it is (seconds, monotonic), so every
rule can be tested with an invented one. `compose` returns clean messages in the order in which they
have to leave; `next_due_s` is the instant at which there is something to say even if nothing comes.

Values are held by an `Announcer`, which says them when it is time; what the music does comes from a
`Narrator`. Events leave at once, once, after the states that belong to them. What others ask for is
obeyed before anything else is said.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from models.types import AffectState
from oscbridge import __version__
from oscbridge import orders as do
from oscbridge.events import Status
from oscbridge.protocol import PROTOCOL, SIGNALS
from oscbridge.saying.announcer import Announcer
from oscbridge.saying.host_clock import HostClock
from oscbridge.saying.learning import Learning
from oscbridge.saying.narrator import Narrator
from oscbridge.saying.quantise_point import Feedback
from oscbridge.saying.stand_in import StandIn
from oscbridge.saying.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.asking.settings import PolicySettings
    from oscbridge.config import SendSettings
    from oscbridge.events import Event, State
    from oscbridge.fusion import FusionSettings
    from oscbridge.labels import Labels
    from oscbridge.protocol import Message
    from oscbridge.saying.music_request import RequestSettings
    from oscbridge.saying.quadrant_tracker import QuadrantSettings
    from oscbridge.sight import Sight
    from oscbridge.snapshot import Snapshot

TEST_REQUEST = do.MakeRequest(0.7, 0.7, 1.0, "now", "test")
"""What the test pattern ``request`` asks for."""


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
    requests : RequestSettings, optional
        How other music is asked for.
    fusion : FusionSettings, optional
        How sensors become one player.
    policy : PolicySettings, optional
        When other music is asked for because of what the player feels.
    """

    def __init__(
        self,
        send: SendSettings,
        quadrant: QuadrantSettings,
        labels: Labels,
        session: str,
        now_s: float,
        requests: RequestSettings | None = None,
        fusion: FusionSettings | None = None,
        policy: PolicySettings | None = None,
    ) -> None:
        self._start_s = now_s
        self._greeting: list[Message] = [SIGNALS["hello"].message(__version__, session, PROTOCOL)]
        self._announcer = Announcer(send, now_s)
        self._music = Narrator(self._announcer, quadrant, labels, now_s)
        self._heard: AffectState | None = None  # of the music, while something stands in for it
        self._stand_in = StandIn()
        self._stand_in_due_s = math.inf
        self._host = HostClock()
        self._wishes = Wishes(self._announcer, labels, requests, fusion, policy)
        self._learning = Learning()
        self._latency_s = (0.0, 0.0)
        self._status: Status | None = None
        self._tempo_bpm = -1.0
        self._announcer.hold("personal", "", 0, 0, "")
        self._tell_status()
        self._tell_tempo(now_s)

    @property
    def last_request(self) -> int:
        """Id of the newest request; 0 before the first. May be read by any thread."""
        return self._wishes.last_request

    @property
    def sight(self) -> Sight:
        """How the plane is seen by who is told."""
        return self._music.tuning.sight

    def set_latency(self, analysis_s: float, smoothing_s: float, input_s: float) -> None:
        """Say what the analysis costs: sound to value, time constant, share of the input."""
        self._music.input_latency_s = input_s
        self._latency_s = analysis_s, smoothing_s
        self._tell_latency()

    def compose(
        self, states: Sequence[State], events: Sequence[Event], now_s: float
    ) -> list[Message]:
        """Take what came in and return what has to leave now."""
        out, self._greeting = self._greeting, []
        happened: list[Event] = []
        for event in events:
            if isinstance(event, do.Command):
                self._obey(event, now_s, out)
            else:
                happened.append(event)
        self._take_states(states, now_s, out)
        self._music.fade(now_s, out)
        self._music.take_events(happened, out, beats=not self._host.beats(now_s))
        self._tell_tempo(now_s)
        out += self._wishes.update(self._music.point, now_s, held=self._music.frozen)
        self._tell_status()
        self._announcer.say(now_s, out)
        return self._learning.say(_events_last(out), now_s)

    def next_due_s(self) -> float:
        """Instant at which `compose` has something to say without input."""
        return min(
            self._announcer.due_s,
            self._music.due_s,
            self._stand_in_due_s,
            self._host.due_s,
            self._learning.due_s,
            self._wishes.due_s,
        )

    def snapshot(self, now_s: float) -> Snapshot:
        """Present values; counters are the caller's."""
        return replace(
            self._music.snapshot(),
            tempo_bpm=max(self._tempo_bpm, 0.0),
            status=self._status or self._music.status,
            player=self._wishes.feeling,
            strategy=self._wishes.strategy,
            decision=self._wishes.decision.words,
            elapsed_s=now_s - self._start_s,
        )

    def _take_states(self, states: Sequence[State], now_s: float, out: list[Message]) -> None:
        instead = self._stand_in.state(now_s)
        self._stand_in_due_s = self._stand_in.due_s(now_s)
        for state in states:
            if instead is not None and isinstance(state, AffectState):
                self._heard = state
            else:
                self._music.take_state(state, now_s, out)
        if instead is not None:
            self._music.take_affect(instead, now_s, out)
        elif self._heard is not None:  # what stood in has just ended
            self._music.take_state(self._heard, now_s, out)
            self._heard = None

    def _tell_status(self) -> None:
        status = self._music.status
        instead = self._stand_in.words or self._learning.words
        if self._music.frozen:
            status = Status("frozen", "what the music expresses is held as it is")
        elif instead:
            status = Status(status.state, instead)
        if status != self._status:
            self._status = status
            self._announcer.hold("status", status.state, status.detail)

    def _tell_tempo(self, now_s: float) -> None:
        bpm = self._host.bpm if self._host.leads(now_s) else self._music.tempo_bpm
        if bpm != self._tempo_bpm and not self._music.frozen:
            self._tempo_bpm = bpm
            self._announcer.hold("tempo", bpm)

    def _tell_latency(self) -> None:
        analysis_s, smoothing_s = self._latency_s
        own_s = self._music.tuning.smoothing_s
        self._announcer.hold("latency", analysis_s + own_s, smoothing_s + own_s)

    def _obey(self, command: do.Command, now_s: float, out: list[Message]) -> None:
        match command:
            case do.Refresh() | do.UsePreset():
                out += self._music.own_labels.list()
                self._announcer.refresh(now_s)
            case do.Freeze(hold):
                self._music.freeze(now_s, out, hold=hold)
            case do.Override(valence, arousal, for_s):
                self._stand_in.override(valence, arousal, for_s, now_s)
            case do.TestPattern("request"):
                out += self._wishes.obey(TEST_REQUEST, now_s)
            case do.TestPattern(name):
                self._stand_in.play(name, now_s)
            case do.Adjust() | do.Origin() | do.Rename():
                self._turn(command, now_s)
            case do.Learn():
                self._learning.begin(command, now_s)
                self._announcer.refresh(now_s)
            case do.UseLabels(places):
                self._music.use_labels(places, out)
            case do.Learned(profile, corrections, held_back, words=words):
                self._announcer.hold("personal", profile, corrections, held_back, words)
            case do.Mark() | do.HostSaid():
                pass  # for who keeps a record, and for who has the host's preset
            case do.HostTempo() | do.HostBeat() | do.HostBar() | do.HostPlaying() | do.HostPlace():
                out += self._follow(command, now_s)
            case _:
                out += self._wishes.obey(command, now_s)

    def _turn(self, command: do.Adjust | do.Origin | do.Rename, now_s: float) -> None:
        """Change what users may change while it runs."""
        match command:
            case do.Adjust(name) if name.startswith("policy/"):
                self._wishes.obey(command, now_s)
            case do.Adjust("rate_hz", value):
                self._announcer.cadence.period_s = 1.0 / value
            case do.Adjust(name, value):
                self._music.adjust(name, value)
                self._tell_latency()
            case do.Origin(point):
                self._music.tuning.set_origin(point)
            case do.Rename(quadrant, label):
                self._music.rename(self._music.labels.renamed(quadrant, label))
                self._wishes.rename(self._music.labels)

    def _follow(
        self,
        told: do.HostTempo | do.HostBeat | do.HostBar | do.HostPlaying | do.HostPlace,
        now_s: float,
    ) -> list[Message]:
        """Follow the host's clock, which also shows whether a request has begun."""
        match told:
            case do.HostTempo(bpm):
                self._host.tempo(bpm, now_s)
                return []
            case do.HostPlaying(playing):
                self._host.playing(playing, now_s)
                return []
            case do.HostBeat(beat):
                said, seen = self._host.beat(beat, now_s), Feedback(beat=beat)
            case do.HostBar(bar):
                said, seen = self._host.bar(bar, now_s), Feedback(bar=bar)
            case do.HostPlace(name):
                said, seen = [], Feedback(place=name)
        return said + self._wishes.infer(seen, now_s)


def _events_last(messages: list[Message]) -> list[Message]:
    """Put events behind the states that came with them, so that a host acts on the new values."""
    return sorted(messages, key=lambda message: message.signal.when == "event")
