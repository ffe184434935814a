"""What a model says: `AffectState`.

Conventions
-----------
Valence, arousal and dominance lie in [-1, 1] (Russell's circumplex; 0 is neutral). Quadrants:
1 = +V+A (happy), 2 = -V+A (anxious, angry), 3 = -V-A (sad), 4 = +V-A (relaxed), 0 = unknown.
*Expressed* affect is what the music says, *felt* affect is what a person reports or shows.
Probabilities of the quadrants sum to 1 and agree in sign with valence and arousal.
"""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN = 0
QUADRANTS = (1, 2, 3, 4)


def quadrant_of(valence: float, arousal: float) -> int:
    """Quadrant of a point of the V-A plane, 1..4; zero counts as positive."""
    if arousal >= 0.0:
        return 1 if valence >= 0.0 else 2
    return 4 if valence >= 0.0 else 3


def memberships_of(valence: float, arousal: float) -> tuple[float, float, float, float]:
    """Memberships of quadrants 1..4 whose mean is this point, each axis for itself.

    Notes
    -----
    With p = (1 + valence) / 2 and q = (1 + arousal) / 2:
    p q, (1 - p) q, (1 - p) (1 - q), p (1 - q).
    """
    right, up = (1.0 + valence) / 2.0, (1.0 + arousal) / 2.0
    return right * up, (1.0 - right) * up, (1.0 - right) * (1.0 - up), right * (1.0 - up)


@dataclass(frozen=True, slots=True)
class AffectState:
    """An estimate of affect at one instant.

    Attributes
    ----------
    valence, arousal : float
        -1..1.
    confidence : float
        0..1, calibrated probability that ``quadrant`` is right; 0 where nothing is known.
    source : str
        Who says it: ``"music"``, ``"camera"``, ``"text"``, …
    stop : int
        Sample index up to which the input was heard.
    sample_rate : int
        Samples per second of ``stop``, Hz.
    quadrant_probabilities : tuple of 4 float
        Membership of quadrants 1..4, sums to 1.
    music : float
        0..1, how surely there is music at all (0 in silence).
    dominance : float or None
        -1..1 where the model knows it.
    features : tuple of float
        How the music sounds (`models.personal_features`), for who learns from corrections; empty
        where the model does not say.
    """

    valence: float
    arousal: float
    confidence: float
    source: str
    stop: int
    sample_rate: int
    quadrant_probabilities: tuple[float, float, float, float] = (0.25, 0.25, 0.25, 0.25)
    music: float = 1.0
    dominance: float | None = None
    features: tuple[float, ...] = ()

    @property
    def quadrant(self) -> int:
        """1..4, or 0 (unknown) where confidence is 0."""
        return quadrant_of(self.valence, self.arousal) if self.confidence > 0.0 else UNKNOWN

    @property
    def time_s(self) -> float:
        """``stop`` in seconds."""
        return self.stop / self.sample_rate
