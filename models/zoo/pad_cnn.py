"""S0: pleasure, arousal and dominance by a convolution over 194 features (Jiang et al. 2023).

Conventions
-----------
The window's features (`models.zoo.pad_features`), standardised, go through the layers that the
paper prints: convolution of 5 channels and kernel 5 (190x5), another (186x5), flattened (930; the
paper's 903 is a transposition of digits), 1024 nodes, output. ReLU between the layers, dropout 0.5
before the last two while training.

The paper labels each dimension -1, 0 or 1, reports accuracy per dimension, and speaks of 3 output
nodes. Three nodes cannot be nine classes, so there are two forms, told apart by the shape of the
last layer: three heads of three classes (9 nodes, the default, shipped), and the *paper mode* (3
nodes, 956,579 parameters), read as a regression that is rounded (`round_labels`).

``P(valence > 0) = p(1) + p(0) / 2`` of the first head, arousal of the second; both are taken as
independent given the window. Dominance is the mean of the third. What each head could learn, and
from which labels, says the card. Polarity of a P-A-D label: `models.zoo.pad_rules`.

T. Jiang, S. Deng, P. Wu, H. Jiang, Real-time human-music emotional interaction based on deep
learning and multimodal sentiment analysis (2023).
"""

from __future__ import annotations

import numpy as np

from models.weights import Weights, read_weights
from models.zoo import pad_features
from models.zoo.layers import conv1d, dense, relu, softmax
from models.zoo.window import Answer, WindowModel

NAME = "pad_cnn"
WINDOW_S = 15.0
"""The paper's phrases last 10 to 15 s."""
FRONT_END = f"194 features 1: {pad_features.N_FFT} {pad_features.HOP_LENGTH}"
"""Says which features these are; weights name the ones that they were trained on."""

Arrays = dict[str, np.ndarray]


def maps(arrays: Arrays, features: np.ndarray) -> list[np.ndarray]:
    """What each layer says, in the order of the paper's figure 3.

    Parameters
    ----------
    arrays : dict of str to np.ndarray
        As `models.training.zoo.pad_cnn` writes them.
    features : np.ndarray, shape=(n, 194)

    Returns
    -------
    list of np.ndarray
        Shapes (n, 5, 190), (n, 5, 186), (n, 930), (n, 1024), (n, 9) or, in paper mode, (n, 3).
    """
    a = {key: array.astype(np.float32, copy=False) for key, array in arrays.items()}
    x = np.clip((features - a["mean"]) * a["scale"], -5.0, 5.0).astype(np.float32)
    first = relu(conv1d(x[:, None], a["w_1"], a["b_1"]))
    second = relu(conv1d(first, a["w_2"], a["b_2"]))
    flat = second.reshape(len(second), -1)
    hidden = relu(dense(flat, a["w_3"], a["b_3"]))
    return [first, second, flat, hidden, dense(hidden, a["w_4"], a["b_4"])]


def heads(arrays: Arrays, features: np.ndarray) -> np.ndarray:
    """Probabilities of the labels -1, 0, 1 of P, A and D, shape=(n, 3, 3)."""
    return softmax(maps(arrays, features)[-1].reshape(len(features), 3, 3))


def round_labels(values: np.ndarray) -> np.ndarray:
    """P-A-D labels of the paper mode's three outputs: rounded to -1, 0 or 1, same shape."""
    return np.clip(np.round(values), -1, 1).astype(int)


def quadrant_logits(said: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities of quadrants 1..4 by heads, shape=(n, 4)."""
    positive = np.clip(said[:, :2, 2] + 0.5 * said[:, :2, 1], 1e-6, 1.0 - 1e-6)
    v, a = positive.T
    return np.log(np.stack([v * a, (1 - v) * a, (1 - v) * (1 - a), v * (1 - a)], axis=-1))


def logits(arrays: Arrays, features: np.ndarray) -> np.ndarray:
    """Logits of quadrants 1..4 of windows, shape=(n, 4), before calibration."""
    return quadrant_logits(heads(arrays, features))


def load(weights: Weights | None = None) -> WindowModel:
    """Load the shipped model, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for other features.
    """
    weights = weights or read_weights(NAME)
    weights.require("front_end", FRONT_END)
    arrays = weights.in_float32()

    def answer(samples: np.ndarray) -> Answer:
        """What the window expresses, shape=(n,) at 24 kHz."""
        said = heads(arrays, pad_features.describe(samples)[None])
        quadrants = softmax(quadrant_logits(said) / arrays["temperature"])[0]
        return Answer(quadrants, dominance=float(said[0, 2, 2] - said[0, 2, 0]))

    return WindowModel(weights, answer, WINDOW_S)
