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

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.tables import shared
from models.activations import sigmoid, tanh
from models.half import add_product, build_columns, padded
from models.weights import WeightsError

if TYPE_CHECKING:
    from models.weights import Weights

EXPERTS = 2
"""Groups of networks: 0 for recordings, 1 for scores that an instrument or a synthesiser plays."""
LIMIT = 4.0
"""Values of a row, standardised, are clipped to ± this."""


class Tables(NamedTuple):
    """Arrays of the weight file, networks in front; matrices as `models.half` takes them."""

    expert: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    w: np.ndarray
    b: np.ndarray
    w_z: np.ndarray
    b_z: np.ndarray
    w_h: np.ndarray
    b_h: np.ndarray
    v: np.ndarray
    c: np.ndarray


class Scratch(NamedTuple):
    """Room to compute in; what matrices multiply is as long as they are wide."""

    x: np.ndarray
    z: np.ndarray
    hidden: np.ndarray
    gate_z: np.ndarray
    gate_h: np.ndarray
    votes: np.ndarray
    """Sums of each expert, shape=(EXPERTS, 2)."""


@kernel(reorder=True, part=True)
def _squeeze(k, row, held):
    """What network ``k`` sees of a row: z, and zeros behind it."""
    tables, room, _, _ = opened(held)
    mean, scale, b, x = tables.mean[k], tables.scale[k], tables.b[k], room.x
    for i in range(row.shape[0]):
        x[i] = min(max((row[i] - mean[i]) * scale[i], -LIMIT), LIMIT)
    n = b.shape[0]
    squeezed = room.z[:n]
    for j in range(n):
        squeezed[j] = b[j]
    add_product(tables.w[k], x, squeezed)
    for j in range(n):
        squeezed[j] = tanh(squeezed[j])


@kernel(reorder=True, part=True)
def _recur(k, held):
    """Advance the hidden values of network ``k``."""
    tables, room, all_hidden, _ = opened(held)
    hidden = all_hidden[k]
    size = hidden.shape[0]
    gate_z, gate_h, before = room.gate_z, room.gate_h, room.hidden
    b_z, b_h = tables.b_z[k], tables.b_h[k]
    for j in range(3 * size):
        gate_z[j] = b_z[j]
        gate_h[j] = b_h[j]
    for j in range(size):
        before[j] = hidden[j]
    add_product(tables.w_z[k], room.z, gate_z)
    add_product(tables.w_h[k], before, gate_h)
    for j in range(size):
        reset = sigmoid(gate_z[j] + gate_h[j])
        update = sigmoid(gate_z[size + j] + gate_h[size + j])
        candidate = tanh(gate_z[2 * size + j] + reset * gate_h[2 * size + j])
        hidden[j] = candidate + update * (hidden[j] - candidate)


@kernel(reorder=True, part=True)
def _vote(k, held):
    """Add what network ``k`` says to the votes of its expert."""
    tables, room, all_hidden, _ = opened(held)
    hidden, z, votes = all_hidden[k], room.z, room.votes[tables.expert[k]]
    n = tables.b.shape[1]
    for j in range(2):
        v = tables.v[k, j]
        total = tables.c[k, j]
        for i in range(n):
            total += v[i] * z[i]
        for i in range(hidden.shape[0]):
            total += v[n + i] * hidden[i]
        votes[j] += total


@kernel(reorder=True)
def _step(row, readings, share, held):
    """Advance all networks by one row.

    ``readings`` are added to the means of each expert; the share is how much expert 1 counts.
    """
    tables, room, hidden, logits = opened(held)
    votes = room.votes
    votes[:] = 0.0
    networks = hidden.shape[0]
    second = 0
    for k in range(networks):
        _squeeze(k, row, held)
        _recur(k, held)
        _vote(k, held)
        second += tables.expert[k]
    if second == 0:
        share = 0.0
    for j in range(2):
        first = votes[0, j] / max(networks - second, 1) + readings[0, j]
        other = votes[1, j] / max(second, 1) + readings[1, j]
        logits[j] = (1.0 - share) * first + share * other


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
    """A table as the kernels take it."""
    if name in _LARGE:
        return build_columns(array, model)
    return shared(array.astype(np.int64 if name == "expert" else np.float32))


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
        tables = Tables(*(_kept(name, arrays[name], weights.name) for name in Tables._fields))
        size = sizes["h"]
        self._hidden = np.zeros((sizes["n"], size), dtype=np.float32)
        lengths = (padded(width), padded(sizes["s"]), padded(size), 3 * size, 3 * size)
        rooms = [np.zeros(length, dtype=np.float32) for length in lengths]
        room = Scratch(*rooms, votes=np.zeros((EXPERTS, 2), dtype=np.float32))
        self.logits = np.zeros(2, dtype=np.float32)
        self._held = hold(tables, room, self._hidden, self.logits)
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
        _step(row, readings, share, self._held)
        return self.logits

    def reset(self) -> None:
        """Forget what was heard."""
        self._hidden[:] = 0.0
        self.logits[:] = 0.0
