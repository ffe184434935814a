"""Expressed emotion of music: small causal networks that follow it, and some that sum it up.

Conventions
-----------
Feature frames in, one `AffectState` every 171 ms out. Recurrent networks (`models.votes`) follow
the rows of `models.frontend` as they come, readers (`models.readers`) judge the summary of all rows
so far (`models.summary`); the logits are the sum of what both say on average. There are two groups
of them, *experts*: one has learned from recordings, the other from scores for a piano or a few
synthesised voices, where the same density, register and brightness mean something else. How much
each counts is itself heard (`models.route`)::

    logits = (1 - share) (vote_0 + reading_0) + share (vote_1 + reading_1)

The logits say arousal > 0 and valence > 0. Their sigmoids, taken as independent given the music,
give the four quadrant probabilities, so that the most probable quadrant always agrees with the
signs of ``valence = 2 P(V > 0) - 1`` and ``arousal = 2 P(A > 0) - 1``. The logits are scaled by
temperatures fitted on held-out artists, which makes ``confidence`` the probability that the
quadrant is right.

At a boundary the evidence starts again, but not from nothing: the pools since the back-dated
instant are kept for `MEMORY_S` and heard once more (`restart`).

In silence nothing is heard: the state is frozen, the answer fades to neutral with `FADE_S`, and
after `FORGET_S` the next sound begins a new piece. Speech, noise and applause are told from music
by a gate of its own (`models.gate`): while it is shut the quadrant is unknown and the answer fades.

The GRU follows K. Cho et al. (2014) in PyTorch's variant (reset gate after the matrix product).
Training: `models.training.train_music`; data, licence, figures and limits: ``models/README.md``.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsp.features import FeatureSettings, build_layout
from models.frontend import FRONT_END, Statistics
from models.gate import THRESHOLD, MusicGate
from models.peakiness import PeakSummary
from models.personal_features import Description
from models.pools import POOL, Pooling, is_silent, pool_spans
from models.readers import Readers
from models.route import Route
from models.summary import Summary
from models.types import AffectState
from models.votes import Votes
from models.weights import Weights, read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

FADE_S = 1.5
"""Time constant with which the answer fades in silence, seconds."""
FORGET_S = 8.0
"""Silence after which the next sound is a new piece, seconds."""
MEMORY_S = 10.0
"""How much sound `restart` can hear again, seconds."""


class Moment(NamedTuple):
    """An instant at which the model says something, before the networks were asked.

    Attributes
    ----------
    stop, sample_rate : int
        As of `AffectState`.
    presence : float
        1 where music sounds, fading to 0 in silence.
    music : float
        Probability that what was heard last is music.
    """

    stop: int
    sample_rate: int
    presence: float
    music: float


class MusicModel:
    """Causal model of expressed valence and arousal; an answer each pool.

    Parameters
    ----------
    weights : Weights
        As `models.training.train_music` writes them.
    layout : FeatureLayout, optional
        Layout of the frames; the default settings' if not given.

    Raises
    ------
    WeightsError
        The weights were trained on other features or another front end.
    """

    def __init__(self, weights: Weights, layout: FeatureLayout | None = None) -> None:
        layout = layout or build_layout(FeatureSettings())
        weights.require("layout", layout.digest)
        weights.require("front_end", FRONT_END)
        self.step = POOL
        self.name = weights.name
        self.digest = weights.digest
        self._pooling = Pooling(layout)
        self._gate = MusicGate(self._pooling.width)
        self.delay = self._pooling.delay
        row_s = self.delay / layout.sample_rate
        self._statistics = Statistics(self._pooling.width, row_s)
        self._sample_rate = layout.sample_rate
        self._votes = Votes(weights, self._statistics.width)
        self._summary = Summary(self._statistics.width, self._statistics.texture, row_s)
        self._readers = Readers(weights, self._summary.width)
        self._peaks = PeakSummary(pool_spans()["peakiness"], row_s)
        self._peak_readers = Readers(weights, self._peaks.width, "peak")
        self._readings = np.zeros_like(self._readers.readings)
        self._description = Description(self._summary.width)
        self._route = Route(weights, self._summary.width)
        self._fade = math.exp(-row_s / FADE_S)
        self._forget = round(FORGET_S / row_s)
        self._features: tuple[float, ...] = ()
        self._recent: deque[tuple[int, np.ndarray]] = deque(maxlen=round(MEMORY_S / row_s))
        self.reset()

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        """Take the next frames; return the states that they complete, oldest first."""
        pools, stops = self._pooling.push(frames)
        states: list[AffectState] = []
        for pool, stop in zip(pools, stops, strict=True):
            if is_silent(pool):
                self._silence += 1
                self._presence *= self._fade
                if self._silence == self._forget:
                    self._forget_piece()
            else:
                self._silence = 0
                self._recent.append((stop, pool.copy()))
                self._hear(pool)
                self._heard = True
            states.append(self._state(stop))
        return states

    def _hear(self, pool: np.ndarray) -> None:
        """Take a pool that is not silent."""
        self._music = self._gate.update(pool)
        self._presence = 1.0 if self._music >= THRESHOLD else self._presence * self._fade
        self._follow(pool)

    def _follow(self, pool: np.ndarray) -> None:
        """Let networks and readers hear a pool."""
        row = self._statistics.push(pool)
        summary = self._summary.push(row)
        self._features = self._description.of(summary)
        read, peaks = self._readers.push(summary), self._peaks.push(pool)
        np.add(read, self._peak_readers.push(peaks), out=self._readings)
        self._votes.push(row, self._readings, self._route.push(summary))

    def _state(self, stop: int) -> AffectState:
        """What the networks say now."""
        return say(self._moment(stop), self._votes.logits, self._features)

    def _moment(self, stop: int) -> Moment:
        """What there is to be said beside what the networks say."""
        presence = self._presence if self._heard else 0.0
        return Moment(stop, self._sample_rate, presence, self._music)

    def restart(self, stop: int) -> None:
        """Forget what lies before sample ``stop``; hear again what was kept since.

        Whether there is music at all is not asked anew: the gate goes on.
        """
        kept = [pool for end, pool in self._recent if end - self.delay >= stop]
        self._begin_again()
        for pool in kept:
            self._follow(pool)
        self._heard = bool(kept)

    def _forget_piece(self) -> None:
        """Let the next sound begin a new piece; the pool being filled goes on."""
        self._gate.reset()
        self._begin_again()

    def _begin_again(self) -> None:
        """Forget what the music expressed."""
        self._forget_rows()
        self._features = ()
        self._heard = False

    def _forget_rows(self) -> None:
        """Forget all that networks and readers have heard."""
        parts = (self._statistics, self._summary, self._peaks, self._votes)
        for part in (*parts, self._readers, self._peak_readers):
            part.reset()

    def reset(self) -> None:
        """Forget all input."""
        self._pooling.reset()
        self._gate.reset()
        self._music = self._gate.probability
        self._forget_rows()
        self._features = ()
        self._recent.clear()
        self._silence = 0
        self._presence = 0.0
        self._heard = False


def say(
    moment: Moment, logits: Sequence[float] | np.ndarray, features: tuple[float, ...]
) -> AffectState:
    """What logits of arousal and valence say at a moment, faded by the silence before it."""
    presence = moment.presence
    positive_a = 1.0 / (1.0 + math.exp(-float(logits[0]) * presence))
    positive_v = 1.0 / (1.0 + math.exp(-float(logits[1]) * presence))
    q = (
        positive_v * positive_a,
        (1.0 - positive_v) * positive_a,
        (1.0 - positive_v) * (1.0 - positive_a),
        positive_v * (1.0 - positive_a),
    )
    audible = presence > 0.05 and moment.music >= THRESHOLD
    return AffectState(
        valence=2.0 * positive_v - 1.0,
        arousal=2.0 * positive_a - 1.0,
        confidence=max(q) if audible else 0.0,
        source="music",
        stop=moment.stop,
        sample_rate=moment.sample_rate,
        quadrant_probabilities=q,
        music=presence * moment.music if audible else 0.0,
        features=features,
    )


def load(weights: Weights | None = None) -> MusicModel:
    """Load the shipped model, or the one with these weights.

    Raises `WeightsError` if the files are damaged or made for other features.
    """
    return MusicModel(weights or read_weights("music"))
