"""How well boundaries were found: hits, places, false alarms, delay; each with its interval.

Conventions
-----------
Times in seconds. A **hit** is a true turn and a decision no further apart than ``window_s``, each
used once, as many as possible: the hit rate of `mir_eval.segment.detection` with ``trim=True``
(beginning and end of a stream are no boundaries). Counts are pooled over the streams of a
condition: precision is hits over decisions, recall hits over turns, F their harmonic mean.

**Back-dated** figures judge the instant that a decision marks, **reported** ones the moment at
which it was known. *Delay* is from the true instant to the moment of the decision, of turns
with a decision within 3 s; it and the *error* are those of the nearest. *False alarms* are
decisions that are no hit within 3 s, a minute of music.

Intervals are 95 % percentile bootstraps that resample whole streams.

References
----------
Turnbull, Lanckriet, Pampalk & Goto (2007), "A supervised approach for detecting boundaries in
music"; Raffel et al. (2014), "mir_eval".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.intervals import DRAWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.boundaries.build import Truth
    from models.training.boundaries.streams import Decisions

WINDOWS_S = (0.5, 1.0, 3.0)
WIDEST_S = 3.0
LAGS_S = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
Figure = list[float]
"""Value, low and high of an interval."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A stream and what a detector said of it."""

    truth: Truth
    decisions: Decisions


def match(turns_s: np.ndarray, found_s: np.ndarray, window_s: float) -> list[tuple[int, int]]:
    """Pairs (turn, decision) no further apart than the window, as many as possible.

    Both arrays rise; taking the earliest that fits is then as good as any choice.

    Raises
    ------
    ValueError
        An array that does not rise.
    """
    for times_s in (turns_s, found_s):
        if np.any(np.diff(times_s) < 0.0):
            raise ValueError("times must rise")
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(turns_s) and j < len(found_s):
        apart_s = found_s[j] - turns_s[i]
        if abs(apart_s) <= window_s:
            pairs.append((i, j))
            i += 1
            j += 1
        elif apart_s > 0.0:
            i += 1
        else:
            j += 1
    return pairs


def _hits(turns_s: np.ndarray, found_s: np.ndarray, window_s: float) -> int:
    """How many pairs `match` finds; decisions in any order."""
    return len(match(turns_s, np.sort(found_s), window_s))


def f_measure(hits: np.ndarray, found: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """F of counts of any shape: ``2 hits / (found + turns)``, 0 where nothing was there."""
    return 2.0 * hits / np.maximum(found + turns, 1.0)


class Draws:
    """Bootstrap over streams: which of them are in each draw.

    Parameters
    ----------
    n : int
        Number of streams.
    seed : int

    Attributes
    ----------
    weights : np.ndarray, shape=(1 + draws, n)
        How often each stream is in a draw; the first row is the streams as they are.
    """

    def __init__(self, n: int, seed: int = 0) -> None:
        drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=DRAWS)
        self.weights = np.concatenate([np.ones((1, n)), drawn])

    def totals(self, counts: Sequence[Sequence[float]]) -> np.ndarray:
        """Sums over the streams of each draw, shape=(n_counts, 1 + draws)."""
        return (self.weights @ np.asarray(counts, dtype=float)).T

    @staticmethod
    def figure(values: np.ndarray) -> Figure:
        """Value and percentiles of what the draws gave, shape=(1 + draws,)."""
        low, high = np.nanpercentile(values[1:], (2.5, 97.5))
        return [round(float(x), 4) for x in (values[0], low, high)]


