"""Times of many single pieces of work, and what is said of them.

Conventions
-----------
Seconds. Each call is timed by itself, so that the rare slow one is seen: on an idle machine the
clock adds 0.05 µs to each. The interpreter is set as for a run (`oscbridge.priority.undisturbed`).

Stages that answer once a pool (`models.pools`, 16 hops) cost little in fifteen hops and much in
one. So there are three figures: median and 99th percentile of single calls, and the *sustained*
time, the median over runs of 16 calls of their mean: what the stage costs when it goes on and on.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from models.pools import POOL
from oscbridge.priority import Urgency, lower_priority, raise_priority, undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a piece of work takes, seconds.

    Attributes
    ----------
    median_s, p99_s : float
        Of single calls.
    sustained_s : float
        Median over runs of `POOL` calls of their mean.
    """

    median_s: float
    p99_s: float
    sustained_s: float

    @classmethod
    def of(cls, seconds: np.ndarray) -> Timing:
        """Sum up the times of single calls, shape=(n,).

        Raises
        ------
        ValueError
            Fewer than `POOL` calls.
        """
        runs = len(seconds) // POOL
        if not runs:
            raise ValueError(f"{len(seconds)} calls are fewer than the {POOL} of a run")
        means = seconds[: runs * POOL].reshape(runs, POOL).mean(axis=1)
        return cls(
            median_s=float(np.median(seconds)),
            p99_s=float(np.quantile(seconds, 0.99)),
            sustained_s=float(np.median(means)),
        )


def time_each(update: Callable[[T], object], material: Iterable[T], warm_up: int = 0) -> np.ndarray:
    """Call ``update`` with each item in turn; return how long each call took.

    Parameters
    ----------
    update : callable
        The work.
    material : iterable
        What it is given, one item a call.
    warm_up : int
        Calls at the beginning that do not count.

    Returns
    -------
    np.ndarray, shape=(n - warm_up,)
        Seconds.
    """
    clock = time.perf_counter_ns
    spent_ns: list[int] = []
    with undisturbed():
        for item in material:
            began_ns = clock()
            update(item)
            spent_ns.append(clock() - began_ns)
    return np.asarray(spent_ns[warm_up:]) / 1e9


def time_paced(
    update: Callable[[T], object], material: Iterable[T], period_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Call ``update`` with one item every ``period_s``, asleep in between, as live sound comes.

    The thread has the priority that a run asks for, where that is granted.

    Returns
    -------
    spent : np.ndarray, shape=(n,)
        How long each call took, seconds: caches are cold, so it is longer than without pauses.
    late : np.ndarray, shape=(n,)
        How long after its instant each call began, seconds: what the system adds.
    """
    clock = time.perf_counter
    spent_s: list[float] = []
    late_s: list[float] = []
    with undisturbed(), _urgent():
        due_s = clock()
        for item in material:
            due_s += period_s
            time.sleep(max(due_s - clock(), 0.0))
            began_s = clock()
            update(item)
            spent_s.append(clock() - began_s)
            late_s.append(began_s - due_s)
    return np.asarray(spent_s), np.asarray(late_s)


@contextmanager
def _urgent() -> Generator[None]:
    """The priority of an analysis thread, where it is granted."""
    granted = raise_priority(Urgency.ANALYSIS)
    try:
        yield
    finally:
        if granted:
            lower_priority()
