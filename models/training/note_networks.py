"""The small networks of the model of played notes, and what both voters say of many rows.

Conventions
-----------
Rows are those of `models.symbolic.row_of`; targets are the probabilities that arousal and valence
are positive, shape=(n, 2), from which four quadrant probabilities follow as if the two were
independent. Each network sees its own random rows and drops most of its inputs and units: with
about a thousand songs that is what keeps it from learning them by heart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from models import metrics
from models.symbolic import SUREST
from models.training.descent import Descent
from models.training.note_kernel import kernel_matrix, standardise

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Recipe:
    """How networks are fitted; the only place where a number was chosen."""

    networks: int = 4
    hidden: int = 64
    input_dropout: float = 0.25
    dropout: float = 0.5
    weight_decay: float = 0.03
    learning_rate: float = 3e-3
    steps: int = 450
    batch: int = 256
    smoothing: float = 0.1
    seed: int = 0


def _fit_one(
    x: torch.Tensor, q: torch.Tensor, chance: np.ndarray, recipe: Recipe, seed: int
) -> nn.Sequential:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(chance), (recipe.steps, recipe.batch), p=chance)
    network = nn.Sequential(
        nn.Dropout(recipe.input_dropout),
        nn.Linear(x.shape[1], recipe.hidden),
        nn.Tanh(),
        nn.Dropout(recipe.dropout),
        nn.Linear(recipe.hidden, 4),
    )
    descent = Descent(network, recipe.steps, recipe.learning_rate, recipe.weight_decay, rise=0.3)
    for batch in torch.from_numpy(drawn):
        said = torch.log_softmax(network(x[batch]), dim=1)
        descent.step(-(q[batch] * said).sum(dim=1).mean())
    return network.eval()


def fit(
    rows: np.ndarray, targets: np.ndarray, weight: np.ndarray, recipe: Recipe
) -> dict[str, np.ndarray]:
    """Fit the networks; return their share of the arrays that `models.symbolic` runs.

    Parameters
    ----------
    rows : np.ndarray, shape=(n, width)
    targets : np.ndarray, shape=(n, 2)
    weight : np.ndarray, shape=(n,)
        How often a row is drawn, relatively.
    recipe : Recipe
    """
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    x = torch.from_numpy(standardise(rows, mean, scale))
    even = recipe.smoothing / 4.0
    q = torch.from_numpy((1.0 - recipe.smoothing) * metrics.joint(targets) + even).float()
    chance = weight / weight.sum()
    fitted = [_fit_one(x, q, chance, recipe, recipe.seed + k) for k in range(recipe.networks)]

    def stack(layer: int, name: str) -> np.ndarray:
        """A table of every network, the networks in front."""
        tables: Sequence[np.ndarray] = [
            getattr(network[layer], name).detach().numpy() for network in fitted
        ]
        return np.stack(tables).astype(np.float16)

    return {
        "mean": mean.astype(np.float32),
        "scale": scale.astype(np.float32),
        "w": stack(1, "weight"),
        "b": stack(1, "bias"),
        "v": stack(4, "weight"),
        "c": stack(4, "bias"),
        "temperature": np.ones(2, dtype=np.float32),
    }


def predict(arrays: dict[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """Logits of (arousal, valence) of many rows by both voters, shape=(n, 2), at temperature 1.

    The formulas of `models.symbolic.SymbolicModel`, written for many rows at once; a test compares.
    """
    x = standardise(rows, arrays["mean"], arrays["scale"]).astype(np.float64)
    w, b, v, c = (arrays[name].astype(np.float64) for name in ("w", "b", "v", "c"))
    q = np.zeros((len(rows), 4))
    for k in range(len(w)):
        z = np.tanh(x @ w[k].T + b[k]) @ v[k].T + c[k]
        z = np.exp(z - z.max(axis=1, keepdims=True))
        q += z / z.sum(axis=1, keepdims=True) / len(w)
    positive = np.clip(np.stack([q[:, 0] + q[:, 1], q[:, 0] + q[:, 3]], axis=1), 1e-6, 1 - 1e-6)
    near = kernel_matrix(x, arrays["landmarks"].astype(np.float64), float(arrays["gamma"]))
    score = np.clip(near @ arrays["alpha"] + arrays["beta"], -SUREST, SUREST)
    return 0.5 * (np.log(positive / (1.0 - positive)) + np.log((1.0 + score) / (1.0 - score)))
