"""What is said when, against a twin that looks at every signal every time."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.config import SendSettings, load
from oscbridge.protocol import SIGNALS, Message
from oscbridge.saying.announcer import ECHOES_S, Announcer
from oscbridge.saying.rates import Cadence, Held

SEND = load(overrides={"send.heartbeat_s": 10.0}).send
ECHOING = load(overrides={"send.heartbeat_s": 10.0, "send.repeat": True}).send
STATES = [name for name, signal in SIGNALS.items() if signal.when == "state"]
CONTINUOUS = [name for name, signal in SIGNALS.items() if signal.when == "continuous"]
ALIVE = ("heartbeat", "quadrant/dwell")


class NaiveAnnouncer:
    """The twin: all signals, each time."""

    def __init__(self, send: SendSettings) -> None:
        self.echoes_s = ECHOES_S if send.repeat else ()
        self.held = {name: Held() for name in (*STATES, *CONTINUOUS)}
        self.cadence = Cadence(SEND.rate_hz)
        self.fresh = False
        self.refresh_s = math.inf

    def hold(self, name: str, *values: object) -> None:
        self.held[name].args = SIGNALS[name].message(*values).args

    def say(self, now_s: float) -> list[Message]:
        moved = self.fresh and self.cadence.ready(now_s)
        self.fresh = self.fresh and not moved
        everything, out = now_s >= self.refresh_s, list[Message]()
        if everything:
            self.refresh_s = math.inf
        for name, held in self.held.items():
            state = name in STATES
            changed = held.changed(0.0) if state else moved and held.changed(SEND.dead_band)
            stale = now_s >= held.stale_s(SEND.refresh_s, self.echoes_s)
            if held.args is not None and (changed or everything or stale):
                out.append(Message(SIGNALS[name], held.args))
                held.mark(now_s, news=changed or everything)
        return out

    @property
    def due_s(self) -> float:
        due_s = min(held.stale_s(SEND.refresh_s, self.echoes_s) for held in self.held.values())
        return min(due_s, self.refresh_s, self.cadence.due_s if self.fresh else math.inf)


value = st.sampled_from([0.5, 0.501, 0.504, 0.51, 0.6])
step = st.one_of(
    st.tuples(st.sampled_from(["valence", "confidence", "audio/level"]), value),
    st.tuples(st.sampled_from(["tempo"]), st.sampled_from([0.0, 120.0])),
    st.tuples(st.sampled_from(["quadrant"]), st.integers(0, 4)),
    st.tuples(st.sampled_from(["refresh"]), st.none()),
    st.tuples(st.sampled_from(["pass"]), st.sampled_from([0.001, 0.02, 0.3, 1.1])),
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([SEND, ECHOING]), st.lists(step, max_size=80))
def test_it_says_what_a_twin_says_that_looks_at_every_signal_every_time(
    send: SendSettings, steps: list[tuple[str, float | None]]
) -> None:
    now_s = 100.0
    subject, twin = Announcer(send, now_s), NaiveAnnouncer(send)
    for name, what in steps:
        if name == "refresh":
            subject.refresh(now_s)
            twin.refresh_s = min(twin.refresh_s, max(now_s, subject._refreshes.due_s))
        elif name != "pass":
            subject.hold(name, what)
            twin.hold(name, what)
            if name in CONTINUOUS:
                subject.fresh = twin.fresh = True
            continue
        now_s += what or 0.0
        out: list[Message] = []
        subject.say(now_s, out)
        assert [message for message in out if message.signal.name not in ALIVE] == twin.say(now_s)
        assert subject.due_s <= twin.due_s
