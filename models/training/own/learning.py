"""Fitting a user's model: several members learn side by side, one for each part that is held out.

Conventions
-----------
The clips are divided into parts, no group in two of them. Member ``k`` learns from all parts but
the ``k``-th, the last member from all; the last one becomes the model, the others tell, epoch by
epoch, how right its recipe is on music that it has not heard. They all begin from the same networks
(`models.training.own.beginning`).

Whatever is random in epoch ``e`` of network ``n`` of member ``m`` is drawn from a generator of its
own, seeded by ``(seed, m, n, e)``. So a training that is taken up again after epoch ``e`` needs no
state but weights and optimisers, and ends with the same bits.

Quadrants count alike, however many clips they have: each gives the same number of examples.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from models.training.medleys import Example, draw_examples, signs
from models.training.recurrent import Network, predict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.training.recurrent import Recipe
    from models.training.rows import RowMaker

EVERY = 8
"""Every eighth answer is examined: 1.4 s apart, neighbours say the same."""


@dataclass(frozen=True, slots=True)
class Clips:
    """What is learned from, one stretch of music each.

    Attributes
    ----------
    pools : list of list of np.ndarray
        ``[clip][version]``, the first version as it is.
    quadrants : np.ndarray, shape=(n,), int
        1..4.
    files : np.ndarray, shape=(n,), int
        Number of the file that each was cut from.
    parts : np.ndarray, shape=(n,), int
        In which part each is held out.
    """

    pools: list[list[np.ndarray]]
    quadrants: np.ndarray
    files: np.ndarray
    parts: np.ndarray

    @property
    def n_parts(self) -> int:
        """How many parts there are."""
        return int(self.parts.max()) + 1


class Member:
    """Networks that learn from all clips but those of one part.

    Parameters
    ----------
    number : int
        The part that is held out; `Clips.n_parts` for none.
    networks : list of Network
        Where it begins; learned in place.
    recipe : Recipe
        Its learning rate, batch, mixture, smoothing and seed are used.
    """

    def __init__(self, number: int, networks: list[Network], recipe: Recipe) -> None:
        self.number = number
        self.networks = networks
        self._recipe = recipe
        self._optimisers = [
            torch.optim.AdamW(
                network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
            )
            for network in networks
        ]

    def learn(self, epoch: int, clips: Clips, maker: RowMaker, tick: Callable[[], None]) -> None:
        """Pass over the clips once; ``tick`` is called after every step and may raise."""
        own = np.flatnonzero(clips.parts != self.number)
        for k, (network, optimiser) in enumerate(zip(self.networks, self._optimisers, strict=True)):
            rng = np.random.default_rng([self._recipe.seed, self.number, k, epoch])
            torch.manual_seed(int(rng.integers(2**62)))
            drawn = balance(own, clips.quadrants, rng)
            pools = [clips.pools[i] for i in drawn]
            targets = signs(clips.quadrants[drawn])
            examples = draw_examples(pools, targets, self._recipe.mixture, maker, rng)
            network.train()
            while batch := list(itertools.islice(examples, self._recipe.batch)):
                loss = _loss(network, batch)
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                tick()
            network.eval()

    def steps(self, clips: Clips) -> int:
        """How often `learn` calls ``tick``."""
        own = np.flatnonzero(clips.parts != self.number)
        return len(self.networks) * -(-_balanced_size(own) // self._recipe.batch)

    def answers(self, clips: Clips, maker: RowMaker) -> list[np.ndarray]:
        """Logits (arousal, valence) at some instants of the clips that are held out, in order."""
        held = np.flatnonzero(clips.parts == self.number)
        rows = [maker.rows(clips.pools[i][0]) for i in held]
        return [thinned(logits) for logits in predict(self.networks, rows)]

    def state(self) -> dict[str, Any]:
        """All that an epoch leaves behind."""
        return {
            "networks": [network.state_dict() for network in self.networks],
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up where `state` was taken."""
        self.settle(state["networks"])
        for optimiser, kept in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)

    def settle(self, networks: Sequence[dict[str, Any]]) -> None:
        """Take the weights of an epoch, not to learn on."""
        for network, kept in zip(self.networks, networks, strict=True):
            network.load_state_dict(kept)
            network.eval()


def thinned(logits: np.ndarray) -> np.ndarray:
    """Every `EVERY`-th row, always at least one, the last."""
    return logits[::-1][::EVERY][::-1].copy()


def _balanced_size(own: np.ndarray) -> int:
    return 4 * -(-len(own) // 4)


def balance(own: np.ndarray, quadrants: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw clips so that each quadrant that is there gives equally many.

    Parameters
    ----------
    own : np.ndarray, shape=(n,), int
        Clips that may be drawn.
    quadrants : np.ndarray, shape=(n_clips,), int
        Of all clips.
    """
    each = _balanced_size(own) // 4
    drawn = []
    for quadrant in (1, 2, 3, 4):
        its = own[quadrants[own] == quadrant]
        if len(its):
            rounds = [rng.permutation(its) for _ in range(-(-each // len(its)))]
            drawn.append(np.concatenate(rounds)[:each])
    return np.concatenate(drawn)


def _loss(network: Network, batch: Sequence[Example]) -> torch.Tensor:
    """Weighted cross-entropy of the signs of arousal and valence at every instant."""
    logits = network(_stack([example.rows for example in batch]))
    targets = _stack([example.targets for example in batch])
    weights = _stack([example.weights for example in batch])
    smoothing = network.recipe.smoothing
    targets = targets * (1.0 - 2.0 * smoothing) + smoothing
    loss = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    return (loss.mean(dim=-1) * weights).sum() / weights.sum()


def _stack(arrays: Sequence[np.ndarray]) -> torch.Tensor:
    """Pad arrays of shape (time, …) with zeros to one length: (batch, time, …)."""
    longest = max(len(array) for array in arrays)
    stacked = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), dtype=np.float32)
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return torch.from_numpy(stacked)
