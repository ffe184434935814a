"""What the player feels, put together from whoever tells, with honest uncertainty.

Conventions
-----------
Valence and arousal are -1..1; deviations and probabilities are of the truth given all that was
said. No clock: times are seconds that the caller reads off one. Of each source the newest word
counts, and fades until its kind's lifetime is over (`oscbridge.feeling.kinds`); an axis about which
a source says nothing stays as it said it before.

Sources on one channel (two cameras, a camera and blend shapes, words for emotions) are one opinion;
channels are pooled logarithmically, with weights that fade with age and a prior that is always in
(`oscbridge.feeling.pool`). So a sensor that is missing never makes the rest surer. What the music
expresses is never evidence of what the player feels: `Fusion.hear` takes it for nothing but to
leave out who only repeats it (`oscbridge.feeling.echo`).

``mode = "s0"`` is the published rule instead: 0.7 of what text believes and 0.3 of what a face
shows, on calibrated probabilities; a missing one is the prior. It knows no other sensor.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import msgspec

from oscbridge.feeling.echo import Echoes
from oscbridge.feeling.kinds import KINDS, kind_name, kind_of
from oscbridge.feeling.pool import (
    PRIOR_SD,
    Belief,
    Opinion,
    as_one,
    mixed,
    pooled,
    voted,
)
from oscbridge.orders import Felt, Forget

_log = logging.getLogger(__name__)

NOBODY = "none"
NEGATIVE = -0.1
"""A player whose valence is below this feels bad, not just a trifle less than neutral."""
MOST_SOURCES = 64
S0_WEIGHTS = {"text": 0.7, "face": 0.3}
"""By channel; S0, Table 3."""

Trust = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class FusionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sensors become one player."""

    mode: Annotated[
        Literal["pool", "s0"],
        msgspec.Meta(description="pool: by what each can know; s0: 0.7 text and 0.3 face"),
    ] = "pool"
    text: Annotated[Trust, msgspec.Meta(description="how far it is trusted, 1 as calibrated")] = 1.0
    camera: Trust = 1.0
    face: Trust = 1.0
    heart_rate: Trust = 1.0
    game: Trust = 1.0
    manual: Trust = 1.0
    osc: Annotated[Trust, msgspec.Meta(description="whoever else says it by OSC")] = 1.0


class Feeling(NamedTuple):
    """What the player feels.

    Attributes
    ----------
    valence, arousal : float
        -1..1; 0 where nothing is known.
    confidence : float
        Share of what could be known that is known, 0..1: the mean over both axes of the share of
        the prior's variance that is explained.
    source : str
        Kind of the source that says most, `NOBODY` where nobody does.
    valence_sd, arousal_sd : float
        Standard deviations of the truth.
    negative : float
        Probability that the player is in a negative state (valence below `NEGATIVE`).
    channels : int
        How many channels speak: different things that were looked at.
    outright : bool
        Whether a person or the game says it, and it is not only read off a body or a text.
    """

    valence: float = 0.0
    arousal: float = 0.0
    confidence: float = 0.0
    source: str = NOBODY
    valence_sd: float = PRIOR_SD
    arousal_sd: float = PRIOR_SD
    negative: float = Belief().below(NEGATIVE)
    channels: int = 0
    outright: bool = False

    @property
    def known_bits(self) -> float:
        """By how much the entropy of the player's state is below that of a stranger's, bits."""
        return math.log2(PRIOR_SD**2 / (self.valence_sd * self.arousal_sd))


@dataclass(frozen=True, slots=True)
class _Word:
    """What a source said last."""

    valence: float | None
    arousal: float | None
    confidence: float
    at_s: float

    def age_s(self, now_s: float) -> float:
        return max(now_s - self.at_s, 0.0)


