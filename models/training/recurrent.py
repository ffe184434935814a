"""The music model in torch, and how it is fitted.

Conventions
-----------
The network is the one that `models.music` describes; `export_arrays` names its weights as the
run-time kernel expects them. Sequences and their targets are the examples of
`models.training.medleys`: every instant is a target, later ones weigh more because more was heard.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from tqdm import trange

from models.readers import KINDS
from models.training.descent import Descent
from models.training.medleys import Example, Mixture, draw_examples, signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.training.rows import RowMaker


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a fit.

    Attributes
    ----------
    networks : int
        Networks that vote; they differ in their seed.
    squeeze, hidden : int
        Width of the first layer and of the recurrent unit.
    input_dropout, dropout : float
        Share of row values and of layer outputs dropped while training.
    epochs, batch : int
        Passes over the clips, examples a step.
    learning_rate, weight_decay : float
        Of AdamW; the rate falls to zero along a cosine.
    smoothing : float
        Targets are moved this far from 0 and 1.
    side : float
        Weight of the side targets in the loss.
    noise : float
        Deviation of the offsets added to standardised rows.
    mixture : Mixture
        How examples are drawn from clips.
    seed : int
        Of initial weights, order and dropout.
    """

    networks: int = 2
    squeeze: int = 96
    hidden: int = 96
    input_dropout: float = 0.1
    dropout: float = 0.25
    epochs: int = 26
    batch: int = 48
    learning_rate: float = 2e-3
    weight_decay: float = 2e-2
    smoothing: float = 0.08
    side: float = 0.2
    noise: float = 0.2
    mixture: Mixture = field(default_factory=Mixture)
    seed: int = 0


class Network(nn.Module):
    """Standardise, squeeze, recur, read out."""

    def __init__(
        self, mean: np.ndarray, scale: np.ndarray, recipe: Recipe, n_side: int = 0
    ) -> None:
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32))
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        self.recipe = recipe
        self.squeeze = nn.Linear(len(mean), recipe.squeeze)
        self.recur = nn.GRU(recipe.squeeze, recipe.hidden, batch_first=True)
        self.read = nn.Linear(recipe.squeeze + recipe.hidden, 2)
        self.side = nn.Linear(recipe.squeeze + recipe.hidden, n_side) if n_side else None
        self.drop_in = nn.Dropout(recipe.input_dropout)
        self.drop = nn.Dropout(recipe.dropout)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Logits of arousal and valence, shape=(batch, time, 2), of rows (batch, time, width)."""
        return self.read(self.describe(rows))

    def describe(self, rows: torch.Tensor) -> torch.Tensor:
        """What logits are read from, shape=(batch, time, squeeze + hidden)."""
        x = torch.clamp((rows - self.mean) * self.scale, -4.0, 4.0)
        if self.training:
            # one offset and one mask a sequence: an instrument, a room and a loudspeaker colour
            # all of it, and a band that is missing is missing throughout
            x = x + self.recipe.noise * torch.randn_like(x[:, :1])
            x = x * self.drop_in(torch.ones_like(x[:, :1]))
        z = self.drop(torch.tanh(self.squeeze(x)))
        h, _ = self.recur(z)
        return torch.cat([z, self.drop(h)], dim=-1)


def _stack(arrays: Sequence[np.ndarray]) -> torch.Tensor:
    """Pad arrays of shape (time, …) with zeros to one length: (batch, time, …)."""
    longest = max(len(a) for a in arrays)
    stacked = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), dtype=np.float32)
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return torch.from_numpy(stacked)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What there is to learn.

    Attributes
    ----------
    pools : sequence of sequence of np.ndarray, shape=(n_pools, width)
        ``[clip][version]``.
    targets : np.ndarray, shape=(n_clips, 2), float32
        Probabilities that arousal and valence are positive.
    weights : np.ndarray, shape=(n_clips,), float32
        How much each clip counts.
    side : np.ndarray, shape=(n_clips, n_side), float32
        What else is known of the clips, of about unit size, NaN where it is not: the trunk learns
        it, the shipped weights do not contain it.
    """

    pools: Sequence[Sequence[np.ndarray]]
    targets: np.ndarray
    weights: np.ndarray
    side: np.ndarray

    def part(self, clips: np.ndarray) -> Lessons:
        """Those of some clips."""
        pools = [self.pools[i] for i in clips]
        return Lessons(pools, self.targets[clips], self.weights[clips], self.side[clips])


def lessons_of(pools: Sequence[Sequence[np.ndarray]], quadrants: np.ndarray) -> Lessons:
    """Clips of which nothing but the quadrant is known, all of the same weight."""
    n = len(pools)
    return Lessons(pools, signs(quadrants), np.ones(n, np.float32), np.zeros((n, 0), np.float32))


def fit(lessons: Lessons, recipe: Recipe, maker: RowMaker, told: str = "") -> list[Network]:
    """Train the networks that vote, each from a seed of its own.

    Parameters
    ----------
    lessons : Lessons
    recipe : Recipe
    maker : RowMaker
    told : str
        What the progress bar says.
    """
    seeds = [recipe.seed * 1000 + k for k in range(recipe.networks)]
    return [
        _fit_one(lessons, replace(recipe, seed=seed), maker, f"{told} network {k + 1}")
        for k, seed in enumerate(seeds)
    ]


