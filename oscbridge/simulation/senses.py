"""What sensors tell of a simulated player: noisy, seldom, sometimes wrong, sometimes not at all.

Conventions
-----------
Each sensor tells what `oscbridge.sensors` tells: `oscbridge.orders.Felt`, and the heart rate a
`Pulse` as well. It explains the share of the variance of the truth that `oscbridge.feeling.kinds`
says of its kind and confidence, and its point is a best guess, as fusion takes it: of a reading
:math:`x = a + e` with the error's deviation :math:`s` it says :math:`r x`, where
:math:`r = s_0^2 / (s_0^2 + s^2)` is that share. A part of the error is the player's own and stays
(`OWN`), the rest passes with a time constant, as a first-order autoregression does. A *wrong*
reading is of a point that has nothing to do with the player, anywhere in the plane; the sensor does
not know. The numbers are assumptions about sensors of their kind, not measurements of ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge import orders as do
from oscbridge.feeling.kinds import KINDS
from oscbridge.feeling.pool import PRIOR_SD
from oscbridge.simulation.plane import Point, bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from oscbridge.simulation.player import Player

RESTING_BPM = 68.0
EXCITEMENT_BPM = 34.0
"""Beats a minute between middling and highest arousal."""
LOWEST = -0.3
"""Arousal below which the heart is no slower."""
AWAY_S = 20.0
"""How long a sensor is away at a time, on average."""


@dataclass(frozen=True, slots=True)
class Sense:
    """A kind of sensor.

    Attributes
    ----------
    source : str
        Its name.
    period_s : float
        Between two readings, seconds; on average where ``regular`` is false.
    lasting_s : float
        Time constant of its errors, seconds.
    confidence : float
        What it says of itself.
    regular : bool
        Whether readings come as a clock has it, or as they happen.
    """

    source: str
    period_s: float
    lasting_s: float
    confidence: float
    regular: bool = True

    def reads(self, truth: Point, errors: Sequence[float], blur: float) -> Point:
        """Its best guess, of the truth and errors of deviation 1; ``blur`` widens them."""
        valence, arousal = KINDS[self.source].shares(self.confidence)
        return Point(
            _best_guess(truth.valence, errors[0] * blur, valence),
            _best_guess(truth.arousal, errors[1] * blur, arousal),
        )


CAMERA = Sense("camera", 0.5, 2.0, 0.36)  # a face is never believed more than 0.4
TEXT = Sense("text", 8.0, 1.0, 0.9, regular=False)
HEART = Sense("heart_rate", 1.0, 10.0, 0.9)
SENSES = (CAMERA, TEXT, HEART)
OWN = 0.3
"""Share of an error's variance that is the player's own and stays."""


class Errors:
    """Errors of both axes, of deviation 1, that pass with a time constant.

    Parameters
    ----------
    lasting_s : float
        The time constant.
    random : np.random.Generator
        Where they come from.
    """

    def __init__(self, lasting_s: float, random: np.random.Generator) -> None:
        self._lasting_s = lasting_s
        self._random = random
        self._at_s = 0.0
        self._own = random.standard_normal(2)
        self._now = random.standard_normal(2)

    def at(self, now_s: float) -> list[float]:
        """Errors at an instant, none earlier than the last."""
        kept = math.exp((self._at_s - now_s) / self._lasting_s)
        fresh = self._random.standard_normal(2)
        self._now = kept * self._now + math.sqrt(1.0 - kept * kept) * fresh
        self._at_s = now_s
        return (math.sqrt(OWN) * self._own + math.sqrt(1.0 - OWN) * self._now).tolist()


class Senses:
    """All sensors that look at one player.

    Parameters
    ----------
    player : Player
        Who is looked at.
    random : np.random.Generator
        Their errors.
    wrong : float
        Share of readings, 0..1, that have nothing to do with the player.
    """

    def __init__(self, player: Player, random: np.random.Generator, wrong: float = 0.0) -> None:
        self._player = player
        self._random = random
        self._wrong = wrong
        self._due_s = {sense.source: self._pause_s(sense) for sense in SENSES}
        self._turns_s = {sense.source: 0.0 for sense in SENSES}
        self._away = dict.fromkeys(self._due_s, False)
        self._errors = {sense.source: Errors(sense.lasting_s, random) for sense in SENSES}

    def read(self, now_s: float) -> list[do.Command]:
        """What they tell at this moment."""
        told: list[do.Command] = []
        for sense in SENSES:
            here = not self._is_away(sense, now_s)
            if now_s >= self._due_s[sense.source]:
                self._due_s[sense.source] = now_s + self._pause_s(sense)
                reading = list(
                    self._reading(sense, now_s)
                )  # drawn in any case: noise stays comparable
                told += reading if here else []
        return told

    def _pause_s(self, sense: Sense) -> float:
        return sense.period_s if sense.regular else float(self._random.exponential(sense.period_s))

    def _is_away(self, sense: Sense, now_s: float) -> bool:
        """Whether a sensor is away: it comes and goes, as a Markov chain does."""
        share = self._player.traits.absent
        if share <= 0.0:
            return False
        while now_s >= self._turns_s[sense.source]:
            away = not self._away[sense.source]
            mean_s = AWAY_S if away else AWAY_S * (1.0 - share) / share
            self._away[sense.source] = away
            self._turns_s[sense.source] += float(self._random.exponential(mean_s))
        return self._away[sense.source]

    def _reading(self, sense: Sense, now_s: float) -> Iterator[do.Command]:
        wrong = float(self._random.random()) < self._wrong
        anywhere = self._random.uniform(-1.0, 1.0, 2).tolist()
        truth = Point(*anywhere) if wrong else self._player.felt
        errors = self._errors[sense.source].at(now_s)
        guess = sense.reads(truth, errors, self._player.traits.blur)
        if sense is HEART:
            yield do.Felt(sense.source, None, guess.arousal, sense.confidence)
            bpm = RESTING_BPM + EXCITEMENT_BPM * max(truth.arousal, LOWEST)
            yield do.Pulse(sense.source, bpm, RESTING_BPM)
        else:
            yield do.Felt(sense.source, guess.valence, guess.arousal, sense.confidence)


def _best_guess(truth: float, error: float, share: float) -> float:
    """What is to be expected of the truth after a reading that explains ``share`` of it."""
    if share <= 0.0:
        return 0.0
    deviation = PRIOR_SD * math.sqrt((1.0 - share) / share)
    return bounded(share * (truth + deviation * error))
