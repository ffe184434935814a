"""Fit a network of faces: the torch twin of `models.face_network`, epoch by epoch, kept after each.

Conventions
-----------
Faces are uint8, 48×48; while training each is cut to 44×44 at a random place and mirrored half of
the time, standardised as at run time. Descent with momentum along the cross entropy with the shares
of votes, the rate falling to zero along a cosine; the epoch with the least loss on the faces held
out to stop on is taken. All that is drawn in an epoch depends on the seed and its number, so that a
fit that was interrupted ends as one that was not. A GPU is used where torch finds one.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from models.face_network import CROP, POOL, SIDE, crops, plan_of, standardise
from models.training.face_set import FaceDataError
from models.training.keeping import whole_file
from models.zoo.layers import fold_batch_norm, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.face_set import FaceSet

TEMPERATURES = np.geomspace(0.3, 5.0, 60)


@dataclass(frozen=True)
class Recipe:
    """How a network is fitted.

    Attributes
    ----------
    module : str
        Which network: ``face_network`` or ``vgg19``.
    epochs, batch : int
    learning_rate, momentum, weight_decay : float
    smoothing : float
        Of the targets.
    dropout : float
        Before the last layer.
    seed : int
    """

    module: str = "face_network"
    epochs: int = 60
    batch: int = 128
    learning_rate: float = 0.02
    momentum: float = 0.9
    weight_decay: float = 5e-4
    smoothing: float = 0.05
    dropout: float = 0.5
    seed: int = 0


class FaceNetwork(nn.Module):
    """A plan of `models.face_network` with normalisation of batches.

    Parameters
    ----------
    plan : sequence of int
    labels : int
    dropout : float
    """

    def __init__(self, plan: Sequence[int], labels: int, dropout: float = 0.5) -> None:
        super().__init__()
        parts: list[nn.Module] = []
        inside = 1
        for channels in plan:
            if channels == POOL:
                parts.append(nn.MaxPool2d(2))
                continue
            parts += [
                nn.Conv2d(inside, channels, 3, padding=1),
                nn.BatchNorm2d(channels),
                nn.ReLU(),
            ]
            inside = channels
        self.body = nn.Sequential(*parts)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(inside, labels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits, shape=(n, labels), of standardised crops, shape=(n, 44, 44)."""
        return self.out(self.dropout(self.body(x[:, None]).mean(dim=(2, 3))))

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights under the names of the run-time module, half precision, in one piece each."""
        named: dict[str, np.ndarray] = {}
        layers = list(self.body)
        number = 0
        for i, layer in enumerate(layers):
            if not isinstance(layer, nn.Conv2d):
                continue
            number += 1
            norm = layers[i + 1]
            statistics = (norm.weight, norm.bias, norm.running_mean, norm.running_var)
            w, b = fold_batch_norm(*(_numbers(t) for t in (layer.weight, layer.bias, *statistics)))
            named |= {f"w_{number}": w, f"b_{number}": b}
        named |= {"w_out": _numbers(self.out.weight), "b_out": _numbers(self.out.bias)}
        return {key: array.astype(np.float16) for key, array in named.items()}


def fit(train: FaceSet, dev: FaceSet, recipe: Recipe, kept: Path, told: str = "") -> FaceNetwork:
    """Fit a network on faces and stop on others.

    Parameters
    ----------
    train, dev : FaceSet
    recipe : Recipe
    kept : Path
        Where the state after each epoch is kept; a fit that was interrupted goes on from there.
    told : str
        What the bar says.

    Raises
    ------
    FaceDataError
        What is kept belongs to other data or another recipe, or is damaged.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(recipe.seed)
    network = FaceNetwork(plan_of(recipe.module), len(train.labels), recipe.dropout).to(device)
    descent = torch.optim.SGD(
        network.parameters(),
        recipe.learning_rate,
        recipe.momentum,
        weight_decay=recipe.weight_decay,
        nesterov=True,
    )
    plan = f"{asdict(recipe)} {train.digest} {dev.digest}"
    state = _load(kept, plan)
    if state:
        network.load_state_dict(state["network"])
        descent.load_state_dict(state["descent"])
    best: dict[str, Any] = state["best"] if state else {"loss": math.inf}
    first = int(state["epoch"]) + 1 if state else 0
    bar = tqdm(range(first, recipe.epochs), told, recipe.epochs, initial=first, unit="epoch")
    for epoch in bar:
        for group in descent.param_groups:
            group["lr"] = recipe.learning_rate * _rate(epoch, recipe.epochs)
        _pass(network, descent, train, recipe, epoch, device)
        loss = _loss(answers(network, dev, ten=False), dev.targets)
        if loss < best["loss"]:
            copied = {key: value.clone() for key, value in network.state_dict().items()}
            best = {"loss": loss, "epoch": epoch, "network": copied}
        bar.set_postfix(loss=f"{loss:.3f}", best=f"{best['loss']:.3f}", refresh=False)
        _save(kept, plan, epoch, network, descent, best)
    network.load_state_dict(best["network"])
    return network.eval()


