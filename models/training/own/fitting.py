"""Learning epoch by epoch with early stopping, everything kept, and the model at the end.

Conventions
-----------
`Fitting` is at epoch ``epoch``; epoch 0 is the beginning. After each epoch weights, optimisers and
all answers about held-out music are kept (`models.training.own.checkpoint`), so that a training
that was stopped goes on from there with the same bits. It ends when the held-out loss has not
become smaller for `PATIENCE` epochs; the weights of the best epoch become the model.
"""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dsp.features import FeatureSettings, build_layout
from models import catalogue
from models.frontend import FRONT_END
from models.learning_report import Done, Epoch, Failed, Step
from models.metrics import guess
from models.training.own import beginning, cards
from models.training.own.judging import HeldOut, figures
from models.training.own.learning import Clips, Member
from models.training.recurrent import export_arrays
from models.training.rows import RowMaker
from models.weights import FOLDER, Weights, read_weights, write_weights

if TYPE_CHECKING:
    import argparse

    from models.training.own.checkpoint import Folder
    from models.training.own.line import Line

PATIENCE = 4
"""Epochs without a smaller held-out loss until it stops."""


def begin(name: str) -> Weights | None:
    """Weights that a training begins from; None for none.

    Raises
    ------
    WeightsError
        They are damaged, or made for other features.
    """
    if name == "scratch":
        return None
    weights = read_weights(name, FOLDER)
    weights.require("layout", build_layout(FeatureSettings()).digest)
    weights.require("front_end", FRONT_END)
    return weights


class Fitting:
    """A training between two epochs.

    Parameters
    ----------
    clips : Clips
        What is learned from.
    weights : Weights or None
        Where it begins.
    seed : int
        Of all that is drawn.
    place : Folder
        Where it is kept; what is there already is taken up.

    Attributes
    ----------
    epoch : int
        How many were learned.
    """

    def __init__(self, clips: Clips, weights: Weights | None, seed: int, place: Folder) -> None:
        torch.set_num_threads(1)  # networks this small; and sums in one order
        self._maker = RowMaker()
        if weights is not None:
            weights = beginning.expert_for(weights, clips.pools, self._maker)
        self._clips, self._weights, self._place = clips, weights, place
        self._recipe = beginning.build_recipe(len(clips.pools), seed, weights)
        self._members = [
            Member(number, self._networks(number), self._recipe)
            for number in range(clips.n_parts + 1)
        ]
        self.epoch = 0
        self._seconds = 0.0
        if kept := place.load():
            self._restore(kept)
            return
        answers = [member.answers(clips, self._maker) for member in self._members[:-1]]
        order = np.concatenate([np.flatnonzero(clips.parts == p) for p in range(clips.n_parts)])
        count = [len(one) for part in answers for one in part]
        instants = np.repeat(order, count)
        self._held = HeldOut(
            clips.files[instants], clips.parts[instants], clips.quadrants[instants]
        )
        self._held.epochs.append(np.concatenate([one for part in answers for one in part]))
        self._best = copy.deepcopy(self._members[-1].state()["networks"])

    def _networks(self, member: int) -> list[Any]:
        """Networks with which a member begins."""
        if self._weights is not None:
            return beginning.networks_of(self._weights, self._recipe)
        own = np.flatnonzero(self._clips.parts != member)
        pools = [self._clips.pools[i] for i in own]
        return beginning.fresh_networks(pools, member, self._recipe, self._maker)

    def learn(self, epochs: int, line: Line) -> None:
        """Learn until ``epochs`` are done, or until it gets no better.

        Raises
        ------
        StoppedError
            We were let go; the epoch that was begun is lost.
        """
        while self.epoch < epochs and not self.is_over:
            started = time.monotonic()
            self._pass(line)
            self._seconds += time.monotonic() - started
            self._place.save(self._state())
            losses = self._held.losses().mean(axis=1)
            right = guess(self._held.summary(self._held.epochs[-1])) == self._held.quadrants
            line.tell(Epoch(self.epoch, float(losses[-1]), float(right.mean()), self._held.best()))

    @property
    def is_over(self) -> bool:
        """Whether it has got no better for `PATIENCE` epochs."""
        return self.epoch - self._held.best() >= PATIENCE

    def _pass(self, line: Line) -> None:
        """One epoch of all members."""
        total = sum(member.steps(self._clips) for member in self._members)
        done = 0

        def tick() -> None:
            """Tell that one more step is done."""
            nonlocal done
            line.check()
            done += 1
            line.tell(Step("learn", done, total, self.epoch + 1))

        answers: list[np.ndarray] = []
        for member in self._members:
            member.learn(self.epoch + 1, self._clips, self._maker, tick)
            answers += member.answers(self._clips, self._maker)
        self.epoch += 1
        self._held.epochs.append(np.concatenate(answers))
        if self._held.best() == self.epoch:
            self._best = copy.deepcopy(self._members[-1].state()["networks"])

    def _state(self) -> dict[str, Any]:
        """Tensors and plain numbers that `_restore` takes."""
        held = self._held
        return {
            "epoch": self.epoch,
            "seconds": self._seconds,
            "members": [member.state() for member in self._members],
            "best": self._best,
            "held": {
                "files": torch.from_numpy(held.files),
                "parts": torch.from_numpy(held.parts),
                "truth": torch.from_numpy(held.truth),
                "epochs": [torch.from_numpy(answers) for answers in held.epochs],
            },
        }

    def _restore(self, state: dict[str, Any]) -> None:
        """Take up what `_state` has kept."""
        self.epoch, self._seconds = state["epoch"], state["seconds"]
        for member, kept in zip(self._members, state["members"], strict=True):
            member.restore(kept)
        self._best = state["best"]
        held = state["held"]
        self._held = HeldOut(
            held["files"].numpy(),
            held["parts"].numpy(),
            held["truth"].numpy(),
            [answers.numpy() for answers in held["epochs"]],
        )

    def conclude(self, options: argparse.Namespace, line: Line, groups: list[str]) -> int:
        """Write the model of the best epoch and its card; return the exit status."""
        best = self._held.best()
        found = figures(self._held, groups, compared=self._weights is not None)
        if best == 0:
            line.tell(Failed(_nothing_learned(found, self._weights)))
            self._place.remove()
            return 2
        member = self._members[-1]
        member.settle(self._best)
        card = cards.build_own_card(
            options.data, found, self._weights, self._recipe, best, self._seconds
        )
        arrays = export_arrays(member.networks, self._held.temperatures(best))
        write_weights(options.name, arrays, card, options.out)
        catalogue.load_weights("music", read_weights(options.name, options.out))
        line.tell(
            Done(
                name=options.name,
                folder=str(options.out),
                epoch=best,
                early=self.is_over,
                figures=cards.headlines(found),
                seconds=self._seconds,
            )
        )
        self._place.remove()
        return 0


def _nothing_learned(found: dict[str, Any], weights: Weights | None) -> str:
    """Say that no epoch was better than the beginning."""
    if weights is None:
        return (
            "nothing was learned that holds for music that was held out: more music is needed, "
            "labels that agree with each other, or a beginning: --from music"
        )
    right = found["quadrant accuracy"]["where it began"]
    return (
        f"your music made the model {weights.name!r} no better on the files that were held out "
        f"(quadrant accuracy {right}): use that one, or give it more music"
    )
