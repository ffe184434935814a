"""The last minutes of a stream, for a page that comes late or is loaded anew in mid-show.

Conventions
-----------
A *tick* is how things stood at a moment, `TICK_HZ` times a second: seconds since the server began,
then whole percents of valence, arousal, confidence, level, presence of music, the player's valence,
arousal and confidence (null where nothing is known), then a column of the spectrogram in base64.
Events are kept with the moment at which they were told.
"""

from __future__ import annotations

import base64
from collections import deque
from typing import TYPE_CHECKING

from oscbridge.protocol import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscbridge.wire.arguments import Value

TICK_HZ = 4.0
KEPT_S = 300.0
MOST_EVENTS = 1000

PASSING = frozenset({"beat", "bar"})
"""Events of which only the newest matters here."""
PARTS = frozenset(name for name in SIGNALS if name.startswith(("request/", "suggest/"))) - {
    *("request/go", "request/cancel", "request/state"),
}
"""Said again in the whole request, or suggestion."""

_TICKED = (
    *("valence", "arousal", "confidence", "audio/level", "music"),
    *("player/valence", "player/arousal", "player/confidence"),
)

Tick = list[float | int | str | None]
Happened = tuple[float, str, tuple["Value", ...]]


class History:
    """Ticks and events, the newest last, each with the running number that the board gives it."""

    def __init__(self) -> None:
        self.ticks: deque[tuple[int, Tick]] = deque(maxlen=int(KEPT_S * TICK_HZ))
        self.events: deque[tuple[int, Happened]] = deque(maxlen=MOST_EVENTS)

    def tick(
        self, number: int, now_s: float, values: Mapping[str, tuple[Value, ...]], bands: bytes
    ) -> None:
        """Note how things stand."""
        percents = [_percent(values.get(name)) for name in _TICKED]
        column = base64.b64encode(bands).decode()
        self.ticks.append((number, [round(now_s, 2), *percents, column]))

    def happened(self, number: int, now_s: float, name: str, args: tuple[Value, ...]) -> None:
        """Note an event, and forget those that are too old."""
        while self.events and self.events[0][1][0] < now_s - KEPT_S:
            self.events.popleft()
        self.events.append((number, (round(now_s, 3), name, args)))


def is_event(name: str) -> bool:
    """Whether each of a signal's messages counts, not only the newest."""
    signal = SIGNALS.get(name)
    return signal is not None and signal.when == "event" and name not in PASSING


def _percent(args: tuple[Value, ...] | None) -> int | None:
    value = args[0] if args else None
    return None if value is None or isinstance(value, str) else round(100.0 * value)
