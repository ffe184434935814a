"""One listener's own valence and arousal: what she corrected, learned beside a frozen model.

Conventions
-----------
The *base* is what a model says: valence b_v and arousal b_a in [-1, 1], and features f of the music
so far (`models.personal_features`). The base never changes. A `Correction` says where the listener
hears the music of a moment, y, with a gain g. What is learned is a shift on each axis, in two
parts::

    x = [1, b_v, b_a, f]
    general = clip(x · w, ±reach)                      what all corrections have in common
    own     = Σ s_k r_k / (Σ s_k + 1/2)                of music like that which was corrected
    valence, arousal = clip(b + general + own, ±1)

The weights w are those of a ridge regression on what is left, y - b, that forgets::

    w = (P + Σ λ^(n-k) g_k x_k x_kᵀ)⁻¹ Σ λ^(n-k) g_k x_k (y_k - b_k)

which is recursive least squares with the prior kept: Σ is updated with each correction, P stays.
Without corrections w is 0 and what the base says passes as it is. P holds the shift of an axis
loosely, its stretching tighter, the features tightest (`STIFFNESS`): a few words move everything a
little, many words move what they have in common. The base is sometimes wrong for everybody; so that
this does not pass for a listener's taste, corrections that are far off count less (Cauchy weights,
`ODD`, fitted in `ROUNDS`). ``reach`` is the trust region: it grows with what was taught, from
`REACH` for one correction to `FARTHEST`.

r_k is what the general part leaves of correction k, s_k = exp(-|f - f_k|² / 2 `NEAR`²): a word is
honoured at once for the music that plays and for music that sounds alike, and hardly moves other
music by itself. Where a model does not describe sound, music about which it says the same sounds
alike.

As with the base, valence is twice the probability of a positive sign, less one; so the memberships
of the quadrants and the confidence follow the point.

See Also
--------
models.personal_lessons : what is said, as corrections; going back and forth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.personal_features import FEATURES
from models.types import UNKNOWN, memberships_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.types import AffectState

FORGETTING = 0.99
"""λ: what a correction counts after the next one."""
MOST = 1000
"""Corrections that are looked at; by then the oldest counts 4e-5."""
REACH, FARTHEST = 0.15, 0.9
"""How far one correction, and any number of them, may move all answers."""
SLOWNESS = 4.0
"""So many more corrections take the reach half-way."""
STIFFNESS = {"shift": 0.3, "stretch": 8.0, "other": 30.0, "feature": 80.0}
"""Diagonal of P: how many corrections it takes to move a weight half-way."""
ODD, ROUNDS = 0.6, 4
"""A correction that is so far off counts half; how often that is worked out."""
NEAR = 0.75
"""Distance of the features within which a word moves other music by itself."""
SAME = 1.5
"""Distance of the features within which two moments are of one sound."""
_EASE = 0.5
_APART, _POINT_SCALE = 100.0, 0.15


class Heard(NamedTuple):
    """A moment as the base hears it; no features where the model knows none."""

    valence: float
    arousal: float
    features: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """Where a listener hears a moment.

    Attributes
    ----------
    heard : Heard
        What the base said then.
    valence, arousal : float or None
        -1..1; None: nothing is said of this axis.
    gain : float
        How much it counts.
    """

    heard: Heard
    valence: float | None
    arousal: float | None
    gain: float = 1.0


class Personal:
    """What was learned of one listener; never changes: more corrections make another one.

    Parameters
    ----------
    corrections : sequence of Correction
        Oldest first; those that count.

    Attributes
    ----------
    count : int
        How many.
    weights : np.ndarray, shape=(2, 3 + len(FEATURES))
        Of the general shifts of valence and arousal.
    reach : float
        How far the general shift may move an answer.
    """

    def __init__(self, corrections: Sequence[Correction] = ()) -> None:
        taught = list(corrections)[-MOST:]
        self.count = len(corrections)
        self.weights = np.zeros((2, 3 + len(FEATURES)))
        self.reach = 0.0
        if not taught:
            return
        gains = FORGETTING ** np.arange(len(taught))[::-1]
        gains = gains * np.asarray([one.gain for one in taught])
        more = max(float(gains.sum()) - 1.0, 0.0)
        self.reach = REACH + (FARTHEST - REACH) * more / (more + SLOWNESS)
        inputs = np.asarray([_inputs(one.heard) for one in taught])
        said = np.asarray([_said(one) for one in taught])
        known = np.isfinite(said)
        left = np.where(known, said - inputs[:, 1:3], 0.0)
        for axis in range(2):
            self.weights[axis] = _ridge(inputs, left[:, axis], gains * known[:, axis], axis)
        self._places = np.asarray([_place(one.heard) for one in taught])
        self._rests = np.where(known, left - self._general(inputs), 0.0)
        self._counts = known * np.asarray([[one.gain] for one in taught])

    def point(self, heard: Heard) -> tuple[float, float]:
        """Valence and arousal of a moment as this listener hears it."""
        if not self.count:
            return heard.valence, heard.arousal
        inputs, places = np.asarray([_inputs(heard)]), np.asarray([_place(heard)])
        valence, arousal = self._points(inputs, places)[0].tolist()
        return valence, arousal

    def points(self, points: np.ndarray, features: np.ndarray) -> np.ndarray:
        """Valence and arousal of many moments at once, shape=(n, 2).

        Parameters
        ----------
        points : np.ndarray, shape=(n, 2)
            What the base says.
        features : np.ndarray, shape=(n, len(FEATURES))
        """
        if not self.count:
            return points
        inputs = np.concatenate([np.ones((len(points), 1)), points, features], axis=1)
        return self._points(inputs, np.pad(features, ((0, 0), (1, 0))))

    def _points(self, inputs: np.ndarray, places: np.ndarray) -> np.ndarray:
        shifts = self._general(inputs)
        apart = places[:, None] - self._places[None]
        alike = np.exp(-(apart**2).sum(axis=2) / (2.0 * NEAR * NEAR))
        shifts += alike @ (self._counts * self._rests) / (alike @ self._counts + _EASE)
        return np.clip(inputs[:, 1:3] + shifts, -1.0, 1.0)

    def _general(self, inputs: np.ndarray) -> np.ndarray:
        """What all corrections have in common, shape=(n, 2)."""
        return np.clip(inputs @ self.weights.T, -self.reach, self.reach)

    def state(self, state: AffectState) -> AffectState:
        """A state of the base as this listener hears it."""
        if not self.count or state.quadrant == UNKNOWN:
            return state
        valence, arousal = self.point(heard_in(state))
        memberships = memberships_of(valence, arousal)
        return replace(
            state,
            valence=valence,
            arousal=arousal,
            quadrant_probabilities=memberships,
            confidence=max(memberships),
        )


def heard_in(state: AffectState) -> Heard:
    """What the base says in a state."""
    return Heard(state.valence, state.arousal, state.features)


def likeness_of(one: Heard, other: Heard) -> float:
    """How alike two moments sound, 0..1."""
    squares = ((a - b) ** 2 for a, b in zip(_place(one), _place(other), strict=True))
    return math.exp(-sum(squares) / (2.0 * SAME * SAME))


def _is_described(heard: Heard) -> bool:
    return len(heard.features) == len(FEATURES)


def _place(heard: Heard) -> tuple[float, ...]:
    """Where a moment lies among sounds; what nobody described, by what the base said, and apart."""
    if _is_described(heard):
        return (0.0, *heard.features)
    points = (heard.valence / _POINT_SCALE, heard.arousal / _POINT_SCALE)
    return (_APART, *points, *(0.0,) * (len(FEATURES) - 2))


def _inputs(heard: Heard) -> list[float]:
    features = heard.features if _is_described(heard) else (0.0,) * len(FEATURES)
    return [1.0, heard.valence, heard.arousal, *features]


def _said(correction: Correction) -> tuple[float, float]:
    """Valence and arousal, NaN where nothing is said."""
    nothing = float("nan")
    return (
        nothing if correction.valence is None else correction.valence,
        nothing if correction.arousal is None else correction.arousal,
    )


def _ridge(inputs: np.ndarray, left: np.ndarray, gains: np.ndarray, axis: int) -> np.ndarray:
    """Weights of the general shift of one axis."""
    stiffness = np.full(inputs.shape[1], STIFFNESS["feature"])
    stiffness[0] = STIFFNESS["shift"]
    stiffness[1:3] = STIFFNESS["other"]
    stiffness[1 + axis] = STIFFNESS["stretch"]
    weights = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        belief = 1.0 / (1.0 + ((left - inputs @ weights) / ODD) ** 2)
        weighted = inputs * (gains * belief)[:, None]
        weights = np.linalg.solve(weighted.T @ inputs + np.diag(stiffness), weighted.T @ left)
    return weights
