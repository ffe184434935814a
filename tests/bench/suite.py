"""What a suite of benchmarks is: one piece of work, those who do it, and the goals set for ours.

Conventions
-----------
Every module of ``tests/bench/suites`` has a `Suite` named ``SUITE`` and stands in its ``ORDER``. A
contender is built by a function that imports its library; one that is not installed raises
``ImportError`` and is reported as missing. The first contender of a suite, `OURS`, is ours.

All get the same music (`oscbridge.measuring.material`), frames of the same length and as many new
samples a hop: a hop of ours is 256 samples at 24 kHz, which is 512 at 48 kHz.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from oscbridge.measuring.material import Material
from oscbridge.measuring.sink import Sink

OURS = "oscbridge"
FLOOR = "floor: "
"""Before the name of a contender that does only what nobody can leave out."""


class Bench(NamedTuple):
    """What contenders are built from: music, a port to send to, a folder for files."""

    material: Material
    sink: Sink
    folder: Path


class Case(NamedTuple):
    """A contender ready to be timed.

    Attributes
    ----------
    update : callable
        The work of one call.
    items : sequence
        What each call is given.
    warm_up : int
        Calls at the beginning that do not count.
    hops : int
        Hops that a call takes in.
    """

    update: Callable[[Any], object]
    items: Sequence[Any]
    warm_up: int = 100
    hops: int = 1


@dataclass(frozen=True)
class Goal:
    """What the suite's figures shall be.

    Attributes
    ----------
    most_us : float, optional
        Most microseconds that ours takes, at the median.
    sustained : bool
        Judge the sustained mean instead: for work that is due once in 16 hops.
    peer, least_ratio : str, float, optional
        How many times as long that peer takes at the least.
    least_times : float, optional
        How many times real time ours goes at the least.
    """

    most_us: float | None = None
    sustained: bool = False
    peer: str = ""
    least_ratio: float | None = None
    least_times: float | None = None


@dataclass(frozen=True)
class Suite:
    """One piece of work and all who do it.

    Attributes
    ----------
    name, what : str
        Heading, and what exactly one call does.
    contenders : dict
        Builders by name, ours first.
    goals : tuple of Goal
        As issue 5 of the project set them.
    whole : bool
        Whole files: told as times real time, not as microseconds a call.
    note : str
        What a reader has to know to judge the figures.
    """

    name: str
    what: str
    contenders: dict[str, Callable[[Bench], Case]]
    goals: tuple[Goal, ...] = ()
    whole: bool = False
    note: str = ""
