"""Whether a host has begun what it was asked for, seen from its transport alone.

Conventions
-----------
Many hosts carry out a request without a word about it. What they do tell is where they stand:
beats and bars from 0, or the name of the scene or region that plays. A request begins at its
quantise point, the first multiple of so many beats or bars *after* where the host stood when it was
asked; the first sight of the host at or beyond that point counts as its beginning, and so does a
name of the target: its label, or the number of its quadrant. Where a host tells no bars, a bar is
`BEATS_A_BAR` beats. Points that only the host knows (``cue``, ``end``) are known by name alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BEATS_A_BAR = 4

_BARS = {"bar": 1, "2bar": 2, "4bar": 4, "8bar": 8}


@dataclass(frozen=True, slots=True)
class Feedback:
    """One sight of a host: a beat or a bar from 0, or the name of what plays; None: not told."""

    beat: float | None = None
    bar: int | None = None
    place: str | None = None


class QuantisePoint:
    """Where one request begins.

    Parameters
    ----------
    quantise : str
        One of `oscbridge.protocol.QUANTISE`.
    places : sequence of str
        Names of the target, as a scene or region of the host may be called.
    seen : Feedback
        Where the host stood when it was asked, as far as it has told.
    """

    def __init__(self, quantise: str, places: Sequence[str], seen: Feedback) -> None:
        self._places = frozenset(place.casefold() for place in places)
        self._at_once = quantise == "now"
        bars = _BARS.get(quantise, 0)
        self._by_bars = seen.bar is not None and bars > 0
        self._step = bars if self._by_bars else bars * BEATS_A_BAR + (quantise == "beat")
        self._last: float | None = seen.bar if self._by_bars else seen.beat
        self._goal = self._after(self._last or 0.0)

    def passed(self, feedback: Feedback) -> bool:
        """Whether this sight of the host shows that the request has begun."""
        if feedback.place is not None and feedback.place.casefold() in self._places:
            return True
        at = feedback.bar if self._by_bars else feedback.beat
        if at is None:
            return False
        if self._at_once:
            return True
        if self._last is None or at < self._last:  # the first sight, or the host jumped back
            self._goal = self._after(at)
        self._last = at
        return at >= self._goal

    def _after(self, at: float) -> float:
        return (math.floor(at / self._step) + 1) * self._step if self._step else math.inf
