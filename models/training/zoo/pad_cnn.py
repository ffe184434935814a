"""Train S0, the P-A-D convolution (Jiang et al. 2023), by the protocol of the zoo.

::

    python -m models.training.zoo.pad_cnn PANDA_FOLDER --cache FOLDER [--folds FOLDER]

The signs of valence and arousal are the labels of P and A; class 0 of both never occurs here, and
its probability falls to nothing. Dominance learns weak labels made of mood words
(`models.training.zoo.dominance`), at half weight. Training uses windows of 15 s and as many
excerpts of 1.5 to 6 s, as a live window begins.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.intervals import Resampling
from models.metrics import accuracy
from models.training.zoo.dominance import load_dominance
from models.training.zoo.loop import Recipe, fit_network
from models.training.zoo.protocol import cross_validate, write_final
from models.training.zoo.system import Fitted, Part, System, parse_options
from models.training.zoo.windows import excerpt
from models.zoo import pad_cnn
from models.zoo.pad_features import WIDTH, describe

RECIPE = Recipe(batch=32, learning_rate=1e-3, weight_decay=0.05, patience=8, smoothing=0.05)
DOMINANCE_WEIGHT = 0.5


class PadCnn(nn.Module):
    """The network of the paper's figure 3.

    Parameters
    ----------
    outputs : int
        9: three heads of three classes; 3: paper mode.
    """

    def __init__(self, outputs: int = 9) -> None:
        super().__init__()
        self.first = nn.Conv1d(1, 5, 5)
        self.second = nn.Conv1d(5, 5, 5)
        self.hidden = nn.Linear(5 * (WIDTH - 8), 1024)
        self.last = nn.Linear(1024, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs, shape=(n, outputs), of standardised features, shape=(n, 194)."""
        x = functional.relu(self.second(functional.relu(self.first(x[:, None]))))
        x = functional.dropout(x.flatten(1), 0.5, self.training)
        x = functional.relu(self.hidden(x))
        return self.last(functional.dropout(x, 0.5, self.training))

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights under the names of the run-time module, half precision."""
        layers = (self.first, self.second, self.hidden, self.last)
        result: dict[str, np.ndarray] = {}
        for i, layer in enumerate(layers, 1):
            result[f"w_{i}"] = layer.weight.detach().numpy().astype(np.float16)
            result[f"b_{i}"] = layer.bias.detach().numpy().astype(np.float16)
        return result


def loss(outputs: torch.Tensor, targets: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Cross entropy of the three heads; targets, shape=(n, 3), are classes 0, 1, 2 of -1, 0, 1."""
    said = outputs.reshape(-1, 3, 3)
    each = [
        functional.cross_entropy(said[:, i], targets[:, i], label_smoothing=smoothing)
        for i in range(3)
    ]
    return each[0] + each[1] + DOMINANCE_WEIGHT * each[2]


def _standardise(part: Part, mean: np.ndarray, scale: np.ndarray) -> Part:
    """The same clips with inputs in units of their deviation, as the run-time code sees them."""
    inputs = np.clip((part.inputs - mean) * scale, -5.0, 5.0).astype(np.float32)
    return Part(inputs, part.quadrants, part.groups, part.rows, part.windows)


def build_system(dominance: np.ndarray) -> System:
    """Build S0 for the protocol; ``dominance`` holds the label of every clip, -1, 0 or 1."""

    def targets(part: Part) -> np.ndarray:
        """Classes 0, 1, 2 of pleasure, arousal and dominance, shape=(n, 3)."""
        q = part.quadrants
        p, a = np.isin(q, (1, 4)), q <= 2
        return np.stack([2 * p, 2 * a, dominance[part.rows] + 1], axis=1).astype(np.int64)

    def fit(train: Part, inner: Part | None, epochs: int, seed: int) -> Fitted:
        """Fit the network; the scaling rests on the training windows alone."""
        torch.manual_seed(seed)
        flat = train.inputs.reshape(-1, WIDTH)
        mean, scale = flat.mean(axis=0), 1.0 / (flat.std(axis=0) + 1e-3)
        network = PadCnn()

        took = fit_network(
            network,
            _standardise(train, mean, scale),
            None if inner is None else _standardise(inner, mean, scale),
            epochs,
            RECIPE,
            seed,
            loss=loss,
            targets=targets,
        )
        tables = {"mean": mean.astype(np.float32), "scale": scale.astype(np.float32)}
        return Fitted({**network.arrays(), **tables}, took)

    return System(
        name=pad_cnn.NAME,
        module=pad_cnn.NAME,
        front_end=describe,
        fit=fit,
        logits=pad_cnn.logits,
        key=pad_cnn.FRONT_END,
        window_s=pad_cnn.WINDOW_S,
        windows=3,
        epochs=60,
        augment=excerpt,
        copies=1,
        facts={
            "task": "S0: pleasure, arousal and dominance by a convolution over 194 features",
            "paper": "Jiang, Deng, Wu, Jiang 2023",
            "published": "accuracy P 0.652, A 0.609, D 0.522 in three classes each; the fractions "
            "are those of 23 clips (15, 14, 12 right)",
            "recipe": repr(RECIPE),
            "limits": [
                "class 0 of pleasure and arousal has no examples in this data: it is never said",
                "dominance learned from mood words by a rule of ours, not from ratings",
                "statistics of 15 s: it does not know in which order things happened",
                "one corpus of mostly Western popular music in excerpts chosen for clear emotion",
            ],
        },
    )


def main() -> None:
    """Run the protocol; examine dominance against its weak labels beside it."""
    options = parse_options((__doc__ or "").split("\n", 1)[0])
    torch.set_num_threads(1)
    dominance = load_dominance(options.panda)
    said = np.zeros_like(dominance)

    def watch(arrays: dict[str, np.ndarray], test: Part) -> None:
        """Note what a fold model says of the dominance of the clips that it has not heard."""
        clips = test.clean
        heads = pad_cnn.heads(arrays, clips.reshape(-1, WIDTH)).reshape(*clips.shape[:2], 3, 3)
        said[test.rows] = heads[:, :, 2].mean(axis=1).argmax(axis=1) - 1

    system = build_system(dominance)
    examined = cross_validate(system, options, watch)
    majority = np.full(len(dominance), np.bincount(dominance + 1).argmax() - 1)
    draws = Resampling(examined.groups)
    figures = {
        "dominance accuracy, weak labels -1, 0, 1": {
            "model": str(draws.estimate(accuracy, dominance, said)),
            "majority": str(draws.estimate(accuracy, dominance, majority)),
        }
    }
    write_final(system, options, examined, figures)


if __name__ == "__main__":
    main()
