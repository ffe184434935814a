"""The watchman: reads what was said in a run, and notes what must never have happened.

Conventions
-----------
It knows the rules as they are promised, and nothing of how the policy keeps them: it looks only at
messages, at what people and sensors said, and at the clock. One *violation* is one request that
ought not to have been made:

=========== ====================================================================================
dwell       before asked-for music had played for the shortest stay
rate        more in a minute than the limit
outstanding while another had neither begun nor ended
excitement  music more exciting than what is heard, while the newest heart rate is high
chosen      soon after a person chose music
opt_out     after the player opted out
=========== ====================================================================================
"""

from __future__ import annotations

import math
from collections import Counter, deque
from typing import TYPE_CHECKING

from oscbridge import orders as do
from oscbridge.simulation.plane import Point

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscbridge.asking.settings import PolicySettings
    from oscbridge.protocol import Message

RULES = ("dwell", "rate", "outstanding", "excitement", "chosen", "opt_out")
UNSAID = 0.0051
"""What the music expresses is said when it has changed by more than the dead band of 0.005."""
PLAYER = "player"


class Watch:
    """Reads a run as it happens.

    Parameters
    ----------
    settings : PolicySettings
        The limits that were set.

    Attributes
    ----------
    violations : Counter of str
        By rule; empty where all is well.
    requests : list of (float, Point)
        When the policy asked, and for what.
    """

    def __init__(self, settings: PolicySettings) -> None:
        self.violations: Counter[str] = Counter()
        self.requests: list[tuple[float, Point]] = []
        self._settings = settings
        self._pulse: do.Pulse | None = None
        self._arousal: float | None = None  # of the music, as it was said
        self._begun_s = -math.inf
        self._recent_s: deque[float] = deque()
        self._open: int | None = None
        self._chosen_s = -math.inf
        self._opted_out = False

    def hear(self, commands: Iterable[do.Command], now_s: float) -> None:
        """Take what people and sensors say."""
        for command in commands:
            match command:
                case do.Pulse():
                    self._pulse = command
                case do.MakeRequest(reason="user") | do.Skip():
                    self._chosen_s = now_s
                case do.OptOut(out):
                    self._opted_out = out
                case _:
                    pass

    def read(self, messages: Iterable[Message], now_s: float) -> None:
        """Take what was said."""
        for signal, args in messages:
            match signal.name, args:
                case "arousal", (float(arousal),):
                    self._arousal = arousal
                case "request/state", (int(number), str(state)):
                    self._follow(number, state, now_s)
                case "request", (int(number), float(valence), float(arousal), *_, str(reason)):
                    if reason == PLAYER:
                        self._judge(Point(valence, arousal), now_s)
                    self._open = number
                case _:
                    pass

    def _follow(self, number: int, state: str, now_s: float) -> None:
        if state == "started":
            self._begun_s = now_s
        if number == self._open and state not in ("sent", "queued"):
            self._open = None

    def _judge(self, target: Point, now_s: float) -> None:
        settings = self._settings
        while self._recent_s and now_s - self._recent_s[0] >= 60.0:
            self._recent_s.popleft()
        pulse, arousal = self._pulse, self._arousal
        fast = (
            pulse is not None
            and pulse.resting_bpm is not None
            and pulse.bpm > pulse.resting_bpm * (1.0 + settings.high_pulse)
        )
        broken = {
            "dwell": now_s - self._begun_s < settings.dwell_s,
            "rate": len(self._recent_s) >= settings.per_minute,
            "outstanding": self._open is not None,
            "excitement": fast and arousal is not None and target.arousal > arousal + UNSAID,
            "chosen": now_s - self._chosen_s < settings.override_s,
            "opt_out": self._opted_out,
        }
        self.violations.update(rule for rule, is_broken in broken.items() if is_broken)
        self._recent_s.append(now_s)
        self.requests.append((now_s, target))
