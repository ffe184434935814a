"""Layers of small networks as plain numpy, for inference.

Conventions
-----------
float32 in, float32 out; the first axis counts examples. Weights have PyTorch's shapes and gate
orders, so that trained arrays are used as they are: dense ``(out, in)``, convolution ``(out, in,
kernel…)``, LSTM ``(4·size, in)`` in the order input, forget, cell, output, GRU ``(3·size, in)`` in
the order reset, update, new (reset gate after the matrix product). Convolutions are
cross-correlations, without padding unless it is given. Nothing is checked here: shapes are the
caller's, who knows the network.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0)."""
    return np.maximum(x, 0.0)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), stable for large values of either sign."""
    return 0.5 * (np.tanh(0.5 * x) + 1.0)


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Exp(x) divided by its sum along an axis."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def dense(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Affine map of the last axis: shape=(…, in) to (…, out)."""
    return x @ w.T + b


def conv1d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """One-dimensional convolution, zero padded on both sides.

    Parameters
    ----------
    x : np.ndarray, shape=(n, in, length)
    w : np.ndarray, shape=(out, in, kernel)
    b : np.ndarray, shape=(out,)

    Returns
    -------
    np.ndarray, shape=(n, out, (length + 2·padding - kernel) // stride + 1)
    """
    return conv2d(x[:, :, None], w[:, :, None], b, stride=(1, stride), padding=(0, padding))[
        :, :, 0
    ]


def conv2d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
) -> np.ndarray:
    """Two-dimensional convolution as one matrix product of unfolded patches, zero padded.

    Parameters
    ----------
    x : np.ndarray, shape=(n, in, height, width)
    w : np.ndarray, shape=(out, in, kernel height, kernel width)
    b : np.ndarray, shape=(out,)

    Returns
    -------
    np.ndarray, shape=(n, out, new height, new width)
    """
    if any(padding):
        x = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    patches = sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    n, _, height, width = patches.shape[:4]
    columns = patches.transpose(0, 2, 3, 1, 4, 5).reshape(n * height * width, -1)
    out = columns @ w.reshape(len(w), -1).T + b
    return out.reshape(n, height, width, len(w)).transpose(0, 3, 1, 2)


def max_pool1d(x: np.ndarray, size: int) -> np.ndarray:
    """Maximum of each ``size`` neighbours of the last axis; a rest at the end is left out."""
    length = x.shape[-1] // size
    return x[..., : length * size].reshape(*x.shape[:-1], length, size).max(axis=-1)


def max_pool2d(x: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Maximum of each tile of the last two axes; rests at the ends are left out."""
    height, width = x.shape[-2] // size[0], x.shape[-1] // size[1]
    x = x[..., : height * size[0], : width * size[1]]
    tiles = x.reshape(*x.shape[:-2], height, size[0], width, size[1])
    return tiles.max(axis=(-3, -1))


def fold_batch_norm(
    w: np.ndarray,
    b: np.ndarray,
    gain: np.ndarray,
    shift: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    epsilon: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a layer that does what ``w, b`` and a batch normalisation after it do.

    Parameters
    ----------
    w : np.ndarray, shape=(out, …)
    b, gain, shift, mean, variance : np.ndarray, shape=(out,)
        Bias; learnt scale and offset; running statistics of the normalisation.
    """
    scale = gain / np.sqrt(variance + epsilon)
    folded = w * scale.reshape(-1, *(1,) * (w.ndim - 1))
    return folded.astype(np.float32), ((b - mean) * scale + shift).astype(np.float32)


def lstm(
    x: np.ndarray, w_x: np.ndarray, w_h: np.ndarray, b_x: np.ndarray, b_h: np.ndarray
) -> np.ndarray:
    """Long short-term memory from a zero state; every hidden state.

    Parameters
    ----------
    x : np.ndarray, shape=(n, time, in)
    w_x, w_h : np.ndarray, shape=(4·size, in) and (4·size, size)
    b_x, b_h : np.ndarray, shape=(4·size,)

    Returns
    -------
    np.ndarray, shape=(n, time, size)

    Notes
    -----
    ``i, f, o = σ(W x + U h)``, ``g = tanh(W x + U h)``, ``c = f c + i g``, ``h = o tanh(c)``
    (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).
    """
    size = w_h.shape[1]
    gates_x = dense(x, w_x, b_x + b_h)
    hidden = np.zeros((len(x), size), dtype=x.dtype)
    cell = np.zeros_like(hidden)
    out = np.empty((*x.shape[:2], size), dtype=x.dtype)
    for t in range(x.shape[1]):
        gates = gates_x[:, t] + hidden @ w_h.T
        enter, keep, tell = (sigmoid(gates[:, k * size : (k + 1) * size]) for k in (0, 1, 3))
        cell = keep * cell + enter * np.tanh(gates[:, 2 * size : 3 * size])
        hidden = tell * np.tanh(cell)
        out[:, t] = hidden
    return out


def gru(
    x: np.ndarray, w_x: np.ndarray, w_h: np.ndarray, b_x: np.ndarray, b_h: np.ndarray
) -> np.ndarray:
    """Gated recurrent unit from a zero state; every hidden state.

    Parameters
    ----------
    x : np.ndarray, shape=(n, time, in)
    w_x, w_h : np.ndarray, shape=(3·size, in) and (3·size, size)
    b_x, b_h : np.ndarray, shape=(3·size,)

    Returns
    -------
    np.ndarray, shape=(n, time, size)

    Notes
    -----
    ``h = z h + (1 - z) tanh(W x + r (U h))``: Cho et al. (2014) in PyTorch's variant.
    """
    size = w_h.shape[1]
    gates_x = dense(x, w_x, b_x)
    hidden = np.zeros((len(x), size), dtype=x.dtype)
    out = np.empty((*x.shape[:2], size), dtype=x.dtype)
    for t in range(x.shape[1]):
        gate_x, gate_h = gates_x[:, t], dense(hidden, w_h, b_h)
        both = sigmoid(gate_x[:, : 2 * size] + gate_h[:, : 2 * size])
        reset, update = both[:, :size], both[:, size:]
        candidate = np.tanh(gate_x[:, 2 * size :] + reset * gate_h[:, 2 * size :])
        hidden = (1.0 - update) * candidate + update * hidden
        out[:, t] = hidden
    return out


def additive_attention(
    h: np.ndarray, w: np.ndarray, b: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean of states, weighted by their relevance (Bahdanau et al. 2015).

    Parameters
    ----------
    h : np.ndarray, shape=(n, time, size)
    w : np.ndarray, shape=(inner, size)
    b, v : np.ndarray, shape=(inner,)

    Returns
    -------
    context : np.ndarray, shape=(n, size)
    weights : np.ndarray, shape=(n, time)
        ``softmax(vᵀ tanh(W h + b))`` over time, sum 1.
    """
    weights = softmax(np.tanh(dense(h, w, b)) @ v)
    return (weights[:, None] @ h)[:, 0], weights
