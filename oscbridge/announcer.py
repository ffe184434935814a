"""What is known, and when it is said: rates, dead bands, refreshes, heartbeats.

Conventions
-----------
Nothing here looks at a clock: the caller says what time it is (seconds, monotonic).

- *continuous* signals are said when they moved by more than the dead band, at most ``rate_hz``
  times a second, and after ``refresh_s`` anyway.
- *state* signals are said on change, and after ``refresh_s``.
- `Announcer.refresh` has everything said once more, at most `REFRESHES_HZ` times a second: what is
  asked for in between is done by the same.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oscbridge.protocol import INT_MAX, SIGNALS, Message
from oscbridge.rates import Cadence, Held

if TYPE_CHECKING:
    from oscbridge.config import SendSettings

REFRESHES_HZ = 5.0

_CONTINUOUS = tuple(s.name for s in SIGNALS.values() if s.when == "continuous")
_STATES = tuple(s.name for s in SIGNALS.values() if s.when == "state")


class Announcer:
    """Holds the present value of every signal that has one, and says it when it is time.

    Parameters
    ----------
    send : SendSettings
        Rate, dead band, refresh, heartbeat.
    now_s : float
        When the session starts.

    Attributes
    ----------
    fresh : bool
        Whether continuous values have come that are not said yet.
    cadence : Cadence
        Of continuous signals.
    """

    def __init__(self, send: SendSettings, now_s: float) -> None:
        self.fresh = False
        self.cadence = Cadence(send.rate_hz)
        self._send = send
        self._held = {name: Held() for name in (*_CONTINUOUS, *_STATES)}
        self._start_s = now_s
        self._beat = 0
        self._beat_due_s = now_s
        self._entered_s = now_s
        self._dwell_due_s = now_s + send.refresh_s
        self._refreshes = Cadence(REFRESHES_HZ)
        self._refresh_due_s = math.inf

    def hold(self, name: str, *values: object) -> None:
        """Note the present value of a signal."""
        self._held[name].args = SIGNALS[name].message(*values).args

    def enter(self, now_s: float) -> None:
        """Note that a quadrant has been entered."""
        self._entered_s = now_s

    def refresh(self, now_s: float) -> None:
        """Have everything said once more."""
        self._refresh_due_s = min(self._refresh_due_s, max(now_s, self._refreshes.due_s))

    @property
    def due_s(self) -> float:
        """Instant at which there is something to say even if nothing comes."""
        due_s = min(self._beat_due_s, self._dwell_due_s, self._refresh_due_s)
        if self.fresh:
            due_s = min(due_s, self.cadence.due_s)
        for held in self._held.values():
            due_s = min(due_s, held.stale_s(self._send.refresh_s))
        return due_s

    def say(self, now_s: float, out: list[Message]) -> None:
        """Add to ``out`` what has to be said now."""
        everything = now_s >= self._refresh_due_s
        if everything:
            self._refresh_due_s = math.inf
            self._refreshes.ready(now_s)
        self._say_states(now_s, out, everything=everything)
        self._say_continuous(now_s, out, everything=everything)
        self._say_alive(now_s, out)

    def _say_states(self, now_s: float, out: list[Message], *, everything: bool) -> None:
        for name in _STATES:
            held = self._held[name]
            if everything or held.changed(0.0) or now_s >= held.stale_s(self._send.refresh_s):
                _say(name, held, now_s, out)

    def _say_continuous(self, now_s: float, out: list[Message], *, everything: bool) -> None:
        moved = self.fresh and self.cadence.ready(now_s)
        if moved:
            self.fresh = False
        for name in _CONTINUOUS:
            held = self._held[name]
            changed = everything or (moved and held.changed(self._send.dead_band))
            if changed or now_s >= held.stale_s(self._send.refresh_s):
                _say(name, held, now_s, out)

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


def _say(name: str, held: Held, now_s: float, out: list[Message]) -> None:
    if held.args is not None:
        out.append(Message(SIGNALS[name], held.args))
        held.mark(now_s)
