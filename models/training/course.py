"""What the music model learns, fold by fold: two experts and the line between them.

Conventions
-----------
An expert is its recurrent networks (`models.training.recurrent`) and its readers of each kind
(`models.training.reading`); logits are the sum of the means. What is fitted is kept in the cache,
so that an interrupted course goes on where it was.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.readers import KINDS as KINDS_OF_READERS
from models.training.keeping import whole_file
from models.training.lessons import load_examined, load_school
from models.training.reading import PEAKS, Reader, Reading, export_readers, fit_readers, read
from models.training.recurrent import (
    Network,
    Recipe,
    export_arrays,
    fit,
    join_experts,
    predict,
)
from models.training.routing import fit_route
from models.training.rows import RowMaker
from models.votes import EXPERTS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

SCORES = ("emopia", "vgmidi", "ym2413_mdb")
"""Corpora of played scores: what expert 1 learns from."""
KINDS = {"recordings": 2, "scores": 1}
"""Experts in the order of the weight file, and how many recurrent networks of each a fold has."""
PEAKED = ("recordings",)
"""Experts that have readers of peakiness."""


@dataclass
class Expert:
    """What one expert learned.

    Attributes
    ----------
    networks : list of Network
        That follow.
    readers : list of Reader
        That look at the whole.
    peaks : list of Reader
        That look at its peakiness; there may be none.
    seconds : float
        What it took.
    """

    networks: list[Network]
    readers: list[Reader]
    peaks: list[Reader]
    seconds: float

    def answer(self, pools: Sequence[np.ndarray], maker: RowMaker) -> list[np.ndarray]:
        """Logits after every pool of each sequence."""
        votes = predict(self.networks, [maker.rows(heard) for heard in pools])
        return [
            vote + read(self.readers, maker.whole(heard)) + read(self.peaks, maker.peaks(heard))
            for vote, heard in zip(votes, pools, strict=True)
        ]

    def arrays(self, temperatures: np.ndarray) -> dict[str, np.ndarray]:
        """Arrays of the weight file."""
        arrays = export_arrays(self.networks, temperatures)
        for kind, readers in zip(KINDS_OF_READERS, (self.readers, self.peaks), strict=True):
            arrays |= export_readers(readers, temperatures, kind) if readers else {}
        return arrays


@dataclass
class Learned:
    """What a fold, or all clips, taught.

    Attributes
    ----------
    experts : list of Expert
        For recordings, for played scores.
    route : np.ndarray, shape=(width of a summary + 1,), float32
        `models.training.routing`.
    """

    experts: list[Expert]
    route: np.ndarray

    def answer(self, pools: Sequence[np.ndarray], maker: RowMaker) -> list[np.ndarray]:
        """Logits after every pool of each sequence, as `models.music` says them."""
        recorded, played = (expert.answer(pools, maker) for expert in self.experts)
        answers = []
        for heard, one, other in zip(pools, recorded, played, strict=True):
            line = maker.whole(heard) @ self.route[:-1] + self.route[-1]
            share = 1.0 / (1.0 + np.exp(-np.clip(line, -8.0, 8.0)))[:, None]
            answers.append((1.0 - share) * one + share * other)
        return answers

    def arrays(self, temperatures: np.ndarray) -> dict[str, np.ndarray]:
        """Arrays of the weight file."""
        return join_experts([expert.arrays(temperatures) for expert in self.experts], self.route)

    @property
    def seconds(self) -> float:
        """What it took."""
        return sum(expert.seconds for expert in self.experts)


class Course:
    """The course that every fold takes: what is learned, how, and where it is kept.

    Parameters
    ----------
    options : argparse.Namespace
        ``data``, ``cache``, ``seed``.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.recipe = Recipe(seed=options.seed)
        self.reading = Reading(seed=options.seed)
        self.maker = RowMaker()
        self.school = load_school(options.data, options.cache)
        self._examined = load_examined(self.school, options.cache)
        self._cache: Path = options.cache
        self._played = np.asarray([clip.corpus in SCORES for clip in self.school.clips])

    def expert(self, kind: str, fold: int) -> Expert:
        """Fit an expert on its clips outside the fold, or take it from the cache."""
        kept = self._cache / f"expert-{kind}-{fold}.pt"
        if kept.is_file():
            return torch.load(kept, weights_only=False)
        begun = time.monotonic()
        played = self._played == (kind == "scores")
        lessons = self.school.lessons.part(np.flatnonzero((self.school.folds != fold) & played))
        told, seed = f"fold {fold}, {kind},", self.recipe.seed + fold
        recipe = replace(self.recipe, seed=seed, networks=KINDS[kind])
        networks = fit(lessons, recipe, self.maker, told)
        reading, peaks = (replace(one, seed=seed) for one in (self.reading, PEAKS))
        readers = fit_readers(lessons, reading, self.maker.whole, told)
        looking = fit_readers(lessons, peaks, self.maker.peaks, told) if kind in PEAKED else []
        expert = Expert(networks, readers, looking, time.monotonic() - begun)
        with whole_file(kept) as stream:
            torch.save(expert, stream)
        return expert

    def fold(self, fold: int) -> Learned:
        """Fit both experts and the route between them on all clips outside the fold."""
        experts = [self.expert(kind, fold) for kind in KINDS]
        train = np.flatnonzero(self.school.folds != fold)
        rng = np.random.default_rng(self.recipe.seed + fold)
        part = self.school.lessons.part(train)
        route = fit_route(part, self._played[train], self.recipe.mixture, self.maker, rng)
        return Learned(experts, route)

    def held_out(self, fold: int, learned: Learned) -> tuple[np.ndarray, list[np.ndarray]]:
        """Indices of the clips of a fold, and the logits that are said of each."""
        test = np.flatnonzero(self.school.folds == fold)
        return test, learned.answer([self._examined[i] for i in test], self.maker)


def vote(folds: Sequence[Learned]) -> Learned:
    """The first network and reader of each kind of each fold and expert, and the mean route."""
    experts = [
        Expert(
            [fold.experts[which].networks[0] for fold in folds],
            [fold.experts[which].readers[0] for fold in folds],
            [reader for fold in folds for reader in fold.experts[which].peaks[:1]],
            sum(fold.experts[which].seconds for fold in folds),
        )
        for which in range(EXPERTS)
    ]
    return Learned(experts, np.mean([fold.route for fold in folds], axis=0))
