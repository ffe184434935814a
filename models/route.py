"""Which expert is asked: a line through the summaries between two kinds of music.

Conventions
-----------
``share = σ(route · [summary, 1])`` is how much expert 1 counts (`models.votes`), 0..1. It looks at
the whole so far, so that one odd moment does not change who is asked. Weights without ``route``
have one expert: the share is 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dsp.jit import kernel
from dsp.tables import shared
from models.weights import WeightsError

if TYPE_CHECKING:
    from models.weights import Weights

STEEPEST = 8.0
"""The line is clipped to ± this: nobody is asked for nothing."""


@kernel(reorder=True)
def _share(summary, route):
    """Share of expert 1."""
    width = summary.shape[0]
    total = route[width]
    for i in range(width):
        total += route[i] * summary[i]
    return 1.0 / (1.0 + math.exp(-min(max(total, -STEEPEST), STEEPEST)))


class Route:
    """The line of a model.

    Parameters
    ----------
    weights : Weights
    width : int
        Values a summary.

    Raises
    ------
    WeightsError
        The line was made for other summaries.
    """

    delay = 0

    def __init__(self, weights: Weights, width: int) -> None:
        self._route: np.ndarray | None = None
        if "route" not in weights.arrays:
            return
        if weights.require_shapes(route="l")["l"] != width + 1:
            raise WeightsError(f"weights of model {weights.name!r} are made for other summaries")
        self._route = shared(weights.arrays["route"].astype(np.float32))
        self.push(np.zeros(width, dtype=np.float32))

    def push(self, summary: np.ndarray) -> float:
        """Take a summary, shape=(width,), float32; return the share of expert 1."""
        return 0.0 if self._route is None else _share(summary, self._route)

    def reset(self) -> None:
        """Nothing to forget: the summary remembers."""