def _batches(examples: Iterator[Example], size: int) -> Iterator[list[Example]]:
    """Examples in groups of ``size``, the last one perhaps smaller."""
    while batch := list(itertools.islice(examples, size)):
        yield batch


def _side_loss(described: torch.Tensor, network: Network, truth: torch.Tensor) -> torch.Tensor:
    """Squared error of what else is known, over the last third of the clips heard alone."""
    if network.side is None:
        return torch.zeros(())
    said = network.side(described[:, -(described.shape[1] // 3) :].mean(dim=1))
    known = torch.isfinite(truth)
    error = torch.where(known, said - torch.nan_to_num(truth), torch.zeros(()))
    return (error**2).sum() / known.sum().clamp(min=1)


def _fit_one(lessons: Lessons, recipe: Recipe, maker: RowMaker, told: str) -> Network:
    """Train one network."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)

    def draw() -> Iterator[Example]:
        """Another pass over the clips."""
        parts = (lessons.pools, lessons.targets, recipe.mixture, maker, rng, lessons.weights)
        return draw_examples(*parts)

    pooled = np.concatenate([e.rows[::4] for e in itertools.islice(draw(), 600)])
    scale = 1.0 / np.maximum(pooled.std(axis=0), 1e-3)
    n_side = lessons.side.shape[1]
    network = Network(pooled.mean(axis=0), scale, recipe, n_side)
    steps = recipe.epochs * -(-len(lessons.pools) // recipe.batch)
    descent = Descent(network, steps, recipe.learning_rate, recipe.weight_decay, longest=1.0)
    for _ in trange(recipe.epochs, desc=told, unit="epoch", leave=False):
        network.train()
        for batch in _batches(draw(), recipe.batch):
            described = network.describe(_stack([e.rows for e in batch]))
            targets = _stack([e.targets for e in batch])
            weights = _stack([e.weights for e in batch])
            targets = targets * (1.0 - 2.0 * recipe.smoothing) + recipe.smoothing
            logits = network.read(described)
            loss = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
            loss = (loss.mean(dim=-1) * weights).sum() / weights.sum()
            side = [lessons.side[e.clip] if e.clip >= 0 else np.full(n_side, np.nan) for e in batch]
            truth = torch.from_numpy(np.asarray(side, dtype=np.float32))
            descent.step(loss + recipe.side * _side_loss(described, network, truth))
    return network.eval()


@torch.no_grad()
def predict(networks: Sequence[Network], sequences: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Mean logits (arousal, valence) at every row of each sequence, shape=(n_rows, 2)."""
    results = []
    for start in range(0, len(sequences), 64):
        part = sequences[start : start + 64]
        batch = _stack(part)
        logits = torch.stack([network(batch) for network in networks]).mean(dim=0).numpy()
        results += [logits[i, : len(sequence)] for i, sequence in enumerate(part)]
    return results


def join_experts(
    experts: Sequence[dict[str, np.ndarray]], route: np.ndarray
) -> dict[str, np.ndarray]:
    """Arrays of groups of networks as one model.

    Parameters
    ----------
    experts : sequence of dict of str to np.ndarray
        Of each expert, as `export_arrays` and `models.training.reading.export_readers` give them;
        not each has every kind of reader.
    route : np.ndarray, shape=(width + 1,), float32
        Of `models.training.routing`.
    """
    names = dict.fromkeys(name for e in experts for name in e)
    arrays = {name: np.concatenate([e[name] for e in experts if name in e]) for name in names}
    owners = {f"{kind}_expert": f"{kind}_w" for kind in KINDS} | {"expert": "w"}
    for name, counted in owners.items():
        if counted in arrays:
            voters = [len(e.get(counted, ())) for e in experts]
            arrays[name] = np.repeat(np.arange(len(experts)), voters).astype(np.int8)
    return {**arrays, "route": route}


def stack_states(networks: Sequence[nn.Module]) -> dict[str, np.ndarray]:
    """Parameters and buffers of networks of one shape, the networks in front."""
    states = [network.state_dict() for network in networks]
    return {key: np.stack([state[key].numpy() for state in states]) for key in states[0]}


def export_arrays(networks: Sequence[Network], temperatures: np.ndarray) -> dict[str, np.ndarray]:
    """Weights under the names of `models.music`, the temperatures folded into the read-out."""
    state, divide = stack_states(networks), 1.0 / np.asarray(temperatures, dtype=np.float32)
    return {
        "mean": state["mean"],
        "scale": state["scale"],
        "w": state["squeeze.weight"],
        "b": state["squeeze.bias"],
        "w_z": state["recur.weight_ih_l0"],
        "b_z": state["recur.bias_ih_l0"],
        "w_h": state["recur.weight_hh_l0"],
        "b_h": state["recur.bias_hh_l0"],
        "v": state["read.weight"] * divide[None, :, None],
        "c": state["read.bias"] * divide[None],
    }