def _pass(
    network: FaceNetwork,
    descent: torch.optim.Optimizer,
    train: FaceSet,
    recipe: Recipe,
    epoch: int,
    device: str,
) -> None:
    """One pass over the faces; what is drawn depends on seed and epoch alone."""
    rng = np.random.default_rng((recipe.seed, epoch))
    torch.manual_seed(int(rng.integers(2**31)))
    network.train()
    order = rng.permutation(len(train))
    batches = np.array_split(order, max(len(order) // recipe.batch, 1))
    for rows in batches:
        x = torch.from_numpy(vary(train.pixels[rows], rng)).to(device)
        y = torch.from_numpy(train.targets[rows]).to(device)
        loss = functional.cross_entropy(network(x), y, label_smoothing=recipe.smoothing)
        descent.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        descent.step()


def vary(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Crops at random places, mirrored at random, of faces (n, 48, 48): shape=(n, 44, 44)."""
    n = len(pixels)
    at = rng.integers(0, SIDE - CROP + 1, (2, n))
    rows = (at[0][:, None] + np.arange(CROP))[:, :, None]
    columns = (at[1][:, None] + np.arange(CROP))[:, None, :]
    cut = pixels[np.arange(n)[:, None, None], rows, columns]
    mirrored = rng.random(n) < 0.5
    cut[mirrored] = cut[mirrored, :, ::-1]
    return standardise(cut)


@torch.no_grad()
def answers(network: FaceNetwork, faces: FaceSet, *, ten: bool, batch: int = 64) -> np.ndarray:
    """Mean logits over the crops of each face, shape=(n, labels), as at run time."""
    network.eval()
    device = next(network.parameters()).device
    said: list[np.ndarray] = []
    for start in range(0, len(faces), batch):
        cut = crops(faces.pixels[start : start + batch], ten=ten)
        x = torch.from_numpy(cut.reshape(-1, CROP, CROP)).to(device)
        said.append(network(x).cpu().numpy().reshape(*cut.shape[:2], -1).mean(axis=1))
    return np.concatenate(said)


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """By what logits, shape=(n, labels), are divided so that the targets are likeliest."""
    losses = [_loss(logits / t, targets) for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _loss(logits: np.ndarray, targets: np.ndarray) -> float:
    return float(-np.mean(np.sum(targets * np.log(np.maximum(softmax(logits), 1e-12)), axis=1)))


def _rate(epoch: int, epochs: int) -> float:
    """Share of the highest rate: up in the first epoch or two, then down along a cosine."""
    warm = min((epoch + 1) / max(0.05 * epochs, 1.0), 1.0)
    return warm * 0.5 * (1.0 + math.cos(math.pi * epoch / epochs))


def _save(
    kept: Path,
    plan: str,
    epoch: int,
    network: FaceNetwork,
    descent: torch.optim.Optimizer,
    best: dict[str, Any],
) -> None:
    state = {"plan": plan, "epoch": epoch, "best": best}
    with whole_file(kept) as stream:
        torch.save(
            {**state, "network": network.state_dict(), "descent": descent.state_dict()}, stream
        )


def _load(kept: Path, plan: str) -> dict[str, Any] | None:
    """What was kept; None where there is nothing."""
    if not kept.is_file():
        return None
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        state: dict[str, Any] = torch.load(kept, weights_only=True, map_location=device)
    except Exception as error:  # noqa: BLE001 - torch says in many ways that bytes are wrong
        raise FaceDataError(
            f"{kept} is damaged ({type(error).__name__}): remove it and begin again"
        ) from None
    if state["plan"] != plan:
        raise FaceDataError(
            f"{kept.parent} keeps a training with other faces or settings: undo that, or remove "
            "the folder and begin again"
        )
    return state


def _numbers(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy()
