"""When to send: a rate that is never exceeded on average, a dead band, a refresh.

Conventions
-----------
Times are seconds of a clock that the caller reads; nothing here looks at one, so tests can inject
any. A value is sent when it has *changed* (some number moved by more than the dead band since it
was last sent, or a text or integer differs) or is *stale* (last sent a refresh period ago).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.protocol import Value


class Cadence:
    """At most ``rate_hz`` times a second on average, and at once after a pause.

    Instants that come late are made up for by up to one period, so that updates which do not fall
    on a multiple of the period still reach the full rate. Raises ``ValueError`` for a rate of 0.
    """

    def __init__(self, rate_hz: float) -> None:
        if not rate_hz > 0.0:
            raise ValueError(f"a rate is above 0 Hz, not {rate_hz}")
        self.period_s = 1.0 / rate_hz
        self.due_s = -math.inf

    def ready(self, now_s: float) -> bool:
        """Whether it is time; if so, the next time is set."""
        if now_s < self.due_s:
            return False
        late_s = now_s - self.due_s
        self.due_s = (self.due_s if late_s < self.period_s else now_s) + self.period_s
        return True


class Held:
    """The present value of a signal, and what the receivers last heard of it."""

    __slots__ = ("args", "repeats", "sent", "sent_s")

    def __init__(self) -> None:
        self.repeats = 0
        self.args: tuple[Value, ...] | None = None
        self.sent: tuple[Value, ...] | None = None
        self.sent_s = -math.inf

    def changed(self, dead_band: float) -> bool:
        """Whether the present value differs from the last one that was sent."""
        args, sent = self.args, self.sent
        if args == sent:
            return False
        if args is None or sent is None:
            return args is not None
        for new, old in zip(args, sent, strict=True):
            if new == old:
                continue
            if not (isinstance(new, float) and isinstance(old, float)):
                return True
            if abs(new - old) > dead_band:
                return True
        return False

    def stale_s(self, refresh_s: float, echoes_s: Sequence[float] = ()) -> float:
        """Instant at which the value has to be sent again; never, while there is none.

        ``echoes_s`` are the pauses after which it is sent again at first, when it was news.
        """
        if self.args is None:
            return math.inf
        pause_s = echoes_s[self.repeats] if self.repeats < len(echoes_s) else refresh_s
        return self.sent_s + min(pause_s, refresh_s)

    def mark(self, now_s: float, *, news: bool = False) -> None:
        """Note that the present value was sent; ``news``: not only once more."""
        self.repeats = 0 if news else self.repeats + 1
        self.sent = self.args
        self.sent_s = now_s
