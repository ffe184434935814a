"""Is it music at all? A small causal classifier beside the emotion model.

Problem
-------
An emotion model answers whatever it hears: speech, wind and applause too. The gate says for every
pool of the front end (171 ms, `models.frontend`) how probable it is that what sounds is music,
alone or with something else over it. To reject music is the worse error: the network's offset is
set so that at `THRESHOLD` at most one percent of the time of real music is rejected.

Conventions
-----------
`MusicGate.update` is called with each pool in turn; silent pools change nothing. Nothing depends on
the absolute level, so the volume knob changes nothing. The network, a gated recurrent unit on
`models.gate_features`, comes from `models.training.train_gate`; its logits are smoothed with a time
constant of `SMOOTH_S`.

Examples
--------
::

    gate = MusicGate(pooling.width)
    is_music = gate.update(pool) >= THRESHOLD
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.tables import shared
from models.gate_features import FEATURES, POOL_S, GateFeatures
from models.pools import is_silent
from models.weights import read_weights

if TYPE_CHECKING:
    from models.weights import Weights

THRESHOLD = 0.5
"""Probability under which what sounds is not taken for music."""
SMOOTH_S = 0.8
"""Time constant of the smoothing of the answer, seconds."""
_MOST_LOGIT = 12.0


@kernel(reorder=True)
def _step(x, held):
    """One step of the recurrent network (Cho et al. 2014, in PyTorch's order r, z, n): a logit.

    ``gates``, shape=(4, n), and ``z``: room for r, z and the two halves of n, and for the
    standardised input.
    """
    offset, scale, w_x, w_h, b_x, b_h, out_w, hidden, gates, z = opened(held)
    n = hidden.shape[0]
    for i in range(z.shape[0]):
        z[i] = min(max((x[i] - offset[i]) * scale[i], -5.0), 5.0)
    for j in range(3 * n):
        from_input, from_state = b_x[j], b_h[j]
        for i in range(z.shape[0]):
            from_input += w_x[j, i] * z[i]
        for i in range(n):
            from_state += w_h[j, i] * hidden[i]
        if j < 2 * n:
            gates[j // n, j % n] = 1.0 / (1.0 + np.exp(-(from_input + from_state)))
        else:
            gates[2, j - 2 * n] = from_input
            gates[3, j - 2 * n] = from_state
    logit = out_w[n]
    for j in range(n):
        new = np.tanh(gates[2, j] + gates[0, j] * gates[3, j])
        hidden[j] = (1.0 - gates[1, j]) * new + gates[1, j] * hidden[j]
        logit += out_w[j] * hidden[j]
    return logit


class MusicGate:
    """How probable it is that what sounds is music.

    Parameters
    ----------
    pool_width : int
        Values a pool (`models.frontend.Pooling.width`).
    weights : Weights, optional
        Other weights than the shipped ones.

    Attributes
    ----------
    digest : str
        Hash of the weights.
    delay : int
        Samples of look-back beyond the pool: none.

    Raises
    ------
    WeightsError
        The files are damaged or were made for other features.
    """

    delay = 0

    def __init__(self, pool_width: int, weights: Weights | None = None) -> None:
        weights = weights or read_weights("gate")
        weights.require("front_end", FEATURES)
        self.digest = weights.digest
        self._features = GateFeatures(pool_width)
        arrays = weights.in_float32()
        n_hidden = arrays["w_h"].shape[1]
        self._hidden = np.zeros(n_hidden, dtype=np.float32)
        names = ("offset", "scale", "w_x", "w_h", "b_x", "b_h", "out")
        self._held = hold(
            *(shared(arrays[name]) for name in names),
            self._hidden,
            np.zeros((4, n_hidden), dtype=np.float32),
            np.zeros(self._features.width, dtype=np.float32),
        )
        self._rate = 1.0 - math.exp(-POOL_S / SMOOTH_S)
        self._step(np.zeros(pool_width, np.float32))
        self.reset()

    def _step(self, pool: np.ndarray) -> float:
        described = self._features.push(pool)
        return float(_step(described, self._held))

    @property
    def probability(self) -> float:
        """What the latest `update` said; 0.5 before the first."""
        return 1.0 / (1.0 + math.exp(-self._logit))

    def update(self, pool: np.ndarray) -> float:
        """Take one pool, shape=(pool_width,), float32; return the probability of music, 0..1.

        A silent pool changes nothing: music that pauses is still music.
        """
        if not is_silent(pool):
            now = min(max(self._step(pool), -_MOST_LOGIT), _MOST_LOGIT)
            self._seen += 1
            self._logit += max(self._rate, 1.0 / self._seen) * (now - self._logit)
        return self.probability

    def reset(self) -> None:
        """Forget all input."""
        self._features.reset()
        self._hidden[:] = 0.0
        self._logit = 0.0
        self._seen = 0
