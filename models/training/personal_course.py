"""Prequential examination of the personal model: teach, examine on what was not taught, go on.

Conventions
-----------
A listener is asked about one clip after the other (`Course.asks`) and after 0, 5, 10 … answers
(`STEPS`) the model says where it thinks that this listener hears clips that were never taught and
never will be. Methods are ways to learn from the same answers: ``none`` stays with the base,
``bias`` learns one shift an axis, ``personal`` is `models.personal`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from models.personal import Correction, Heard, Personal
from models.personal_lessons import at_point, in_quadrant
from models.training.personal_listeners import Listener, quadrants_at

if TYPE_CHECKING:
    from models.training import personal_hearing

Learned: TypeAlias = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Takes what the base says of moments and their features; returns points, shape=(n, 2)."""

STEPS = (0, 5, 10, 15, 20, 30)
METHODS = ("none", "bias", "personal")
BIAS_PRIOR = 1.0


@dataclass(frozen=True)
class Course:
    """How a listener is taught from.

    Attributes
    ----------
    by : str
        ``"points"`` or ``"words"``: what is answered.
    method : str
        One of `METHODS`.
    asks : str
        ``"random"``, or ``"uncertain"``: next is what the model is least sure of.
    """

    by: str
    method: str = "personal"
    asks: str = "random"


@dataclass(frozen=True)
class Report:
    """What came of one listener.

    Attributes
    ----------
    accuracy : np.ndarray, shape=(len(STEPS),)
        Share of the clips whose quadrant was right.
    offset : np.ndarray, shape=(len(STEPS), 2)
        Mean of what the listener hears minus what the model says.
    """

    accuracy: np.ndarray
    offset: np.ndarray


def attend(
    course: Course,
    listener: Listener,
    heard: personal_hearing.Heard,
    rng: np.random.Generator,
    examined: np.ndarray,
) -> Report:
    """Teach from a listener, and examine after each of `STEPS`.

    Parameters
    ----------
    course : Course
    listener : Listener
    heard : Heard
        What the base says of the listener's corpus.
    rng : np.random.Generator
        Decides what is asked first.
    examined : np.ndarray, shape=(n,), bool
        Which of the listener's rows are examined; the others may be asked.
    """
    points, features = heard.points[listener.rows], heard.features[listener.rows]
    pool = list(rng.permutation(np.flatnonzero(~examined)))
    truth, words = listener.points[examined], listener.quadrants[examined]
    taught: list[Correction] = []
    accuracy, offset = [], []
    for step in range(max(STEPS) + 1):
        needed = step in STEPS or course.asks != "random"
        learned = learn(course.method, taught if needed else [])
        if step in STEPS:
            said = learned(points[examined], features[examined])
            accuracy.append(np.mean(quadrants_at(said) == words))
            offset.append((truth - said).mean(axis=0))
        if step < max(STEPS):
            row = _next(course, pool, learned, points, features)
            moment = Heard(*points[row].tolist(), tuple(features[row].tolist()))
            if course.by == "points":
                taught.append(at_point(moment, *listener.said[row].tolist()))
            else:
                taught.append(in_quadrant(moment, int(listener.words[row])))
    return Report(np.asarray(accuracy), np.asarray(offset))


def learn(method: str, taught: list[Correction]) -> Learned:
    """What a method makes of corrections: a function of points and features.

    Raises
    ------
    ValueError
        There is no such method.
    """
    if method == "personal":
        return Personal(taught).points
    if method not in METHODS:
        raise ValueError(f"there are {', '.join(METHODS)}, not {method!r}")
    shift = np.zeros(2)
    if method == "bias" and taught:
        left = [
            (one.valence - one.heard.valence, one.arousal - one.heard.arousal) for one in taught
        ]
        shift = np.sum(left, axis=0) / (len(left) + BIAS_PRIOR)
    return lambda points, features: np.clip(points + shift, -1.0, 1.0)


def _next(
    course: Course, pool: list[int], learned: Learned, points: np.ndarray, features: np.ndarray
) -> int:
    """Take the next clip to ask about from the pool."""
    if course.asks == "random":
        return pool.pop()
    told = np.abs(learned(points[pool], features[pool]))
    sureness = ((1.0 + told) / 2.0).prod(axis=1)
    return pool.pop(int(np.argmin(sureness)))