class Bench:
    """The figures of one detector on the streams of one condition.

    Parameters
    ----------
    judged : sequence of Judged
    """

    def __init__(self, judged: Sequence[Judged]) -> None:
        self.judged = judged
        self._draws = Draws(len(judged))
        self._figure = self._draws.figure

    def hit_rate(
        self, window_s: float, *, reported: bool = False, lag_s: float = np.inf
    ) -> dict[str, Figure]:
        """Precision, recall and F within a window.

        Parameters
        ----------
        window_s : float
            Furthest that a hit may lie from its turn, seconds.
        reported : bool
            Judge when a decision was known, not the instant that it marks.
        lag_s : float
            Only decisions that were known this soon after the instant that they mark, seconds.
        """
        counts = []
        for one in self.judged:
            kept, turns_s = one.decisions.within(lag_s), one.truth.turns_s
            found_s = kept.decided_s if reported else kept.stops_s
            hits = _hits(turns_s, found_s, window_s)
            counts.append((hits, len(found_s), len(turns_s)))
        hits, found, turns = self._draws.totals(counts)
        return {
            "F": self._figure(f_measure(hits, found, turns)),
            "precision": self._figure(hits / np.maximum(found, 1.0)),
            "recall": self._figure(hits / np.maximum(turns, 1.0)),
        }

    def false_alarms(self) -> Figure:
        """Decisions a minute that are no hit."""
        counts = []
        for one in self.judged:
            found_s = one.decisions.stops_s
            false = len(found_s) - _hits(one.truth.turns_s, found_s, WIDEST_S)
            counts.append((false, one.truth.duration_s / 60.0))
        false, minutes = self._draws.totals(counts)
        return self._figure(false / minutes)

    def announced(self) -> Figure:
        """Share of all junctions, turns or not, that have a decision within 3 s."""
        counts = []
        for one in self.judged:
            junctions_s = one.truth.times_s
            hits = _hits(junctions_s, one.decisions.stops_s, WIDEST_S)
            counts.append((hits, len(junctions_s)))
        hits, junctions = self._draws.totals(counts)
        return self._figure(hits / np.maximum(junctions, 1.0))

    def quantile(self, of: str, share: float) -> Figure | None:
        """A quantile over the turns with a decision within 3 s, the nearest; None if there is none.

        Parameters
        ----------
        of : {"error", "delay"}
            Distance of decision and turn, or time from the turn to the decision, seconds.
        share : float
            0.5 is the median.
        """
        values: list[float] = []
        streams: list[int] = []
        for number, one in enumerate(self.judged):
            for turn_s in one.truth.turns_s:
                apart_s = np.abs(one.decisions.stops_s - turn_s)
                if not len(apart_s) or apart_s.min() > WIDEST_S:
                    continue
                decided_s = one.decisions.decided_s[int(apart_s.argmin())]
                values.append(apart_s.min() if of == "error" else decided_s - turn_s)
                streams.append(number)
        if not values or not np.isfinite(values).all():
            return None
        order = np.argsort(values)
        weights = self._draws.weights[:, np.asarray(streams)[order]]
        passed = np.cumsum(weights, axis=1)
        at = np.argmax(passed >= share * passed[:, -1:], axis=1)
        return self._figure(np.asarray(values)[order][at])

    def curve(self, window_s: float) -> list[Figure]:
        """F of the decisions that were known within each of `LAGS_S`."""
        return [self.hit_rate(window_s, lag_s=lag_s)["F"] for lag_s in LAGS_S]

    def turns(self) -> dict[str, object]:
        """All figures of streams that turn."""
        found: dict[str, object] = {"streams": len(self.judged)}
        live = all(np.isfinite(one.decisions.decided_s).all() for one in self.judged)
        for window_s in WINDOWS_S:
            rate = self.hit_rate(window_s)
            found[f"F within {window_s:g} s"] = rate["F"]
            if window_s == WIDEST_S:
                found["precision within 3 s"] = rate["precision"]
                found["recall within 3 s"] = rate["recall"]
            if live:
                reported = self.hit_rate(window_s, reported=True)["F"]
                found[f"reported F within {window_s:g} s"] = reported
        found["median error, s"] = self.quantile("error", 0.5)
        found["delay p50, s"] = self.quantile("delay", 0.5)
        found["delay p95, s"] = self.quantile("delay", 0.95)
        found["false alarms a minute"] = self.false_alarms()
        return found
