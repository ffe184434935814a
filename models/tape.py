"""The music model without its networks: what they will have to judge is written down.

Conventions
-----------
`Tape` hears a stream exactly as `models.music.MusicModel` does, gate, silence and boundaries
included, but asks no network: it keeps the pools, and which of them each answer rests on. The
networks then judge many streams at once (`models.batch`).

A *run* is what a network hears without beginning anew: from the start, a boundary or a long silence
up to the next. A boundary is told late, and the pools since are heard again: they then stand in two
runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.music import Moment, MusicModel
from models.types import AffectState

if TYPE_CHECKING:
    import numpy as np

    from dsp.layout import FeatureLayout
    from models.weights import Weights

NOTHING = -1
"""Index of the pool of an answer that rests on none."""


class Answer(NamedTuple):
    """What is to be said, as soon as the networks were asked.

    Attributes
    ----------
    moment : Moment
        What is known beside.
    pool : int
        The pool that was heard last, or `NOTHING`.
    """

    moment: Moment
    pool: int


class Record:
    """What was written down of a stream.

    Attributes
    ----------
    pools : list of np.ndarray, shape=(pool_width,), float32
        All that the networks hear, in order.
    runs : list of int
        Index of the first pool of each run.
    answers : list of Answer
        One for each state that was returned.
    """

    def __init__(self) -> None:
        self.pools: list[np.ndarray] = []
        self.runs: list[int] = [0]
        self.answers: list[Answer] = []


class Tape(MusicModel):
    """A music model that says nothing yet; its states are unknown, but come when they should.

    Attributes
    ----------
    record : Record
        Of the stream since the last reset.
    """

    def __init__(self, weights: Weights, layout: FeatureLayout | None = None) -> None:
        self.record = Record()
        self._latest = NOTHING
        super().__init__(weights, layout)

    def _follow(self, pool: np.ndarray) -> None:
        """Keep a pool that the networks will hear."""
        self._latest = len(self.record.pools)
        self.record.pools.append(pool.copy())

    def _state(self, stop: int) -> AffectState:
        """Note what is to be said, and say nothing."""
        moment = self._moment(stop)
        self.record.answers.append(Answer(moment, self._latest))
        return AffectState(0.0, 0.0, 0.0, "music", stop, moment.sample_rate)

    def _begin_again(self) -> None:
        """Begin a run."""
        super()._begin_again()
        self._latest = NOTHING
        if self.record.runs[-1] != len(self.record.pools):
            self.record.runs.append(len(self.record.pools))

    def reset(self) -> None:
        """Forget all input, and begin another record."""
        super().reset()
        self.record = Record()
        self._latest = NOTHING
