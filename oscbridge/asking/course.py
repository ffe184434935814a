"""Where the music is on its way to: what was asked for last, what became of it, what may follow.

Conventions
-----------
No clock: times are seconds that the caller gives. States of a request are the protocol's
(`oscbridge.requests`), and ``waiting`` before it is sent. A host that has never answered anything
may be one that never does: it is taken to have begun after `MUTE_S`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.asking.gates import Pace

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.asking.strategies import Point

MUTE_S = 10.0
UNDER_WAY = frozenset({"waiting", "sent", "queued"})
ANSWERS = frozenset({"queued", "started", "rejected"})
"""What only a host that answers, or is seen to follow, can bring about."""
FAILED = frozenset({"rejected", "expired"})


class Course:
    """The way of the music, as far as it was asked for.

    Attributes
    ----------
    asked : Point, optional
        Where the music is to be by now; None where nothing was asked for.
    walking : bool
        Whether it goes step by step.
    state : str
        Of the last request.
    """

    def __init__(self) -> None:
        self.asked: Point | None = None
        self.walking = False
        self.state = "done"
        self._before: Point | None = None
        self._pace = Pace()
        self._asked_s = 0.0
        self._answers = False

    def under_way(self, now_s: float) -> bool:
        """Whether a request is out whose end is still open."""
        waits = self._answers or now_s < self._asked_s + MUTE_S
        return self.state in UNDER_WAY and waits

    def ask(self, target: Point, now_s: float) -> None:
        """Note that the host is asked for music there."""
        self._before, self.asked = self.asked, target
        self.state, self._asked_s = "waiting", now_s
        self._pace.ask(now_s)

    def progress(self, state: str, cooldown_s: float, now_s: float) -> None:
        """Note what has become of it; after a failure the host is left alone for a while."""
        self.state = state
        self._answers = self._answers or state in ANSWERS
        if state == "started":
            self._pace.begin(now_s)
        if state in FAILED and self._answers:
            self.asked = self._before
            self._pace.rest(now_s + cooldown_s)

    def wait_s(self, settings: PolicySettings, now_s: float) -> float:
        """How long until the host may be asked again; 0 for now."""
        steps = settings.strategy == "iso" and self.asked is not None
        between_s = settings.step_s if steps else 0.0
        return self._pace.wait_s(settings.dwell_s, settings.per_minute, now_s, between_s)

    def leave(self) -> None:
        """Forget where the music is to be: what is heard counts again."""
        self.asked = self._before = None
        self.walking = False
