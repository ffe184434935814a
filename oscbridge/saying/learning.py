"""Learning by a host: one signal alone, from one end to the other, so that nothing else is taken.

Conventions
-----------
Times are seconds that the caller reads off a clock. While a host learns, it is told the one signal,
and that we are alive. A sweep goes from one end of each number's range to the other and back in
`CYCLE_S`; without a sweep it is at one end for half of that and at the other for the rest. What has
no range goes from 0 to 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oscbridge.protocol import Message, signal_of

if TYPE_CHECKING:
    from oscbridge.orders import Learn
    from oscbridge.protocol import Value
    from oscbridge.wire.arguments import Arg

CYCLE_S = 2.0
STEP_S = 0.05
ALWAYS = frozenset({"hello", "heartbeat", "status"})


class Learning:
    """Says one signal alone, while it is learned."""

    def __init__(self) -> None:
        self._order: Learn | None = None
        self._since_s = 0.0
        self.due_s = math.inf
        """When the next step is due."""

    def begin(self, order: Learn, now_s: float) -> None:
        """Let a signal be learned; one that is none of ours is learned elsewhere, and ours rest."""
        self._order = order if order.output is not None else None
        self._since_s = now_s
        self.due_s = math.inf if self._order is None else now_s

    @property
    def words(self) -> str:
        """What is learned, in words; empty where nothing is."""
        return f"{self._order.output} is being learned" if self._order else ""

    def say(self, messages: list[Message], now_s: float) -> list[Message]:
        """What leaves instead of ``messages``."""
        if self._order is None:
            return messages
        rest = [message for message in messages if message.signal.name in ALWAYS]
        signal = signal_of(self._order.output or "")
        if now_s < self.due_s or signal is None:
            return rest
        self.due_s = now_s + STEP_S
        phase = (now_s - self._since_s) % CYCLE_S / CYCLE_S
        share = 1.0 - abs(1.0 - 2.0 * phase) if self._order.sweep else float(phase < 0.5)
        return [*rest, signal.message(*(_value(arg, share) for arg in signal.args))]


def _value(arg: Arg, share: float) -> Value:
    if arg.type == "s":
        return arg.choices[0] if arg.choices else arg.name
    low, high = (arg.low, arg.high) if arg.bounded else (0.0, 1.0)
    return low + share * (high - low)
