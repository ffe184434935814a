"""Fit a torch network of the zoo: minibatches of windows, early stopping on the inner part.

Conventions
-----------
One *epoch* takes one random window of every clip. The loss on the inner part (all its windows as
they are) is watched: after ``patience`` epochs without a better one, fitting stops and the best
epoch's weights are taken. Without an inner part it runs for exactly the given epochs. Seeds are
fixed; one thread gives the same numbers each time on one machine.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.training.zoo.protocol import Part


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is fitted.

    Attributes
    ----------
    batch : int
        Windows a step.
    learning_rate, weight_decay : float
        Of the optimiser.
    optimiser : {"adam", "sgd"}
        Adam with decoupled weight decay, or gradient descent with momentum 0.9.
    patience : int
        Epochs without a better inner loss before fitting stops.
    decay, decay_epochs : float, int
        The rate is multiplied by ``decay`` every ``decay_epochs``.
    smoothing : float
        Label smoothing.
    clip : float
        Largest norm of a gradient.
    """

    batch: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    optimiser: str = "adam"
    patience: int = 8
    decay: float = 1.0
    decay_epochs: int = 10
    smoothing: float = 0.0
    clip: float = 5.0


def cross_entropy(logits: torch.Tensor, quadrants: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Mean loss of logits, shape=(n, 4), for quadrants 1..4."""
    return functional.cross_entropy(logits, quadrants - 1, label_smoothing=smoothing)


def fit_network(
    network: torch.nn.Module,
    train: Part,
    inner: Part | None,
    epochs: int,
    recipe: Recipe,
    seed: int,
    loss: Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor] = cross_entropy,
    vary: Callable[[torch.Tensor, torch.Generator], torch.Tensor] | None = None,
    targets: Callable[[Part], np.ndarray] | None = None,
) -> int:
    """Fit a network in place; return the epoch whose weights it has.

    Parameters
    ----------
    network : torch.nn.Module
        Inputs, shape=(n, …), to what ``loss`` takes.
    train, inner : Part
        To learn from; to stop on (None: run all epochs).
    epochs : int
        Most epochs.
    recipe : Recipe
    seed : int
    loss : callable
        ``(outputs, targets, smoothing)`` to a scalar.
    vary : callable, optional
        ``(inputs, generator)`` to changed inputs: augmentation of the minibatch.
    targets : callable, optional
        Targets of the clips of a part, shape=(n, …), int; their quadrants if not given.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    optimiser = _build_optimiser(network, recipe)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, recipe.decay_epochs, recipe.decay)
    truth_of = targets or _quadrants
    truth = torch.from_numpy(truth_of(train)).long()
    best, best_epoch, best_state = np.inf, epochs, None
    for epoch in tqdm(range(1, epochs + 1), desc="epochs", unit="epoch", leave=False):
        network.train()
        order = rng.permutation(len(truth))
        picks = rng.integers(0, train.inputs.shape[1], len(truth))
        for start in range(0, len(order), recipe.batch):
            rows = order[start : start + recipe.batch]
            x = torch.from_numpy(train.inputs[rows, picks[rows]])
            x = x if vary is None else vary(x, generator)
            optimiser.zero_grad()
            loss(network(x), truth[rows], recipe.smoothing).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimiser.step()
        schedule.step()
        if inner is None:
            continue
        now = inner_loss(network, inner, truth_of(inner), loss)
        if now < best:
            best, best_epoch = now, epoch
            best_state = copy.deepcopy(network.state_dict())
        elif epoch - best_epoch >= recipe.patience:
            break
    if best_state is not None:
        network.load_state_dict(best_state)
    network.eval()
    return best_epoch


def _quadrants(part: Part) -> np.ndarray:
    return part.quadrants


def inner_loss(
    network: torch.nn.Module,
    inner: Part,
    targets: np.ndarray,
    loss: Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor],
) -> float:
    """Loss on all windows of a part as they are, without smoothing or dropout."""
    network.eval()
    clean = inner.clean
    flat = torch.from_numpy(np.ascontiguousarray(clean).reshape(-1, *clean.shape[2:]))
    truth = torch.from_numpy(np.repeat(targets, clean.shape[1], axis=0)).long()
    with torch.no_grad():
        outputs = torch.cat([network(x) for x in flat.split(128)])
        return float(loss(outputs, truth, 0.0))


def _build_optimiser(network: torch.nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Build the optimiser that the recipe names."""
    if recipe.optimiser == "adam":
        return torch.optim.AdamW(
            network.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay
        )
    return torch.optim.SGD(
        network.parameters(), recipe.learning_rate, 0.9, weight_decay=recipe.weight_decay
    )