class Fusion:
    """Takes what is said about the player, and knows what it makes together.

    Parameters
    ----------
    settings : FusionSettings, optional
        Mode and trust.
    """

    def __init__(self, settings: FusionSettings | None = None) -> None:
        self._settings = settings or FusionSettings()
        self._words: dict[str, _Word] = {}
        self._echoes = Echoes()

    def hear(self, valence: float, arousal: float, now_s: float) -> None:
        """Take what the music expresses, to know who only repeats it."""
        self._echoes.hear(valence, arousal, now_s)

    def update(self, told: Felt | Forget, now_s: float) -> None:
        """Take what a source says; or forget what one, one kind or all have said."""
        if isinstance(told, Felt):
            self._take(told, now_s)
            if self._echoes.take(told.source, told.valence, told.arousal, now_s):
                _log.warning("%s repeats what the music expresses: it is left out", told.source)
            return
        self._words = {
            name: word
            for name, word in self._words.items()
            if told.source is not None and told.source not in (name, kind_name(name))
        }

    def feeling(self, now_s: float) -> Feeling:
        """What the player feels now."""
        self._words = {
            name: word
            for name, word in self._words.items()
            if word.age_s(now_s) < kind_of(name).lifetime_s
        }
        if not self._words:
            return Feeling()
        valence = self._channels("valence", now_s)
        arousal = self._channels("arousal", now_s)
        if self._settings.mode == "s0":
            return self._fixed(valence, arousal)
        return self._summed_up(
            pooled([*valence.values()]), pooled([*arousal.values()]), valence, arousal
        )

    @property
    def known(self) -> bool:
        """Whether anybody has said anything that is not forgotten."""
        return bool(self._words)

    @property
    def due_s(self) -> float:
        """When the next source has been silent for too long."""
        return min(
            (word.at_s + kind_of(name).lifetime_s for name, word in self._words.items()),
            default=math.inf,
        )

    def _take(self, felt: Felt, now_s: float) -> None:
        before = self._words.pop(felt.source, None)
        valence, arousal = felt.valence, felt.arousal
        if before is not None and before.age_s(now_s) < kind_of(felt.source).lifetime_s:
            valence = before.valence if valence is None else valence
            arousal = before.arousal if arousal is None else arousal
        while len(self._words) >= MOST_SOURCES:
            self._words.pop(next(iter(self._words)))
        self._words[felt.source] = _Word(valence, arousal, felt.confidence, now_s)

    def _channels(self, axis: Literal["valence", "arousal"], now_s: float) -> dict[str, Opinion]:
        """One opinion for each channel that says anything about an axis."""
        said: dict[str, list[Opinion]] = {}
        for name, word in self._words.items():
            kind, point = kind_of(name), getattr(word, axis)
            if point is None or name in self._echoes:
                continue
            share = kind.shares(word.confidence)[axis == "arousal"]
            weight = self._trust(name) * (1.0 - word.age_s(now_s) / kind.lifetime_s)
            said.setdefault(kind.channel, []).append(Opinion(point, share, weight))
        return {channel: as_one(opinions) for channel, opinions in said.items()}

    def _trust(self, source: str) -> float:
        name = kind_name(source)
        return getattr(self._settings, name if name in KINDS else "osc")

    def _fixed(self, valence: dict[str, Opinion], arousal: dict[str, Opinion]) -> Feeling:
        """S0's rule: fixed weights, and the prior for whoever is missing."""
        valence = {name: said for name, said in valence.items() if name in S0_WEIGHTS}
        arousal = {name: said for name, said in arousal.items() if name in S0_WEIGHTS}
        parts = [
            {name: pooled([said[name]] if name in said else []) for name in S0_WEIGHTS}
            for said in (valence, arousal)
        ]
        pleasant, excited = (
            mixed([(weight, beliefs[name]) for name, weight in S0_WEIGHTS.items()])
            for beliefs in parts
        )
        negative = {name: belief.below(NEGATIVE) for name, belief in parts[0].items()}
        feeling = self._summed_up(pleasant, excited, valence, arousal)
        return feeling._replace(negative=voted(negative, S0_WEIGHTS))

    def _summed_up(
        self,
        valence: Belief,
        arousal: Belief,
        valences: dict[str, Opinion],
        arousals: dict[str, Opinion],
    ) -> Feeling:
        evidence = {
            channel: sum(said[channel].evidence for said in (valences, arousals) if channel in said)
            for channel in {**valences, **arousals}
        }
        speaking = {channel: said for channel, said in evidence.items() if said > 0.0}
        if not speaking:
            return Feeling()
        strongest = max(speaking, key=lambda channel: speaking[channel])
        shares = [1.0 - (belief.sd / PRIOR_SD) ** 2 for belief in (valence, arousal)]
        return Feeling(
            _held_back(valence.mean, valences),
            _held_back(arousal.mean, arousals),
            max(sum(shares) / 2.0, 0.0),
            self._name_of(strongest),
            valence.sd,
            arousal.sd,
            valence.below(NEGATIVE),
            len(speaking),
            any(kind_of(n).outright for n in self._words if kind_of(n).channel in speaking),
        )

    def _name_of(self, channel: str) -> str:
        """Kind of the source that is surest on a channel."""
        words = {n: w.confidence for n, w in self._words.items() if kind_of(n).channel == channel}
        return kind_name(max(words, key=lambda name: words[name]))


def _held_back(mean: float, opinions: dict[str, Opinion]) -> float:
    """Keep the mean within what was said: who agrees makes surer, not more extreme."""
    points = [0.0, *(opinion.point for opinion in opinions.values())]
    return min(max(mean, min(points)), max(points))
