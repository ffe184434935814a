r"""Players that are equations: how felt affect moves while music plays.

Conventions
-----------
What a player feels is a point :math:`a` of the plane, both axes in [-1, 1]. It follows linear
dynamics with Gaussian noise, one step of :math:`\Delta` seconds at a time, separately on each
axis::

    a[t+1] = A a[t] + B m[t] + c + w[t],    w ~ N(0, sigma^2 Delta)
    A = 1 - Delta (rho + kappa),  B = Delta s kappa,  c = Delta rho r

:math:`m` is what the music expresses, :math:`r` where the situation holds the player, with the rate
:math:`\rho`; music draws with the rate :math:`\kappa` towards :math:`s m`. The sign :math:`s` is +1
for those who go along with music and -1 for those whom it puts off. Arousal answers sooner than
valence.

Limits: nobody has shown that people follow such equations. They are a test bench for control logic,
harder in some ways than people (a contrarian never comes round) and easier in others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from oscbridge.errors import unknown_name
from oscbridge.simulation.plane import Point

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np


@dataclass(frozen=True, slots=True)
class Traits:
    """What kind of player it is.

    Attributes
    ----------
    about : str
        In words.
    answers : tuple of 2 float
        Rates at which music draws valence and arousal, 1/s.
    sign : float
        +1 towards what the music expresses, -1 away from it.
    returns : float
        Rate at which the situation draws, 1/s.
    restless : float
        Deviation of the noise after one second.
    startles_at : float
        Distance in the plane from the music that the player is used to (time constant `HABIT_S`),
        above which it turns against the music; infinite: never.
    sulks_s : float
        For how long, seconds.
    blur : float
        Factor on the noise of all sensors.
    absent : float
        Share of the time in which each sensor is away.
    """

    about: str
    answers: tuple[float, float] = (1 / 25.0, 1 / 15.0)
    sign: float = 1.0
    returns: float = 1 / 90.0
    restless: float = 0.02
    startles_at: float = math.inf
    sulks_s: float = 0.0
    blur: float = 1.0
    absent: float = 0.0


KINDS: Mapping[str, Traits] = MappingProxyType(
    {
        "positive": Traits("goes along with the music"),
        "weak": Traits("goes along slowly", answers=(1 / 75.0, 1 / 45.0)),
        "contrarian": Traits("feels the opposite of what the music expresses", sign=-1.0),
        "reactant": Traits(
            "goes along, but turns against the music after a large change of it",
            startles_at=0.45,
            sulks_s=25.0,
        ),
        "noisy": Traits("is restless, and seen badly", restless=0.05, blur=1.6),
        "missing": Traits("goes along; each sensor is away 30 % of the time", absent=0.3),
    }
)
"""The players of a study."""

SPREAD = 0.25
"""Deviation of the logarithm of each rate among players of a kind."""
SITUATION = Point(-0.45, 0.25)
"""Where the situation holds players, on average."""
SITUATION_SPREAD = 0.1
UPSET = Point(-0.6, 0.5)
"""What players feel at the start, on average."""
HABIT_S = 4.0
"""Time constant with which a player gets used to other music: a slow change startles nobody."""


def find_kind(name: str) -> Traits:
    """Traits of a kind of player. Raises `SettingsError` that lists the kinds."""
    if name not in KINDS:
        raise unknown_name("kind of player", name, list(KINDS))
    return KINDS[name]


class Player:
    """One simulated player.

    Parameters
    ----------
    traits : Traits
        Its kind; its own rates lie around those.
    random : np.random.Generator
        Who this player is, and its noise.

    Attributes
    ----------
    felt : Point
        What it feels now.
    """

    def __init__(self, traits: Traits, random: np.random.Generator) -> None:
        factors = [float(factor) for factor in random.lognormal(0.0, SPREAD, 3)]
        self.traits = replace(
            traits,
            answers=(traits.answers[0] * factors[0], traits.answers[1] * factors[1]),
            returns=traits.returns * factors[2],
        )
        self.rest = _near(SITUATION, random)
        self.felt = _near(UPSET, random)
        self._random = random
        self._heard: Point | None = None  # the music that it is used to
        self._sulks_s = 0.0

    @property
    def sign(self) -> float:
        """Which way music moves it now."""
        return -self.traits.sign if self._sulks_s > 0.0 else self.traits.sign

    def step(self, music: Point, seconds: float) -> Point:
        """Let ``seconds`` pass while ``music`` plays; return what is felt then."""
        self._notice(music, seconds)
        noise = self._random.standard_normal(2)
        scale = self.traits.restless * math.sqrt(seconds)
        drift = self.drift(self.felt, music, self.sign)
        self.felt = self.felt.moved(
            seconds * drift.valence + scale * float(noise[0]),
            seconds * drift.arousal + scale * float(noise[1]),
        )
        return self.felt

    def drift(self, felt: Point, music: Point, sign: float) -> Point:
        """How fast the point moves without noise, 1/s."""
        returns, (for_valence, for_arousal) = self.traits.returns, self.traits.answers
        return Point(
            returns * (self.rest.valence - felt.valence)
            + for_valence * (sign * music.valence - felt.valence),
            returns * (self.rest.arousal - felt.arousal)
            + for_arousal * (sign * music.arousal - felt.arousal),
        )

    def foresee(self, music: Point, seconds: float) -> Point:
        """What it would feel after ``seconds`` of ``music``, but for noise; for the oracle."""
        returns = self.traits.returns
        axes = zip(self.felt, self.rest, music, self.traits.answers, strict=True)
        return Point(*(_after(*axis, self.sign, returns, seconds) for axis in axes))

    def _notice(self, music: Point, seconds: float) -> None:
        heard = self._heard or music
        self._sulks_s = max(self._sulks_s - seconds, 0.0)
        if music.distance(heard) > self.traits.startles_at:
            self._sulks_s = self.traits.sulks_s
            heard = music
        self._heard = heard.towards(music, min(seconds / HABIT_S, 1.0))


def _after(
    felt: float, rest: float, music: float, answers: float, sign: float, returns: float, s: float
) -> float:
    rate = returns + answers
    end = (returns * rest + answers * sign * music) / rate
    return end + (felt - end) * math.exp(-rate * s)


def _near(point: Point, random: np.random.Generator) -> Point:
    return point.moved(*random.normal(0.0, SITUATION_SPREAD, 2).tolist())
