"""Clip models on a stream: a published system hears the last seconds and says what they express.

Conventions
-----------
The published systems classify whole clips. `WindowModel` lets them run live behind the contract of
`models.base`: it keeps the last ``window_s`` seconds of the samples that the feature frames bring
along (`dsp.types.FeatureFrames.hops`, mono float32 at the internal rate, oldest first) and asks the
system every ``step_s`` for the probabilities of quadrants 1..4. The grid of steps belongs to the
stream, so no split of the input changes an answer. ``valence = P(1) + P(4) - P(2) - P(3)`` and
``arousal = P(1) + P(2) - P(3) - P(4)``; ``confidence`` is the probability of the quadrant that
their signs name.

A system is asked from `FIRST_S` seconds of sound on, with as much as there is: `fill` brings that
to the length of its input, by repeating it or, as the papers do with short pieces, with zeros.

A step of silence does not enter the window: the answer fades to neutral with `FADE_S`, and after
`FORGET_S` the next sound begins a new piece. After `restart` the window holds what was heard since
the boundary alone.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.types import AffectState, quadrant_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsp.types import FeatureFrames
    from models.weights import Weights

SAMPLE_RATE = 24000
"""Rate at which every system of the zoo hears, Hz."""
STEP_S = 0.5
"""Seconds from one answer to the next, rounded to whole hops."""
FIRST_S = 1.0
"""Seconds of sound before the first answer."""
SILENCE_DB = -60.0
"""Mean power of a step under which it is silence, dB re full scale."""
FADE_S = 1.5
"""Time constant with which the answer fades in silence, seconds."""
FORGET_S = 8.0
"""Silence after which the next sound is a new piece, seconds."""
AUDIBLE = 0.05
"""Presence up to which an answer has faded away."""
HOP_LENGTH = 256
"""Samples a hop of the feature frames."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a clip model says of a window.

    Attributes
    ----------
    quadrants : np.ndarray, shape=(4,)
        Calibrated probabilities of quadrants 1..4, sum 1.
    dominance : float or None
        -1..1 where the system knows it.
    """

    quadrants: np.ndarray
    dominance: float | None = None


def fill(samples: np.ndarray, length: int, how: Literal["repeat", "zeros"]) -> np.ndarray:
    """Bring a window to a fixed length: the newest samples, filled where there are too few.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), n > 0
    length : int
        Samples wanted.
    how : {"repeat", "zeros"}
        Play it again from its start, or (as papers do) append silence.

    Returns
    -------
    np.ndarray, shape=(length,)
    """
    if len(samples) >= length:
        return samples[-length:]
    if how == "repeat":
        return np.resize(samples, length)
    filled = np.zeros(length, dtype=samples.dtype)
    filled[: len(samples)] = samples
    return filled


def state_of(
    quadrants: np.ndarray | None, presence: float, stop: int, dominance: float | None = None
) -> AffectState:
    """State of an answer, faded by how long there has been silence.

    Parameters
    ----------
    quadrants : np.ndarray or None, shape=(4,)
        Probabilities of quadrants 1..4, None where nothing has been said yet.
    presence : float
        0..1, 1 while there is something to hear; near 0 the state says nothing any more.
    stop : int
        Sample up to which was heard, at `SAMPLE_RATE`.
    dominance : float or None
        -1..1 where the system knows it.
    """
    if quadrants is None or presence <= AUDIBLE:
        return AffectState(0.0, 0.0, 0.0, "music", stop, SAMPLE_RATE, music=0.0)
    faded = np.maximum(quadrants.astype(np.float64), 1e-9) ** presence
    q1, q2, q3, q4 = (faded / faded.sum()).tolist()
    valence, arousal = q1 + q4 - q2 - q3, q1 + q2 - q3 - q4
    return AffectState(
        valence=valence,
        arousal=arousal,
        confidence=(q1, q2, q3, q4)[quadrant_of(valence, arousal) - 1],
        source="music",
        stop=stop,
        sample_rate=SAMPLE_RATE,
        quadrant_probabilities=(q1, q2, q3, q4),
        music=presence,
        dominance=None if dominance is None else dominance * presence,
    )


def unit_power(samples: np.ndarray) -> np.ndarray:
    """Samples scaled to a mean power of 1, so that a system hears no volume, same shape.

    What is more than 120 dB under full scale counts as that loud.
    """
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return samples * np.float32(1.0 / np.sqrt(max(power, 1e-12)))


class WindowModel:
    """A clip model that runs live.

    Parameters
    ----------
    weights : Weights
        Give name and digest.
    answer : callable
        Takes samples, shape=(n,), float32, ``FIRST_S`` to ``window_s`` seconds, a view that it
        must not keep; returns an `Answer`. It must depend on its argument alone.
    window_s, step_s : float
        Length of the window and distance of answers, seconds.

    Attributes
    ----------
    name, digest : str
        As in `models.base.AffectModel`.
    delay : int
        Samples from one answer to the next.
    """

    def __init__(
        self,
        weights: Weights,
        answer: Callable[[np.ndarray], Answer],
        window_s: float,
        step_s: float = STEP_S,
    ) -> None:
        self.name = weights.name
        self.digest = weights.digest
        self.delay = round(step_s * SAMPLE_RATE / HOP_LENGTH) * HOP_LENGTH
        self._answer = answer
        self._first = round(FIRST_S * SAMPLE_RATE)
        self._step = np.zeros(self.delay, dtype=np.float32)
        self._window = np.zeros(round(window_s * SAMPLE_RATE), dtype=np.float32)
        step_s = self.delay / SAMPLE_RATE
        self._fade = math.exp(-step_s / FADE_S)
        self._forget = round(FORGET_S / step_s)
        self._pieces: deque[tuple[int, int]] = deque(maxlen=len(self._window) // self.delay + 2)
        answer(np.zeros(self._first, dtype=np.float32))  # whatever it compiles or builds: now
        self.reset()

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        """Take the next frames; return the states that they complete, oldest first.

        Raises
        ------
        ValueError
            Frames of another rate or hop length than the zoo hears.
        """
        if frames.sample_rate != SAMPLE_RATE or frames.layout.hop_length != HOP_LENGTH:
            raise ValueError(
                f"frames have {frames.sample_rate} Hz and hops of {frames.layout.hop_length}, "
                f"expected {SAMPLE_RATE} Hz and {HOP_LENGTH}"
            )
        samples = frames.hops.reshape(-1)
        position = frames.first * HOP_LENGTH
        states: list[AffectState] = []
        while len(samples):
            taken = min(self.delay - self._filled, len(samples))
            self._step[self._filled : self._filled + taken] = samples[:taken]
            self._filled += taken
            position += taken
            samples = samples[taken:]
            if self._filled == self.delay:
                self._filled = 0
                states.append(self._complete(position))
        return states

    def _complete(self, stop: int) -> AffectState:
        """Take in the step that ends at ``stop``; ask the system if there is enough to hear."""
        if float(np.mean(np.square(self._step))) < 10.0 ** (SILENCE_DB / 10.0):
            self._silence += 1
            self._presence *= self._fade
            if self._silence == self._forget:
                self._forget_piece()
            return self._state(stop)
        self._silence = 0
        self._presence = 1.0
        new = min(stop - self._begin, self.delay)
        self._window[: -self.delay] = self._window[self.delay :]
        self._window[-self.delay :] = self._step
        self._pieces.append((stop, new))
        self._heard = min(self._heard + new, len(self._window))
        if self._heard >= self._first:
            self._said = self._answer(self._window[-self._heard :])
        return self._state(stop)

    def _state(self, stop: int) -> AffectState:
        """What the system said last, faded by the silence since."""
        if self._said is None:
            return state_of(None, self._presence, stop)
        return state_of(self._said.quadrants, self._presence, stop, self._said.dominance)

    def restart(self, stop: int) -> None:
        """Forget what lies before sample ``stop``; the next answer rests on what came since."""
        kept = [(end, min(end - stop, n)) for end, n in self._pieces if end > stop]
        self._forget_piece()
        self._begin = stop
        self._pieces.extend(kept)
        self._heard = min(sum(n for _, n in kept), len(self._window))
        if self._heard >= self._first:
            self._said = self._answer(self._window[-self._heard :])

    def _forget_piece(self) -> None:
        """Let the next sound begin a new piece; the step being filled goes on."""
        self._pieces.clear()
        self._heard = 0
        self._said: Answer | None = None

    def reset(self) -> None:
        """Forget all input."""
        self._forget_piece()
        self._window[:] = 0.0
        self._filled = 0
        self._begin = 0
        self._silence = 0
        self._presence = 0.0
