"""The music model in torch, and how one is fitted.

Conventions
-----------
The network is the one that `models.music` describes; `export_arrays` names its weights as the
run-time kernel expects them. Sequences and their targets are the examples of
`models.training.medleys`: every instant is a target, later ones weigh more because more was heard.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from models.training.medleys import Mixture, draw_examples

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    noise : float
        Deviation of the noise added to standardised rows.
    mixture : Mixture
        How examples are drawn from clips.
    seed : int
        Of initial weights, order and dropout.
    """

    networks: int = 4
    squeeze: int = 64
    hidden: int = 64
    input_dropout: float = 0.1
    dropout: float = 0.25
    epochs: int = 28
    batch: int = 48
    learning_rate: float = 2e-3
    weight_decay: float = 2e-2
    smoothing: float = 0.08
    noise: float = 0.2
    mixture: Mixture = field(default_factory=Mixture)
    seed: int = 0


class Network(nn.Module):
    """Standardise, squeeze, recur, read out."""

    def __init__(self, mean: np.ndarray, scale: np.ndarray, recipe: Recipe) -> None:
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32))
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        self.recipe = recipe
        self.squeeze = nn.Linear(len(mean), recipe.squeeze)
        self.recur = nn.GRU(recipe.squeeze, recipe.hidden, batch_first=True)
        self.read = nn.Linear(recipe.squeeze + recipe.hidden, 2)
        self.drop_in = nn.Dropout(recipe.input_dropout)
        self.drop = nn.Dropout(recipe.dropout)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Logits of arousal and valence, shape=(batch, time, 2), of rows (batch, time, width)."""
        x = torch.clamp((rows - self.mean) * self.scale, -4.0, 4.0)
        if self.training:
            x = x + self.recipe.noise * torch.randn_like(x)
            # one mask a sequence: a band that is missing is missing throughout
            x = x * self.drop_in(torch.ones_like(x[:, :1]))
        z = self.drop(torch.tanh(self.squeeze(x)))
        h, _ = self.recur(z)
        return self.read(torch.cat([z, self.drop(h)], dim=-1))


def _stack(arrays: Sequence[np.ndarray]) -> torch.Tensor:
    """Pad arrays of shape (time, …) with zeros to one length: (batch, time, …)."""
    longest = max(len(a) for a in arrays)
    stacked = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), dtype=np.float32)
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return torch.from_numpy(stacked)


def fit(
    pools: Sequence[Sequence[np.ndarray]], quadrants: np.ndarray, recipe: Recipe, maker: RowMaker
) -> list[Network]:
    """Train the networks that vote, each from a seed of its own, on clips.

    Parameters
    ----------
    pools : sequence of sequence of np.ndarray, shape=(n_pools, width)
        ``[clip][version]``.
    quadrants : np.ndarray, shape=(n_clips,), int
        1..4.
    recipe : Recipe
    maker : RowMaker
    """
    seeds = [recipe.seed * 1000 + k for k in range(recipe.networks)]
    return [_fit_one(pools, quadrants, replace(recipe, seed=seed), maker) for seed in seeds]


def _fit_one(
    pools: Sequence[Sequence[np.ndarray]], quadrants: np.ndarray, recipe: Recipe, maker: RowMaker
) -> Network:
    """Train one network."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    sample = draw_examples(pools, quadrants, recipe.mixture, maker, rng)
    pooled = np.concatenate([example.rows[::4] for example in sample])
    network = Network(pooled.mean(axis=0), 1.0 / np.maximum(pooled.std(axis=0), 1e-3), recipe)
    steps = recipe.epochs * -(-len(pools) // recipe.batch)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=steps, pct_start=0.15
    )
    for _ in range(recipe.epochs):
        network.train()
        examples = draw_examples(pools, quadrants, recipe.mixture, maker, rng)
        for start in range(0, len(examples), recipe.batch):
            batch = examples[start : start + recipe.batch]
            logits = network(_stack([e.rows for e in batch]))
            targets = _stack([e.targets for e in batch])
            weights = _stack([e.weights for e in batch])
            targets = targets * (1.0 - 2.0 * recipe.smoothing) + recipe.smoothing
            loss = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
            loss = (loss.mean(dim=-1) * weights).sum() / weights.sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
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


def export_arrays(networks: Sequence[Network], temperatures: np.ndarray) -> dict[str, np.ndarray]:
    """Weights under the names of `models.music`, the temperatures folded into the read-out."""
    states = [network.state_dict() for network in networks]
    state = {key: np.stack([s[key].numpy() for s in states]) for key in states[0]}
    divide = 1.0 / np.asarray(temperatures, dtype=np.float32)
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
