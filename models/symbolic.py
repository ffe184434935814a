"""Expressed emotion of played notes: what a keyboard or a MIDI file says without any sound.

Conventions
-----------
Key events in, one `AffectState` every `STEP_S` out. The notes heard since the piece began (the last
`LONGEST_S` at most) are described by `models.symbolic_features`, by nothing that depends on how
loudly the keyboard is set. Two voters say how probable it is that arousal and valence are positive:
a few small networks that differ in their seed, and a kernel machine that compares with the pieces
that it knows (the landmarks l)::

    x = clip((row - mean) / scale, ±4)
    p = mean over networks of softmax(V tanh(W x + b) + c)        over the four quadrants
    s = Σ_l α_l exp(-γ ‖x - l‖²) + β                              P = (1 + s) / 2

The mean of their logits, divided by temperatures fitted on held-out songs and taken as independent,
gives the quadrant probabilities, so that the most probable quadrant always agrees with the signs of
``valence = 2 P(V > 0) - 1`` and ``arousal = 2 P(A > 0) - 1``.

Fewer than `models.symbolic_features.FEWEST` notes say nothing. A rest of up to `PAUSE_S` belongs to
the music; in a longer one the answer fades (`FADE_S`), and after `FORGET_S` the next note begins a
new piece.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from models.notes import Keyboard, Notes
from models.symbolic_features import FEWEST, features_of
from models.types import AffectState
from models.weights import Weights, read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.notes import KeyEvent

SAMPLE_RATE = 24_000
"""Of the sample indices of events and states: the internal rate of the analysis of sound, Hz."""
STEP_S = 0.25
"""Time from one answer to the next, seconds."""
LONGEST_S = 40.0
"""What lies further back is forgotten, seconds."""
PAUSE_S = 1.0
"""A longer rest is silence, seconds."""
FADE_S = 1.5
"""Time constant with which the answer fades in silence, seconds."""
FORGET_S = 8.0
"""Silence after which the next note begins a new piece, seconds."""
AUDIBLE = 0.05
"""Presence below which there is no music any more."""
SUREST = 0.98
"""The kernel machine's score is a least-squares guess at ±1: beyond this it says no more."""
_LIMIT = 4.0


def feature_names() -> list[str]:
    """Names of the values of `row_of`, in order."""
    ramp = np.arange(FEWEST, dtype=np.float64)
    notes = Notes(ramp, ramp + 0.5, ramp + 0.5, np.arange(60, 60 + FEWEST), ramp + 64.0)
    return list(features_of(notes, FEWEST + 1.0, relative=True))


def features_digest() -> str:
    """Hash of `feature_names`, 12 hex digits: ties weights to what they were fitted on."""
    return hashlib.sha256("\n".join(feature_names()).encode()).hexdigest()[:12]


def row_of(notes: Notes, stop_s: float) -> np.ndarray | None:
    """Features of all ``notes`` up to ``stop_s``, shape=(width,); None for too few notes."""
    if len(notes) < FEWEST:
        return None
    return np.array(list(features_of(notes, stop_s, relative=True).values()))


