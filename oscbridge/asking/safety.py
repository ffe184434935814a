"""What must never happen: rules that stand above every strategy.

Conventions
-----------
No clock: times are seconds that the caller gives. None of this is a claim about health: the rules
keep a game from making things worse, they do not make anybody well.

- While the heart is fast, music is never asked to be more exciting than it is.
- When the player has felt worse and worse for a minute under a strategy, the strategy stops.
"""

from __future__ import annotations

import math
from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING

from oscbridge.asking.strategies import NEUTRAL

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.asking.strategies import Point
    from oscbridge.orders import Pulse

PULSE_S = 60.0
"""A fast heart that is no longer heard is taken to be fast for so long."""
WORSE = 0.1
"""Valence lost over the whole time that is getting worse; noise is less, once it is averaged."""
PARTS = 3
"""Each third of the time has to be worse than the one before."""
LEAST = 3
"""Words in each of them, without which nothing is said."""


def no_more_exciting(target: Point, *music: Point | None) -> Point:
    """The target, but no more exciting than the music is, where it is heard and asked to be.

    Where nothing is known of the music, neutral is the limit.
    """
    places = [place for place in music if place is not None] or [NEUTRAL]
    return target._replace(arousal=min(place.arousal for place in (target, *places)))


class PulseWatch:
    """Whether the heart is fast."""

    def __init__(self) -> None:
        self._until_s = -math.inf

    def update(self, pulse: Pulse | None, settings: PolicySettings, now_s: float) -> bool:
        """Take the present heart rate, None where none is heard; whether the heart is fast."""
        if pulse is not None:
            rest = pulse.resting_bpm
            limit = rest * (1.0 + settings.high_pulse) if rest else settings.high_bpm
            self._until_s = now_s + PULSE_S if pulse.bpm > limit else -math.inf
        return now_s < self._until_s


class Decline:
    """Whether the player has felt worse and worse for a while."""

    def __init__(self) -> None:
        self._felt: deque[tuple[float, float]] = deque()
        self._from_s = math.inf
        self._renewed = False

    def begin(self, now_s: float) -> None:
        """Count from now, unless it counts already: something is being tried."""
        self._from_s = min(self._from_s, now_s)

    def begin_anew(self, now_s: float) -> None:
        """Count from now what is another attempt; the first one only, lest it never be stopped."""
        if self._renewed or now_s < self._from_s:
            return
        self._felt.clear()
        self._from_s, self._renewed = now_s, True

    def end(self) -> None:
        """Count no longer."""
        self._felt.clear()
        self._from_s, self._renewed = math.inf, False

    def update(self, valence: float | None, for_s: float, now_s: float) -> bool:
        """Take how the player feels; whether it got worse for ``for_s`` seconds."""
        if now_s < self._from_s:
            return False
        if valence is not None:
            self._felt.append((now_s, valence))
        while self._felt and self._felt[0][0] < now_s - for_s:
            self._felt.popleft()
        if now_s - self._from_s < for_s:
            return False
        parts: list[list[float]] = [[] for _ in range(PARTS)]
        for at_s, felt in self._felt:
            place = int((at_s - (now_s - for_s)) / for_s * PARTS)
            parts[min(place, PARTS - 1)].append(felt)
        if min(map(len, parts)) < LEAST:
            return False
        first, *_, last = means = [sum(part) / len(part) for part in parts]
        falls = all(after < before for before, after in pairwise(means))
        return falls and first - last >= WORSE
