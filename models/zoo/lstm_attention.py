"""S4, the LSTM with attention: segments of three seconds, described by 50 numbers, in their order.

Conventions
-----------
Every second the last 3 s of mono float32 samples at 24 kHz (less at the start of a piece) become 50
descriptors (`models.zoo.descriptors`), scaled to [0, 1] with the limits of the training segments.
The segments heard so far, `MEMORY` at most, go through three LSTMs and causal attention::

    x = 50 → LSTM → LSTM → LSTM → h(t)          e(t) = vᵀ tanh(W h(t) + b)
    context(t) = Σ exp(e(s)) h(s) / Σ exp(e(s)), s ≤ t → 64 → logits / temperature → softmax

Labels are quadrants 1..4. A network with six outputs, as printed, can be built and trained
(`models.training.zoo.lstm_attention`); the live path takes four.

Method
------
Yu & Lin; attention is additive (Bahdanau et al. 2015), one of the three kinds that they name. They
attend to a whole piece; a stream has no end, so the sums run over what has been heard. With a
running maximum subtracted, no score over- or underflows, and at every instant the result is that of
full attention on the prefix. *Paper mode* is trained as printed (SGD, dropout 0.7, sigmoid in the
layer of 64); the weights say which, the default has a tanh there.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from models.weights import Weights, read_weights
from models.zoo.descriptors import (
    HOP_LENGTH,
    N_FFT,
    PRE_EMPHASIS,
    SEGMENT_S,
    WIDTH,
    describe,
    scale,
)
from models.zoo.layers import dense, lstm, sigmoid, softmax
from models.zoo.window import SAMPLE_RATE, Answer, WindowModel

STEP_S = 1.0
"""Seconds from one segment to the next."""
MEMORY = 30
"""Segments that an answer rests on: as many as the training clips have."""
LAYERS = 3
HIDDEN = 64
"""Width of the layer between attention and logits."""
FRONT_END = f"1: {SAMPLE_RATE} {N_FFT} {HOP_LENGTH} {PRE_EMPHASIS} {SEGMENT_S} {STEP_S} {WIDTH}"
"""Says which descriptors these are; weights name those that they were trained on."""


def causal_attention(h: np.ndarray, w: np.ndarray, b: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Additive attention over what was heard so far, at every instant.

    Parameters
    ----------
    h : np.ndarray, shape=(time, size)
    w : np.ndarray, shape=(inner, size)
    b, v : np.ndarray, shape=(inner,)

    Returns
    -------
    np.ndarray, shape=(time, size)
        Row ``t`` equals `models.zoo.layers.additive_attention` of ``h[: t + 1]``.
    """
    scores = np.tanh(dense(h, w, b)) @ v
    contexts = np.empty_like(h)
    highest, total, weighted = -np.inf, 0.0, np.zeros(h.shape[1])
    for t, (score, state) in enumerate(zip(scores.tolist(), h, strict=True)):
        before, highest = highest, max(highest, score)
        fade, share = np.exp(before - highest), np.exp(score - highest)
        total = total * fade + share
        weighted = weighted * fade + share * state
        contexts[t] = weighted / total
    return contexts


class LstmAttention:
    """The network with its weights.

    Parameters
    ----------
    arrays : dict of str to np.ndarray
        As `models.training.zoo.lstm_attention` makes them.
    """

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self._arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
        self._sigmoid = bool(arrays["paper_mode"][0])

    def scale(self, rows: np.ndarray) -> np.ndarray:
        """Descriptors to [0, 1] with the limits of the training segments, same shape."""
        return scale(rows, self._arrays["limits"])

    def logits(self, rows: np.ndarray) -> np.ndarray:
        """Logits after each segment, shape=(time, WIDTH), unscaled, to (time, classes)."""
        a = self._arrays
        h = self.scale(rows)[None]
        for i in range(LAYERS):
            h = lstm(h, *(a[f"lstm{i}_{part}"] for part in ("w_x", "w_h", "b_x", "b_h")))
        context = causal_attention(h[0], a["attend_w"], a["attend_b"], a["attend_v"])
        inner = dense(context, a["hidden_w"], a["hidden_b"])
        inner = sigmoid(inner) if self._sigmoid else np.tanh(inner)
        return dense(inner, a["out_w"], a["out_b"])

    def answer(self, rows: np.ndarray) -> Answer:
        """What the network says after the last of some segments."""
        return Answer(softmax(self.logits(rows)[-1] / self._arrays["temperature"]))


class SegmentModel(WindowModel):
    """A sequence model that runs live: each step adds the descriptors of one segment.

    The window holds one segment; what it was described as is kept for `MEMORY` steps, so that a
    boundary in the past can make the sequence begin anew there.

    Parameters
    ----------
    weights : Weights
        As `models.training.zoo.lstm_attention` writes them.
    """

    def __init__(self, weights: Weights) -> None:
        self._network = LstmAttention(weights.arrays)
        self._rows: deque[tuple[int, np.ndarray]] = deque(maxlen=MEMORY)
        super().__init__(weights, self._hear, SEGMENT_S, STEP_S)

    def _hear(self, samples: np.ndarray) -> Answer:
        """Add the segment that the window holds; answer for the sequence so far."""
        stop = self._pieces[-1][0] if self._pieces else 0
        self._rows.append((stop, describe(samples)))
        return self._network.answer(np.stack([row for _, row in self._rows]))

    def restart(self, stop: int) -> None:
        """Forget what lies before sample ``stop``; hear the segments since then again."""
        length = round(SEGMENT_S * SAMPLE_RATE)
        kept = [(end, row) for end, row in self._rows if end - length >= stop]
        super().restart(stop)  # describes what the window holds since then as one segment
        if kept:
            self._rows.clear()
            self._rows.extend(kept)
            self._said = self._network.answer(np.stack([row for _, row in kept]))

    def _forget_piece(self) -> None:
        super()._forget_piece()
        self._rows.clear()


def load(weights: Weights | None = None) -> SegmentModel:
    """Load the shipped model, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for other descriptors.
    """
    weights = weights or read_weights("lstm_attention")
    weights.require("front_end", FRONT_END)
    return SegmentModel(weights)
