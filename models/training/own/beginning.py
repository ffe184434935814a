"""Where a user's model begins: at the networks of the shipped model, or at none.

Conventions
-----------
`networks_of` is the inverse of `models.training.recurrent.export_arrays`: the temperatures stay
folded into the read-out, so that the networks say what the shipped model says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.readers import KINDS
from models.training.recurrent import Network, Recipe
from models.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.rows import RowMaker

_STATE = {
    "squeeze.weight": "w",
    "squeeze.bias": "b",
    "recur.weight_ih_l0": "w_z",
    "recur.bias_ih_l0": "b_z",
    "recur.weight_hh_l0": "w_h",
    "recur.bias_hh_l0": "b_h",
    "read.weight": "v",
    "read.bias": "c",
}
FINE_TUNING_RATE = 5e-4
"""Learning rate of networks that know music already."""


def build_recipe(n_clips: int, seed: int, weights: Weights | None) -> Recipe:
    """Sizes of the networks and how they learn; smaller steps where they begin from weights."""
    recipe = Recipe(seed=seed, batch=int(np.clip(n_clips // 8, 8, 48)))
    if weights is None:
        return recipe
    return replace(
        recipe,
        networks=len(weights.arrays["w"]) // _experts(weights),
        squeeze=weights.arrays["w"].shape[1],
        hidden=weights.arrays["w_h"].shape[2],
        learning_rate=FINE_TUNING_RATE,
    )


def _experts(weights: Weights) -> int:
    """How many groups of networks a model has; they are equally large."""
    return len(np.unique(weights.arrays["expert"])) if "expert" in weights.arrays else 1


_READERS = tuple(f"{kind}_" for kind in KINDS)


def expert_for(weights: Weights, pools: Sequence[Sequence[np.ndarray]], maker: RowMaker) -> Weights:
    """Those networks of a model with two experts that it would listen to in this music.

    A model of one user's music needs one expert: the one that counts for more in most clips. The
    readers stay behind: what a user has is too little to teach them.
    """
    arrays = {name: a for name, a in weights.arrays.items() if not name.startswith(_READERS)}
    route, expert = arrays.pop("route", None), arrays.pop("expert", None)
    if route is None or expert is None:
        return Weights(weights.name, arrays, weights.card)
    last = np.asarray([maker.summaries(maker.rows(clip[0]))[-1] for clip in pools])
    chosen = int(np.median(last @ route[:-1] + route[-1]) > 0)
    kept = {name: array[expert == chosen] for name, array in arrays.items()}
    return Weights(weights.name, kept, weights.card)


def networks_of(weights: Weights, recipe: Recipe) -> list[Network]:
    """Networks that say what a model with these weights says."""
    arrays = weights.in_float32()
    networks = []
    for k in range(recipe.networks):
        network = Network(arrays["mean"][k], arrays["scale"][k], recipe)
        state = {ours: torch.from_numpy(arrays[its][k]) for ours, its in _STATE.items()}
        network.load_state_dict({**network.state_dict(), **state})
        networks.append(network.eval())
    return networks


def fresh_networks(
    pools: Sequence[Sequence[np.ndarray]], member: int, recipe: Recipe, maker: RowMaker
) -> list[Network]:
    """Networks that know nothing but how loud and how varied each row value is."""
    rows = np.concatenate([maker.rows(clip[0])[::4] for clip in pools])
    mean, scale = rows.mean(axis=0), 1.0 / np.maximum(rows.std(axis=0), 1e-3)
    networks = []
    for k in range(recipe.networks):
        rng = np.random.default_rng([recipe.seed, member, k])
        torch.manual_seed(int(rng.integers(2**62)))
        networks.append(Network(mean, scale, recipe).eval())
    return networks
