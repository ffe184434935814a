"""What the player feels, put together from whoever tells.

Conventions
-----------
Each source has a name, ``"camera"``, and may be one of several of a kind, ``"osc:happy"``. Of each
the newest word counts, for `TIMEOUT_S`; an axis about which it says nothing stays as it said it
before. Together they are the mean of their points, weighted by their confidences; the confidence of
that is the highest of theirs, and its source the one that has it. Times are seconds that the caller
reads off a clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from oscbridge.orders import Felt, Forget

TIMEOUT_S = 5.0
MOST_SOURCES = 64
RATE_HZ = 10.0
NOBODY = "none"


class Feeling(NamedTuple):
    """What the player feels: valence and arousal -1..1, confidence 0..1, and who says so."""

    valence: float = 0.0
    arousal: float = 0.0
    confidence: float = 0.0
    source: str = NOBODY


@dataclass(frozen=True, slots=True)
class _Word:
    valence: float | None
    arousal: float | None
    confidence: float
    at_s: float


class Player:
    """Takes what is said about the player, and knows what it makes together."""

    def __init__(self) -> None:
        self._words: dict[str, _Word] = {}

    def update(self, told: Felt | Forget, now_s: float) -> None:
        """Take what a source says; or forget what one, one kind or all have said."""
        if isinstance(told, Felt):
            self._take(told, now_s)
            return
        self._words = {
            name: word
            for name, word in self._words.items()
            if told.source is not None and told.source not in (name, _kind(name))
        }

    def feeling(self, now_s: float) -> Feeling:
        """What the player feels now."""
        self._words = {
            name: word for name, word in self._words.items() if now_s - word.at_s < TIMEOUT_S
        }
        if not self._words:
            return Feeling()
        words = self._words.values()
        surest = max(self._words, key=lambda name: self._words[name].confidence)
        return Feeling(
            _mean([(word.valence, word.confidence) for word in words]),
            _mean([(word.arousal, word.confidence) for word in words]),
            self._words[surest].confidence,
            _kind(surest),
        )

    @property
    def due_s(self) -> float:
        """When the next source has been silent for too long."""
        return min((word.at_s + TIMEOUT_S for word in self._words.values()), default=math.inf)

    def _take(self, felt: Felt, now_s: float) -> None:
        before = self._words.pop(felt.source, None)
        valence, arousal = felt.valence, felt.arousal
        if before is not None and now_s - before.at_s < TIMEOUT_S:
            valence = before.valence if valence is None else valence
            arousal = before.arousal if arousal is None else arousal
        while len(self._words) >= MOST_SOURCES:
            self._words.pop(next(iter(self._words)))
        self._words[felt.source] = _Word(valence, arousal, felt.confidence, now_s)


def _kind(source: str) -> str:
    return source.partition(":")[0]


def _mean(values: list[tuple[float | None, float]]) -> float:
    """Weighted mean of those that are known; 0 where none is."""
    known = [(value, weight) for value, weight in values if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total > 0.0 else 0.0
