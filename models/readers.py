"""Small networks that judge the whole so far: one half of the music model.

Conventions
-----------
A model has two kinds: those named ``reader`` look at the summary of all rows (`models.summary`),
those named ``peak`` at that of peakiness alone (`models.peakiness`). Arrays of the weight file
begin with that name and have the readers in front (k), then layers: summary values (u), hidden
values (m)::

    x = clip((summary - mean) / scale, ±4)      z = max(w x + b, 0)      reading = v z + c

The mean reading of each expert (`models.votes`) is added to the mean vote of its recurrent
networks. ``reader_expert`` says to which expert a reader belongs. A weight file without readers of
a kind has none: their readings are 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.tables import shared
from models.half import add_product, build_columns, padded
from models.votes import EXPERTS, LIMIT
from models.weights import WeightsError

if TYPE_CHECKING:
    from models.weights import Weights


@kernel(reorder=True)
def _read(summary, held):
    """Mean logits of the readers of each expert, shape=(experts, 2)."""
    expert, mean, scale, w, b, v, c, x, z, readings = opened(held)
    readings[:] = 0.0
    width = summary.shape[0]
    for k in range(w.shape[0]):
        shift, unit = mean[k], scale[k]
        for i in range(width):
            x[i] = min(max((summary[i] - shift[i]) * unit[i], -LIMIT), LIMIT)
        for j in range(z.shape[0]):
            z[j] = b[k, j]
        add_product(w[k], x, z)
        first, second = c[k, 0], c[k, 1]
        for j in range(z.shape[0]):
            first += v[k, 0, j] * max(z[j], np.float32(0.0))
            second += v[k, 1, j] * max(z[j], np.float32(0.0))
        readings[expert[k], 0] += first
        readings[expert[k], 1] += second


_TABLES = ("expert", "mean", "scale", "w", "b", "v", "c")
_DIMENSIONS = {
    "expert": "k",
    "mean": "k u",
    "scale": "k u",
    "w": "k m u",
    "b": "k m",
    "v": "k 2 m",
    "c": "k 2",
}
KINDS = ("reader", "peak")


class Readers:
    """The readers of a model, side by side.

    Parameters
    ----------
    weights : Weights
    width : int
        Values a summary.
    kind : str
        One of `KINDS`.

    Attributes
    ----------
    readings : np.ndarray, shape=(EXPERTS, 2), float32
        Mean logits of arousal and valence of each expert's readers, after the latest summary.

    Raises
    ------
    WeightsError
        Arrays that the kernel would read out of bounds, or values that are no weights.
    """

    delay = 0

    def __init__(self, weights: Weights, width: int, kind: str = KINDS[0]) -> None:
        self.readings = np.zeros((EXPERTS, 2), dtype=np.float32)
        self._present = f"{kind}_w" in weights.arrays
        if not self._present:
            return
        sizes = weights.require_shapes(**{f"{kind}_{name}": d for name, d in _DIMENSIONS.items()})
        if sizes["u"] != width:
            raise WeightsError(f"weights of model {weights.name!r} are made for other summaries")
        expert = weights.arrays[f"{kind}_expert"].astype(np.int64)
        if not np.isin(expert, range(EXPERTS)).all():
            raise WeightsError(f"weights of model {weights.name!r} name an expert that is missing")
        tables = {name: weights.arrays[f"{kind}_{name}"] for name in _TABLES}
        # the mean over an expert's readers, folded into what they say
        count = np.maximum(np.bincount(expert, minlength=EXPERTS), 1)[expert].astype(np.float32)
        tables["v"] = tables["v"].astype(np.float32) / count[:, None, None]
        tables["c"] = tables["c"].astype(np.float32) / count[:, None]
        self._held = hold(
            shared(expert),
            *(
                build_columns(tables[name], weights.name)
                if name == "w"
                else shared(tables[name].astype(np.float32))
                for name in _TABLES[1:]
            ),
            np.zeros(padded(width), dtype=np.float32),
            np.zeros(sizes["m"], dtype=np.float32),
            self.readings,
        )
        self.push(np.zeros(width, dtype=np.float32))
        self.reset()

    def push(self, summary: np.ndarray) -> np.ndarray:
        """Take a summary, shape=(width,), float32; return the readings, a view."""
        if self._present:
            _read(summary, self._held)
        return self.readings

    def reset(self) -> None:
        """Forget what was heard."""
        self.readings[:] = 0.0
