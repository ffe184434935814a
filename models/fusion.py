"""Two opinions about one piece: the sound and the notes that were played, pooled.

Conventions
-----------
Every voice answers two questions with a probability: is arousal positive, is valence positive? The
answers are pooled as logarithms (a *log-opinion pool*, Genest & Zidek 1986): the logit of the pool
is the weighted mean of the logits, with weights that sum to 1::

    w_m ∝ confidence_m · music_m · f_m      f_m = 2 ** (-age_m / HALF_LIFE_S)
    logit = max(f) · Σ w_m logit_m

so a voice counts by how sure it is, whether it hears music at all, and how fresh it is. One voice
alone and fresh is left as it is; two that agree are never surer than the surer one, because both
heard the same piece; when all grow stale the pool returns to not knowing. No state is kept but the
newest of each voice: the same states give the same pool.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from models.types import AffectState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsp.types import FeatureFrames
    from models.base import AffectModel, NoteModel
    from models.notes import KeyEvent

HALF_LIFE_S = 2.0
"""Age at which an opinion counts half, seconds."""
_LEAST = 1e-6


def _logit(probability: float) -> float:
    p = min(max(probability, _LEAST), 1.0 - _LEAST)
    return math.log(p / (1.0 - p))


def pool(states: Sequence[AffectState], stop: int) -> AffectState:
    """The pool of several opinions at sample ``stop``.

    Parameters
    ----------
    states : sequence of AffectState
        The newest of each voice, all on one clock.
    stop : int
        Now; no state is from later.

    Raises
    ------
    ValueError
        No state, or states on different clocks.
    """
    if not states:
        raise ValueError("nobody has an opinion")
    sample_rate = states[0].sample_rate
    if any(state.sample_rate != sample_rate for state in states):
        raise ValueError("the states count samples at different rates")
    if len(states) == 1 and states[0].stop == stop:
        return states[0]
    fresh = [2.0 ** (-(stop - state.stop) / (HALF_LIFE_S * sample_rate)) for state in states]
    weights = [state.confidence * state.music * f for state, f in zip(states, fresh, strict=True)]
    total = sum(weights)
    arousal = valence = music = 0.0
    if total > 0.0:
        alive = max(f for f, weight in zip(fresh, weights, strict=True) if weight > 0.0)
        for state, weight, f in zip(states, weights, fresh, strict=True):
            q1, q2, _, q4 = state.quadrant_probabilities
            share = alive * weight / total
            arousal += share * _logit(q1 + q2)
            valence += share * _logit(q1 + q4)
            music = max(music, state.music * f)
    a, v = 1.0 / (1.0 + math.exp(-arousal)), 1.0 / (1.0 + math.exp(-valence))
    q = (v * a, (1.0 - v) * a, (1.0 - v) * (1.0 - a), v * (1.0 - a))
    return AffectState(
        valence=2.0 * v - 1.0,
        arousal=2.0 * a - 1.0,
        confidence=max(q) if total > 0.0 else 0.0,
        source="music",
        stop=stop,
        sample_rate=sample_rate,
        quadrant_probabilities=q,
        music=music,
        dominance=_dominance(states, weights),
        features=next((state.features for state in states if state.features), ()),
    )


def _dominance(states: Sequence[AffectState], weights: Sequence[float]) -> float | None:
    """Weighted mean over the voices that know it."""
    known = [(s.dominance, w) for s, w in zip(states, weights, strict=True) if w > 0.0]
    said = [(value, weight) for value, weight in known if value is not None]
    if not said:
        return None
    return sum(value * weight for value, weight in said) / sum(weight for _, weight in said)


class Duet:
    """A model of sound and a model of notes that hear one performance; an `AffectModel`.

    Parameters
    ----------
    sound : AffectModel
        Hears the feature frames.
    notes : NoteModel
        Hears the keyboard.
    played : callable
        Gives, for a sample index, the key events up to it that it has not given yet.
    """

    def __init__(
        self, sound: AffectModel, notes: NoteModel, played: Callable[[int], Sequence[KeyEvent]]
    ) -> None:
        self.name = sound.name
        self.digest = f"{sound.digest}+{notes.digest}"
        self.delay = sound.delay
        self._sound = sound
        self._notes = notes
        self._played = played
        self._newest: dict[str, AffectState] = {}

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        """Take the next frames and what was played meanwhile; return pools, oldest first.

        Raises
        ------
        ValueError
            Frames and notes are not on one clock.
        """
        if frames.sample_rate != self._notes.sample_rate:
            raise ValueError("frames and notes count samples at different rates")
        heard = [("sound", state) for state in self._sound.update(frames)]
        events = self._played(frames.stop)
        heard += [("notes", state) for state in self._notes.update(events, frames.stop)]
        heard.sort(key=lambda pair: pair[1].stop)
        pools: list[AffectState] = []
        for voice, state in heard:
            self._newest[voice] = state
            pools.append(pool(list(self._newest.values()), state.stop))
        return pools

    def restart(self, stop: int) -> None:
        """Take what came after sample ``stop`` for a new piece."""
        self._sound.restart(stop)
        self._notes.restart(stop)
        self._newest = {
            voice: replace(state, confidence=0.0) for voice, state in self._newest.items()
        }

    def reset(self) -> None:
        """Forget all input."""
        self._sound.reset()
        self._notes.reset()
        self._newest.clear()
