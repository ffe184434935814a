"""Intervals of figures: bootstrap over groups, paired differences.

Conventions
-----------
Intervals are 95 % percentile bootstraps of `DRAWS` draws that resample whole *groups* (artists,
songs), because clips of one artist are no independent evidence. A draw is a row of weights: how
often each clip is in it. Two models on the same clips are compared draw by draw: what makes a clip
hard for both cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.metrics import Figure

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    @property
    def rounded(self) -> list[float]:
        """Value, low and high with four decimals, for results that are kept."""
        return [round(x, 4) for x in (self.value, self.low, self.high)]


class Resampling:
    """The draws of one corpus, made once and shared by all its figures.

    Parameters
    ----------
    groups : sequence of str
        Group of each row.
    draws, seed : int
        Number of draws and the seed of the generator.
    """

    def __init__(self, groups: Sequence[str], draws: int = DRAWS, seed: int = 0) -> None:
        names, codes = np.unique(np.asarray(groups), return_inverse=True)
        rng = np.random.default_rng(seed)
        n = len(names)
        counts = rng.multinomial(n, np.full(n, 1.0 / n), size=draws)
        self.weights = counts[:, codes].astype(float)

    def estimate(self, figure: Figure, *arrays: np.ndarray) -> Estimate:
        """A figure of ``arrays``, shape=(n, …) each, and its interval."""
        with np.errstate(invalid="ignore", divide="ignore"):  # some draws define nothing
            return _interval(figure(*arrays), figure.weighted(self.weights, *arrays))

    def difference(
        self, figure: Figure, truth: np.ndarray, one: np.ndarray, other: np.ndarray
    ) -> Estimate:
        """How much better the figure is for the answers ``one`` than for ``other``, paired."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mine = figure.weighted(self.weights, truth, one)
            theirs = figure.weighted(self.weights, truth, other)
            return _interval(figure(truth, one) - figure(truth, other), mine - theirs)

    def __getitem__(self, rows: np.ndarray) -> Resampling:
        """The same draws of some of the rows."""
        part = object.__new__(Resampling)
        part.weights = self.weights[:, rows]
        return part


def _interval(value: float, drawn: np.ndarray) -> Estimate:
    """Percentiles of what was drawn; draws that do not define the figure are left out."""
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Estimate(value, float(low), float(high))


def bootstrap(
    figure: Figure,
    groups: Sequence[str],
    *arrays: np.ndarray,
    draws: int = DRAWS,
    seed: int = 0,
) -> Estimate:
    """A figure of ``arrays`` and its 95 % interval over resampled groups.

    Parameters
    ----------
    figure : Figure
        Of `models.metrics`.
    groups : sequence of str
        Group of each row.
    arrays : np.ndarray, shape=(n, …)
    draws, seed : int
        Bootstrap samples and their seed.
    """
    return Resampling(groups, draws, seed).estimate(figure, *arrays)
