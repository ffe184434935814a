"""Train S3, the CNN-SVM (`models.zoo.cnn_svm`): a network for the embedding, then a linear SVM.

::

    python -m models.training.zoo.cnn_svm PANDA_FOLDER --cache FOLDER [--folds FOLDER]

The network is fitted by gradient descent, as the paper says, with four outputs that are thrown away
afterwards. The SVM's C is chosen by an inner cross-validation that is grouped by artist and fits
the network anew in each of its folds: on embeddings of clips that the network knows by heart,
every C would look alike. The scaler before the SVM rests on the training clips alone, as all else
does. The temperature is the protocol's.

``--mode paper`` takes the first 40 s with zeros where there is less (our clips have 30 s).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from torch import nn

from models.training.zoo.loop import Recipe, fit_network
from models.training.zoo.protocol import run
from models.training.zoo.system import Fitted, Part, System
from models.training.zoo.windows import CLIP_S
from models.zoo.cnn_svm import (
    CEPSTRA,
    EMBEDDING,
    MODES,
    POOL,
    STRIDE,
    CnnSvm,
    chords_of,
    read_frames,
)

CHANNELS = (32, 64)
KERNEL = 5
DROPOUT = 0.4
WINDOWS = 3
EPOCHS = 30
RECIPE = Recipe(
    batch=32, learning_rate=2e-2, weight_decay=1e-3, optimiser="sgd", patience=6, decay=0.7
)
C_VALUES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1)
INNER_FOLDS = 3


class Network(nn.Module):
    """The convolutional network: the torch twin of `CnnSvm.embed`, with four outputs to learn from.

    Parameters
    ----------
    mean, scale : np.ndarray, shape=(CEPSTRA,)
        Of the training frames.
    """

    def __init__(self, mean: np.ndarray, scale: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("scale", torch.from_numpy(scale))
        self.conv0 = nn.Conv1d(CEPSTRA, CHANNELS[0], KERNEL, stride=STRIDE)
        self.conv1 = nn.Conv1d(CHANNELS[0], CHANNELS[1], KERNEL)
        self.embedding = nn.Linear(2 * CHANNELS[1], EMBEDDING)
        self.out = nn.Linear(EMBEDDING, 4)
        self.drop = nn.Dropout(DROPOUT)

    def embed(self, frames: torch.Tensor) -> torch.Tensor:
        """Penultimate layer, shape=(n, n_frames, WIDTH) to (n, EMBEDDING)."""
        x = ((frames[:, :, :CEPSTRA] - self.mean) / self.scale).transpose(1, 2)
        x = nn.functional.max_pool1d(torch.relu(self.conv0(x)), POOL)
        x = torch.relu(self.conv1(x))
        summary = torch.cat([x.mean(dim=2), x.amax(dim=2)], dim=1)
        return torch.relu(self.embedding(self.drop(summary)))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Logits of quadrants 1..4, shape=(n, 4)."""
        return self.out(self.drop(self.embed(frames)))

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights as the run-time model reads them, half precision."""
        tensors = {
            "mean": self.mean,
            "scale": self.scale,
            "conv0_w": self.conv0.weight,
            "conv0_b": self.conv0.bias,
            "conv1_w": self.conv1.weight,
            "conv1_b": self.conv1.bias,
            "embed_w": self.embedding.weight,
            "embed_b": self.embedding.bias,
        }
        return {name: t.detach().numpy().astype(np.float16) for name, t in tensors.items()}


def fit_embedding(
    part: Part, inner: Part | None, epochs: int, seed: int
) -> tuple[dict[str, np.ndarray], int]:
    """Fit the network; return its arrays and the epoch that they are of."""
    frames = part.inputs[..., :CEPSTRA].reshape(-1, CEPSTRA)
    torch.manual_seed(seed)
    network = Network(frames.mean(axis=0), frames.std(axis=0) + 1e-3)
    best = fit_network(network, part, inner, epochs, RECIPE, seed)
    return network.arrays(), best


def describe_windows(arrays: dict[str, np.ndarray], part: Part) -> tuple[np.ndarray, np.ndarray]:
    """Embedding and chord vector of every window as it is, and its quadrant.

    Returns
    -------
    rows : np.ndarray, shape=(n · windows, EMBEDDING + 27)
    quadrants : np.ndarray, shape=(n · windows,)
    """
    embed = CnnSvm(arrays).embed
    rows = [
        np.concatenate([embed(clip), [chords_of(window) for window in clip]], axis=1)
        for clip in part.clean
    ]
    return np.concatenate(rows), np.repeat(part.quadrants, part.windows)


def fit_svm(rows: np.ndarray, quadrants: np.ndarray, c: float) -> tuple[np.ndarray, np.ndarray]:
    """Linear SVM of standardised rows, as weights, shape=(4, width), and offsets of plain rows."""
    scaler = StandardScaler().fit(rows)
    svm = LinearSVC(C=c, dual=False).fit(scaler.transform(rows), quadrants)
    w = svm.coef_ / scaler.scale_
    return w, svm.intercept_ - w @ scaler.mean_


def choose_c(part: Part, epochs: int, seed: int) -> float:
    """C with the most windows right in an inner grouped cross-validation."""
    right = np.zeros(len(C_VALUES))
    splitter = StratifiedGroupKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    for fit_rows, test_rows in splitter.split(part.quadrants, part.quadrants, part.groups):
        known, unknown = part.take(fit_rows), part.take(test_rows)
        arrays, _ = fit_embedding(known, None, epochs, seed)
        rows, quadrants = describe_windows(arrays, known)
        held, truth = describe_windows(arrays, unknown)
        for i, c in enumerate(C_VALUES):
            w, b = fit_svm(rows, quadrants, c)
            right[i] += np.sum((held @ w.T + b).argmax(axis=1) + 1 == truth)
    return C_VALUES[int(np.argmax(right))]


def fit(part: Part, inner: Part | None, epochs: int, seed: int) -> Fitted:
    """Fit network, then SVM."""
    arrays, best = fit_embedding(part, inner, epochs, seed)
    c = choose_c(part, best, seed)
    w, b = fit_svm(*describe_windows(arrays, part), c)
    arrays |= {"svm_w": w.astype(np.float32), "svm_b": b.astype(np.float32)}
    return Fitted({**arrays, "c": np.asarray([c], np.float32)}, best)


def run_logits(arrays: dict[str, np.ndarray], inputs: np.ndarray) -> np.ndarray:
    """Logits of inputs by the run-time code, shape=(n, n_frames, WIDTH) to (n, 4)."""
    return CnnSvm(arrays).logits(inputs)


def build_system(mode_name: str) -> System:
    """S3 as the protocol sees it."""
    mode = MODES[mode_name]
    window_s = min(mode.window_s, float(CLIP_S))
    recipe: dict[str, Any] = {
        "network": f"SGD, rate {RECIPE.learning_rate} × {RECIPE.decay} every 10 epochs, batch "
        f"{RECIPE.batch}, weight decay {RECIPE.weight_decay}, dropout {DROPOUT}",
        "layers": f"conv {CHANNELS} of {KERNEL}, embedding {EMBEDDING}, chord vector 27",
        "SVM": f"linear, C of {C_VALUES} by inner grouped {INNER_FOLDS}-fold cross-validation",
        "mode": mode_name,
    }
    return System(
        name="cnn_svm",
        module="cnn_svm",
        front_end=lambda samples: read_frames(mode.fit_length(samples)),
        fit=fit,
        logits=run_logits,
        key=mode.front_end,
        window_s=window_s,
        windows=WINDOWS if window_s < CLIP_S else 1,
        epochs=EPOCHS,
        facts={
            "task": "S3, linear SVM on a CNN's embedding of MFCC and on a chord vector, last "
            f"{mode.window_s:.0f} s",
            "published": "accuracy 0.90 on 4Q-emotion (1,471 clips, not the public 900), 0.88 and "
            "0.85 on two other sets; no split is told, four of twelve table rows are impossible",
            "recipe": recipe,
            "limits": [
                f"hears the last {mode.window_s:.0f} s alone",
                "chords are triads of the chroma: drums and noise blur them",
                "clips of mostly Western popular music: solo instruments were not examined",
            ],
        },
    )


def main() -> None:
    """Run the whole protocol."""
    run(__doc__, build_system, tuple(MODES))


if __name__ == "__main__":
    main()