class SymbolicModel:
    """Causal model of expressed valence and arousal on key events; a `models.base.NoteModel`.

    Parameters
    ----------
    weights : Weights
        As `models.training.train_symbolic` writes them.

    Raises
    ------
    WeightsError
        The weights were trained on other features.
    """

    _NAMES = (
        *("mean", "scale", "w", "b", "v", "c"),
        *("landmarks", "alpha", "beta", "gamma", "temperature"),
    )

    def __init__(self, weights: Weights) -> None:
        weights.require("features", features_digest())
        self.name = weights.name
        self.digest = weights.digest
        self.sample_rate = SAMPLE_RATE
        self.delay = round(STEP_S * SAMPLE_RATE)
        self._tables = {name: weights.arrays[name].astype(np.float64) for name in self._NAMES}
        self._keyboard = Keyboard(SAMPLE_RATE)
        self.reset()

    def update(self, events: Sequence[KeyEvent], stop: int) -> list[AffectState]:
        """Take all events up to sample ``stop``; return the states that this completes.

        Parameters
        ----------
        events : sequence of KeyEvent
            In order, none before an earlier ``stop``.
        stop : int
            Sample index up to which everything that was played is known; never goes back.
        """
        self._waiting.extend(events)
        states: list[AffectState] = []
        while self._next <= stop:
            while self._waiting and self._waiting[0].at < self._next:
                self._keyboard.update(self._waiting.popleft())
            states.append(self._step(self._next))
            self._next += self.delay
        return states

    def _step(self, now: int) -> AffectState:
        """Hear what sounds at sample ``now``, and say what it adds up to."""
        until = self._keyboard.audible_until(now)
        silence_s = (now - until) / SAMPLE_RATE
        if silence_s >= FORGET_S:
            self._begin(now)
        self._begin(max(self._since, now - round(LONGEST_S * SAMPLE_RATE)))
        stop = now if silence_s <= PAUSE_S else until
        row = row_of(self._keyboard.notes(self._since, stop), stop / SAMPLE_RATE)
        presence = math.exp(-max(silence_s - PAUSE_S, 0.0) / FADE_S)
        if row is None or presence < AUDIBLE:
            return self._state(now, np.zeros(2), 0.0)
        return self._state(now, self._logits(row) * presence, presence)

    def _logits(self, row: np.ndarray) -> np.ndarray:
        """Logits of P(A > 0) and P(V > 0), shape=(2,)."""
        t = self._tables
        x = np.clip((row - t["mean"]) / t["scale"], -_LIMIT, _LIMIT)
        hidden = np.tanh(t["w"] @ x + t["b"])
        q = np.einsum("kqh,kh->kq", t["v"], hidden) + t["c"]
        q = np.exp(q - q.max(axis=1, keepdims=True))
        q = (q / q.sum(axis=1, keepdims=True)).mean(axis=0)
        positive = np.clip([q[0] + q[1], q[0] + q[3]], 1e-6, 1.0 - 1e-6)
        off = t["landmarks"] - x
        near = np.exp(-t["gamma"] * np.einsum("ij,ij->i", off, off))
        s = np.clip(near @ t["alpha"] + t["beta"], -SUREST, SUREST)
        votes = np.log(positive / (1.0 - positive)) + 2.0 * np.arctanh(s)
        return 0.5 * votes / t["temperature"]

    def _state(self, now: int, logits: np.ndarray, presence: float) -> AffectState:
        a, v = (1.0 / (1.0 + math.exp(-logit)) for logit in logits.tolist())
        q = (v * a, (1.0 - v) * a, (1.0 - v) * (1.0 - a), v * (1.0 - a))
        return AffectState(
            valence=2.0 * v - 1.0,
            arousal=2.0 * a - 1.0,
            confidence=max(q) if presence else 0.0,
            source="music",
            stop=now,
            sample_rate=SAMPLE_RATE,
            quadrant_probabilities=q,
            music=presence,
        )

    def _begin(self, start: int) -> None:
        """Rest on the notes from sample ``start`` on."""
        self._since = start
        self._keyboard.forget(start)

    def restart(self, stop: int) -> None:
        """Forget the notes that began before sample ``stop``."""
        self._begin(max(self._since, stop))

    def reset(self) -> None:
        """Forget everything that was played; a new stream begins at sample 0."""
        self._keyboard.reset()
        self._waiting: deque[KeyEvent] = deque()
        self._next = self.delay
        self._since = 0


def load(weights: Weights | None = None) -> SymbolicModel:
    """Load the shipped model, or the one with these weights.

    Raises `WeightsError` if the files are damaged or made for other features.
    """
    return SymbolicModel(weights or read_weights("symbolic"))
