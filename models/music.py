"""Expressed emotion of music: a few small causal recurrent networks that vote.

Conventions
-----------
Feature frames in, one `AffectState` every 171 ms out. The rows of `models.frontend` are
standardised, squeezed by one layer with tanh and fed to a gated recurrent unit; two logits are read
from both. Several networks that differ in their seed do so side by side, and their mean counts::

    x = clip((row - mean) / scale, ±4)      z = tanh(W x + b)
    h = GRU(z, h)                           logits = mean over networks of V [z, h] + c

The logits say arousal > 0 and valence > 0. Their sigmoids, taken as independent given the music,
give the four quadrant probabilities, so that the most probable quadrant always agrees with the
signs of ``valence = 2 P(V > 0) - 1`` and ``arousal = 2 P(A > 0) - 1``. The logits are scaled by
temperatures fitted on held-out artists, which makes ``confidence`` the probability that the
quadrant is right.

At a boundary the evidence starts again, but not from nothing: the pools since the back-dated
instant are kept for `MEMORY_S` and heard once more (`restart`).

In silence nothing is heard: the state is frozen, the answer fades to neutral with `FADE_S`, and
after `FORGET_S` the next sound begins a new piece.

The GRU follows K. Cho et al. (2014) in PyTorch's variant (reset gate after the matrix product).
Training: `models.training.train_music`; data, licence, figures and limits: ``models/README.md``.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from dsp.features import FeatureSettings, build_layout
from dsp.jit import kernel
from models.frontend import FRONT_END, Pooling, Statistics, is_silent
from models.types import AffectState
from models.weights import Weights, read_weights

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

FADE_S = 1.5
"""Time constant with which the answer fades in silence, seconds."""
FORGET_S = 8.0
"""Silence after which the next sound is a new piece, seconds."""
MEMORY_S = 10.0
"""How much sound `restart` can hear again, seconds."""
_LIMIT = 4.0


@kernel(reorder=True)
def _network(
    row, mean, scale, w, b, w_z, b_z, w_h, b_h, v, c, hidden, x, z, gate_z, gate_h, logits
):
    """Advance one network by one row: ``hidden`` is updated, its logits are added."""
    n, width = w.shape
    size = hidden.shape[0]
    for i in range(width):
        x[i] = min(max((row[i] - mean[i]) * scale[i], -_LIMIT), _LIMIT)
    for j in range(n):
        total = b[j]
        for i in range(width):
            total += w[j, i] * x[i]
        z[j] = math.tanh(total)
    for j in range(3 * size):
        total = b_z[j]
        for i in range(n):
            total += w_z[j, i] * z[i]
        gate_z[j] = total
        total = b_h[j]
        for i in range(size):
            total += w_h[j, i] * hidden[i]
        gate_h[j] = total
    for j in range(size):
        reset = 1.0 / (1.0 + math.exp(-(gate_z[j] + gate_h[j])))
        update = 1.0 / (1.0 + math.exp(-(gate_z[size + j] + gate_h[size + j])))
        candidate = math.tanh(gate_z[2 * size + j] + reset * gate_h[2 * size + j])
        hidden[j] = (1.0 - update) * candidate + update * hidden[j]
    for j in range(2):
        total = c[j]
        for i in range(n):
            total += v[j, i] * z[i]
        for i in range(size):
            total += v[j, n + i] * hidden[i]
        logits[j] += total


@kernel(reorder=True)
def _step(row, mean, scale, w, b, w_z, b_z, w_h, b_h, v, c, hidden, x, z, gate_z, gate_h, logits):
    """Advance all networks by one row; tables and ``hidden`` have the networks in front."""
    networks = hidden.shape[0]
    logits[:] = 0.0
    for k in range(networks):
        _network(
            row,
            mean[k],
            scale[k],
            w[k],
            b[k],
            w_z[k],
            b_z[k],
            w_h[k],
            b_h[k],
            v[k],
            c[k],
            hidden[k],
            x,
            z,
            gate_z,
            gate_h,
            logits,
        )
    for j in range(2):
        logits[j] /= networks


class MusicModel:
    """Causal model of expressed valence and arousal.

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

    _NAMES = ("mean", "scale", "w", "b", "w_z", "b_z", "w_h", "b_h", "v", "c")

    def __init__(self, weights: Weights, layout: FeatureLayout | None = None) -> None:
        layout = layout or build_layout(FeatureSettings())
        weights.require("layout", layout.digest)
        weights.require("front_end", FRONT_END)
        self.name = weights.name
        self.digest = weights.digest
        self._pooling = Pooling(layout)
        self.delay = self._pooling.delay
        row_s = self.delay / layout.sample_rate
        self._statistics = Statistics(self._pooling.width, row_s)
        self._sample_rate = layout.sample_rate
        self._tables = tuple(weights.arrays[name].astype(np.float32) for name in self._NAMES)
        networks, n, width = weights.arrays["w"].shape
        size = weights.arrays["w_h"].shape[2]
        self._hidden = np.zeros((networks, size), dtype=np.float32)
        self._scratch = tuple(
            np.zeros(length, dtype=np.float32) for length in (width, n, 3 * size, 3 * size)
        )
        self._logits = np.zeros(2, dtype=np.float32)
        self._fade = math.exp(-row_s / FADE_S)
        self._forget = round(FORGET_S / row_s)
        self._recent: deque[tuple[int, np.ndarray]] = deque(maxlen=round(MEMORY_S / row_s))
        self._advance(np.zeros(width, dtype=np.float32))
        self.reset()

    def _advance(self, row: np.ndarray) -> None:
        _step(row, *self._tables, self._hidden, *self._scratch, self._logits)

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
                self._presence = 1.0
                self._recent.append((stop, pool.copy()))
                self._advance(self._statistics.push(pool))
                self._heard = True
            states.append(self._state(stop))
        return states

    def _state(self, stop: int) -> AffectState:
        """What the logits say, faded by the silence since."""
        presence = self._presence if self._heard else 0.0
        positive_a = 1.0 / (1.0 + math.exp(-float(self._logits[0]) * presence))
        positive_v = 1.0 / (1.0 + math.exp(-float(self._logits[1]) * presence))
        q = (
            positive_v * positive_a,
            (1.0 - positive_v) * positive_a,
            (1.0 - positive_v) * (1.0 - positive_a),
            positive_v * (1.0 - positive_a),
        )
        audible = presence > 0.05
        return AffectState(
            valence=2.0 * positive_v - 1.0,
            arousal=2.0 * positive_a - 1.0,
            confidence=max(q) if audible else 0.0,
            source="music",
            stop=stop,
            sample_rate=self._sample_rate,
            quadrant_probabilities=q,
            music=presence if audible else 0.0,
        )

    def restart(self, stop: int) -> None:
        """Forget what lies before sample ``stop``; hear again what was kept since."""
        kept = [pool for end, pool in self._recent if end - self.delay >= stop]
        self._forget_piece()
        for pool in kept:
            self._advance(self._statistics.push(pool))
        self._heard = bool(kept)

    def _forget_piece(self) -> None:
        """Let the next sound begin a new piece; the pool being filled goes on."""
        self._hidden[:] = 0.0
        self._statistics.reset()
        self._heard = False

    def reset(self) -> None:
        """Forget all input."""
        self._pooling.reset()
        self._statistics.reset()
        self._hidden[:] = 0.0
        self._logits[:] = 0.0
        self._recent.clear()
        self._silence = 0
        self._presence = 0.0
        self._heard = False


def load(weights: Weights | None = None) -> MusicModel:
    """Load the shipped model, or the one with these weights.

    Raises `WeightsError` if the files are damaged or made for other features.
    """
    return MusicModel(weights or read_weights("music"))
