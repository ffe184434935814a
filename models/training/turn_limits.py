"""Where the limits of the turn detector stand: chosen on medleys that the network never heard.

Conventions
-----------
Medleys of pools (`models.training.turn_examples`) are streamed through the run-time kernels, the
refinement to the hop left out; times are pools. What is maximised is the mean over voices of the F
measure at `TOLERANCE` less `DELAY_COST` for each second of mean delay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from dsp.jit import build_records, kernel
from models.gate_features import POOL_S
from models.metrics import confidence_error
from models.training.boundaries.scores import match
from models.turn_decision import PLAN, STATE, WAIT, build_rings, choose, clear, longest_of
from models.turn_network import NEVER, Tables, add_embedding, compare_all, embed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.training.turn_examples import Medley

TOLERANCE = 3.0 / POOL_S
SHORTEST = round(4.0 / POOL_S)
"""Fewest pools between decisions."""
DELAY_COST = 0.01
TREMBLE = 3
"""Pools by which a candidate may move until it is decided (0.5 s)."""
STEPS = (1.0, 0.5, 0.25)
"""By how much limits are moved in turn, logit."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a set of limits does: shares of 0..1, seconds, a minute."""

    precision: float
    recall: float
    delay_s: float
    false_a_minute: float

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0


@kernel
def _stream(x, state, plan, tables, limits, memory, scratch, shortest, found, hopes):
    """Descriptions to decisions (candidate, pool of the decision); returns how many.

    ``hopes`` takes of the best candidate at each pool by how much it exceeds its limit, and which
    pool it is.
    """
    s = state[0]
    size = memory.opinions.shape[0]
    n = 0
    for i in range(x.shape[0]):
        s.pools += 1
        memory.opinions[s.pools % size] = NEVER
        memory.begins[(s.pools - 1) % size] = s.pools - 1  # hops do not count here
        for k in range(x.shape[1]):
            scratch.x[k] = x[i, k]
        embed(scratch.x, tables, scratch.hidden, scratch.e)
        add_embedding(memory.sums, s.pools, scratch.e)
        compare_all(memory.sums, s.pools, s.first_pool, tables, scratch.f, scratch.logits)
        for j in range(tables.lags.shape[0]):
            candidate = s.pools - tables.lags[j]
            if candidate >= 0:
                memory.opinions[candidate % size, j] = scratch.logits[j]
        candidate = choose(s, plan[0], tables, limits, memory)
        hopes[i, 0] = s.maybe
        hopes[i, 1] = s.maybe_hop
        if candidate >= 0 and candidate - s.first_pool >= shortest:
            found[n, 0] = candidate
            found[n, 1] = s.pools
            n += 1
            s.first_pool = candidate
            for later in range(candidate, s.pools + 1):
                memory.opinions[later % size] = NEVER
    return n


class Trial:
    """Streams medleys through a network.

    Parameters
    ----------
    tables : Tables
        Of the network.
    medleys : mapping of str to sequence of Medley
        By voice.
    """

    def __init__(self, tables: Tables, medleys: Mapping[str, Sequence[Medley]]) -> None:
        self._tables = tables
        self._medleys = medleys
        self._memory, self._scratch = build_rings(tables, 1, 1)
        self._state = build_records(STATE)
        self._plan = build_records(PLAN)
        self._plan["wait"] = WAIT
        self._plan["longest"] = longest_of(tables)

    def find(self, medley: Medley, limits: np.ndarray) -> np.ndarray:
        """Decisions, shape=(n, 2): the instant and when it was known, pools."""
        return self._run(medley, limits)[0]

    def hopes(self, limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By how much the best candidate of each pool exceeds its limit, and whether it came true.

        It did where it is decided later, give or take `TREMBLE`.
        """
        above: list[np.ndarray] = []
        came: list[np.ndarray] = []
        for medley in (medley for medleys in self._medleys.values() for medley in medleys):
            found, hopes = self._run(medley, limits)
            now = np.arange(1, len(hopes) + 1)
            in_air = (hopes[:, 0] > NEVER) & ~np.isin(now, found[:, 1])
            same = np.abs(hopes[:, 1, None] - found[None, :, 0]) <= TREMBLE
            later = found[None, :, 1] > now[:, None]
            above.append(hopes[in_air, 0])
            came.append((same & later).any(axis=1)[in_air])
        return np.concatenate(above), np.concatenate(came)

    def _run(self, medley: Medley, limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Decisions of a medley, and by how much its candidates exceed their limits."""
        clear(self._memory, self._state)
        found, hopes = np.zeros((len(medley.x), 2)), np.zeros((len(medley.x), 2))
        parts = (self._state, self._plan, self._tables, limits, self._memory, self._scratch)
        return found[: _stream(medley.x, *parts, SHORTEST, found, hopes)], hopes

    def score(self, limits: np.ndarray) -> dict[str, Score]:
        """What these limits do, by voice."""
        scores: dict[str, Score] = {}
        for voice, medleys in self._medleys.items():
            hits = decisions = turns = pools = 0
            delays: list[float] = []
            for medley in medleys:
                found = self.find(medley, limits)
                pairs = match(medley.turns, found[:, 0], TOLERANCE)
                delays += [found[j, 1] - medley.turns[i] for i, j in pairs]
                hits, decisions = hits + len(pairs), decisions + len(found)
                turns, pools = turns + len(medley.turns), pools + len(medley.x)
            scores[voice] = Score(
                hits / max(decisions, 1),
                hits / max(turns, 1),
                float(np.mean(delays)) * POOL_S if delays else 0.0,
                (decisions - hits) / (pools * POOL_S / 60.0),
            )
        return scores


def fit_confirmation(above: np.ndarray, came: np.ndarray) -> tuple[np.ndarray, float]:
    """How probable a decision is, from by how much a candidate exceeds its limit.

    Returns
    -------
    confirm : np.ndarray, shape=(2,)
        Slope and offset of the logit.
    error : float
        Expected calibration error of what follows from them, ten bins, on one half of the
        candidates with what the other half gave.
    """
    half = len(above) // 2
    slope, offset = _logistic(above[:half], came[:half])
    probability = 1.0 / (1.0 + np.exp(-slope * above[half:] - offset))
    sure = np.maximum(probability, 1.0 - probability)
    right = (probability >= 0.5) == came[half:]
    return np.asarray(_logistic(above, came)), confidence_error(right, sure)


def _logistic(above: np.ndarray, came: np.ndarray) -> tuple[float, float]:
    """Slope and offset of an unpenalised logistic regression."""
    fitted = LogisticRegression(C=np.inf).fit(above[:, None], came)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def choose_limits(trial: Trial, first: Sequence[float]) -> np.ndarray:
    """Limits, shape=(lags,), moved one by one from ``first`` as long as that is better."""

    def worth(limits: np.ndarray) -> float:
        """What is maximised."""
        scores = trial.score(limits).values()
        return float(np.mean([score.f - DELAY_COST * score.delay_s for score in scores]))

    best = np.asarray(first, dtype=np.float64)
    value = worth(best)
    for step in STEPS:
        better = True
        while better:
            better = False
            moves = [*np.eye(len(best)), np.ones(len(best))]
            for move in [sign * step * move for move in moves for sign in (1.0, -1.0)]:
                tried = worth(best + move)
                if tried > value:
                    best, value, better = best + move, tried, True
    return best
