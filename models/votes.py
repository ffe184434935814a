"""Small recurrent networks that follow the music and vote: one half of the music model.

Conventions
-----------
Arrays of the weight file have the networks in front (n), then layers: row values (r), squeezed
values (s), hidden values (h); gates stand in PyTorch's order (reset, update, candidate)::

    x = clip((row - mean) / scale, ±4)      z = tanh(w x + b)
    h = GRU(z, h)                           vote = v [z, h] + c
    logits = (1 - share) (mean vote_0 + reading_0) + share (mean vote_1 + reading_1)

``expert`` says for each network in which of the two means it counts; the mean reading of the same
expert's readers (`models.readers`) is added to it. ``share`` comes from `models.route`. Without
``expert`` there is one expert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.jit import kernel
from models.activations import sigmoid, tanh
from models.half import halve, widen
from models.weights import WeightsError

if TYPE_CHECKING:
    from models.weights import Weights

EXPERTS = 2
"""Groups of networks: 0 for recordings, 1 for scores that an instrument or a synthesiser plays."""
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
            total += widen(w[j, i]) * x[i]
        z[j] = total
    for j in range(n):
        z[j] = tanh(z[j])
    for j in range(3 * size):
        total = b_z[j]
        for i in range(n):
            total += widen(w_z[j, i]) * z[i]
        gate_z[j] = total
        total = b_h[j]
        for i in range(size):
            total += widen(w_h[j, i]) * hidden[i]
        gate_h[j] = total
    for j in range(size):
        reset = sigmoid(gate_z[j] + gate_h[j])
        update = sigmoid(gate_z[size + j] + gate_h[size + j])
        candidate = tanh(gate_z[2 * size + j] + reset * gate_h[2 * size + j])
        hidden[j] = candidate + update * (hidden[j] - candidate)
    for j in range(2):
        total = c[j]
        for i in range(n):
            total += v[j, i] * z[i]
        for i in range(size):
            total += v[j, n + i] * hidden[i]
        logits[j] += total


@kernel(reorder=True)
def _step(
    row,
    readings,
    share,
    expert,
    mean,
    scale,
    w,
    b,
    w_z,
    b_z,
    w_h,
    b_h,
    v,
    c,
    hidden,
    x,
    z,
    gate_z,
    gate_h,
    votes,
    logits,
):
    """Advance all networks by one row; tables and ``hidden`` have the networks in front.

    ``votes`` are the sums of each expert, ``readings`` what is added to their means, ``share`` how
    much expert 1 counts.
    """
    networks = hidden.shape[0]
    votes[:] = 0.0
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
            votes[expert[k]],
        )
    second = 0
    for k in range(networks):
        second += expert[k]
    if second == 0:
        share = 0.0
    for j in range(2):
        first = votes[0, j] / max(networks - second, 1) + readings[0, j]
        other = votes[1, j] / max(second, 1) + readings[1, j]
        logits[j] = (1.0 - share) * first + share * other


_TABLES = ("expert", "mean", "scale", "w", "b", "w_z", "b_z", "w_h", "b_h", "v", "c")
_LARGE = ("w", "w_z", "w_h")
_DIMENSIONS = {
    "w": "n s r",
    "b": "n s",
    "w_z": "n 3h s",
    "b_z": "n 3h",
    "w_h": "n 3h h",
    "b_h": "n 3h",
    "v": "n 2 s+h",
    "c": "n 2",
    "mean": "n r",
    "scale": "n r",
}


def _kept(name: str, array: np.ndarray, model: str) -> np.ndarray:
    """A table as the kernels take it: large ones in half precision (`models.half`)."""
    if name in _LARGE:
        return halve(array, model)
    return array.astype(np.int64 if name == "expert" else np.float32)


class Votes:
    """The networks of a model, side by side.

    Parameters
    ----------
    weights : Weights
    width : int
        Values a row.

    Attributes
    ----------
    logits : np.ndarray, shape=(2,), float32
        Of arousal and valence, after the latest row.

    Raises
    ------
    WeightsError
        Arrays that the kernels would read or write out of bounds, or values that are no weights.
    """

    delay = 0

    def __init__(self, weights: Weights, width: int) -> None:
        dimensions = dict(_DIMENSIONS)
        if "expert" in weights.arrays:
            dimensions |= {"expert": "n"}
        sizes = weights.require_shapes(**dimensions)
        arrays = {"expert": np.zeros(sizes["n"]), **weights.arrays}
        if sizes["r"] != width:
            raise WeightsError(f"weights of model {weights.name!r} are made for other rows")
        if not np.isin(arrays["expert"], range(EXPERTS)).all():
            raise WeightsError(f"weights of model {weights.name!r} name an expert that is missing")
        self._tables = tuple(_kept(name, arrays[name], weights.name) for name in _TABLES)
        self._hidden = np.zeros((sizes["n"], sizes["h"]), dtype=np.float32)
        shapes = (width, sizes["s"], 3 * sizes["h"], 3 * sizes["h"], (EXPERTS, 2))
        self._scratch = tuple(np.zeros(shape, dtype=np.float32) for shape in shapes)
        self.logits = np.zeros(2, dtype=np.float32)
        self.push(np.zeros(width, dtype=np.float32), np.zeros((EXPERTS, 2), dtype=np.float32), 0.0)
        self.reset()

    def push(self, row: np.ndarray, readings: np.ndarray, share: float) -> np.ndarray:
        """Take a row and what is said of the whole beside it; return the logits, a view.

        Parameters
        ----------
        row : np.ndarray, shape=(width,), float32
        readings : np.ndarray, shape=(EXPERTS, 2), float32
            `models.readers.Readers.push`.
        share : float
            `models.route.Route.push`.
        """
        _step(row, readings, share, *self._tables, self._hidden, *self._scratch, self.logits)
        return self.logits

    def reset(self) -> None:
        """Forget what was heard."""
        self._hidden[:] = 0.0
        self.logits[:] = 0.0
