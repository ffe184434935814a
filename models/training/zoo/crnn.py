"""Train S1, the convolutional recurrent network (Chen 2024), without and with wavelets.

::

    python -m models.training.zoo.crnn PANDA_FOLDER --cache FOLDER [--folds FOLDER]

Both variants see the same windows, folds, seeds and recipe; they differ in the wavelet branch
alone. The paired difference of their figures is the ablation that the paper does not report; both
cards state it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.training.zoo.loop import Recipe, fit_network
from models.training.zoo.protocol import compare, cross_validate, write_final
from models.training.zoo.system import Fitted, Part, System, parse_options
from models.zoo import crnn
from models.zoo.layers import fold_batch_norm

RECIPE = Recipe(batch=32, learning_rate=2e-3, weight_decay=0.02, patience=5, smoothing=0.05)
CHANNELS = (8, 16, 32, 48)
KERNELS = (5, 3, 3, 3)
WAVELET_CHANNELS = (12, 16, 16)
HIDDEN = 48


class Crnn(nn.Module):
    """Convolutions to the map 1 x 15 x N, a recurrent unit, four logits.

    Parameters
    ----------
    mean, scale : np.ndarray, shape=(ROWS,), float32
        Mean and inverse deviation of each row of the images.
    wavelet : bool
        Whether there is a branch for the wavelet bands.
    """

    def __init__(self, mean: np.ndarray, scale: np.ndarray, *, wavelet: bool) -> None:
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("scale", torch.from_numpy(scale))
        sizes = (1, *CHANNELS)
        self.mel = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(n, m, size, stride, padding=size // 2, bias=False), nn.BatchNorm2d(m)
            )
            for (n, m), size, stride in zip(pairwise(sizes), KERNELS, crnn.STRIDES, strict=True)
        )
        sizes = (crnn.BANDS, *WAVELET_CHANNELS) if wavelet else ()
        self.bands = nn.ModuleList(
            nn.Sequential(nn.Conv1d(n, m, 5, padding=2, bias=False), nn.BatchNorm1d(m))
            for n, m in pairwise(sizes)
        )
        width = CHANNELS[-1] + (WAVELET_CHANNELS[-1] if wavelet else 0)
        self.recurrent = nn.GRU(width, HIDDEN, batch_first=True)
        self.last = nn.Linear(HIDDEN, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits, shape=(n, 4), of images, shape=(n, ROWS, FRAMES); masked while training."""
        x = (x - self.mean[:, None]) * self.scale[:, None]
        x = mask(shorten(x)) if self.training else x
        parts = []
        mel = x[:, None, : crnn.N_MELS]
        for layer, pool in zip(self.mel, crnn.POOLS, strict=True):
            mel = functional.max_pool2d(functional.relu(layer(mel)), pool)
        parts.append(mel[:, :, 0])
        if len(self.bands):
            bands = x[:, crnn.N_MELS :].reshape(len(x), 2, crnn.BANDS, crnn.FRAMES)
            bands = bands.permute(0, 2, 3, 1).reshape(len(x), crnn.BANDS, 2 * crnn.FRAMES)
            for layer, size in zip(self.bands, crnn.WAVELET_POOLS, strict=True):
                bands = functional.max_pool1d(functional.relu(layer(bands)), size)
            parts.append(bands)
        steps = torch.cat(parts, dim=1).transpose(1, 2)
        steps = functional.dropout(steps, 0.3, self.training)
        states, _ = self.recurrent(steps)
        return self.last(functional.dropout(states.mean(dim=1), 0.3, self.training))

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights under the names of the run-time module, norms folded in, half precision."""
        result: dict[str, np.ndarray] = {}
        for letters, layers in (("wb", self.mel), ("vc", self.bands)):
            for i, (conv, norm) in enumerate(layers, 1):
                learnt = (norm.weight, norm.bias, norm.running_mean, norm.running_var)
                folded = fold_batch_norm(
                    conv.weight.detach().numpy(),
                    np.zeros(len(conv.weight), np.float32),
                    *(tensor.detach().numpy() for tensor in learnt),
                )
                result[f"{letters[0]}_{i}"], result[f"{letters[1]}_{i}"] = folded
        names = ("w_x", "w_h", "b_x", "b_h", "w_out", "b_out")
        parameters = (*self.recurrent.parameters(), *self.last.parameters())
        for name, parameter in zip(names, parameters, strict=True):
            result[name] = parameter.detach().numpy()
        half = {name: array.astype(np.float16) for name, array in result.items()}
        return {**half, "mean": self.mean.numpy(), "scale": self.scale.numpy()}


def shorten(x: torch.Tensor) -> torch.Tensor:
    """Repeat a stretch of 2 to 8 s in every third minibatch: what a live window begins with."""
    if torch.rand(()) > 1 / 3:
        return x
    length = int(torch.randint(crnn.FRAMES // 8, crnn.FRAMES // 2, ()))
    start = int(torch.randint(0, crnn.FRAMES - length, ()))
    return x[:, :, start + torch.arange(crnn.FRAMES) % length]


def mask(x: torch.Tensor) -> torch.Tensor:
    """Blank a random stretch of bands and one of frames (D. Park et al., SpecAugment, 2019)."""

    def draw(high: int) -> int:
        """A number below ``high``, by torch's generator as all else here."""
        return int(torch.randint(0, high, ()))

    low, start = draw(crnn.N_MELS - 10), draw(crnn.FRAMES - 40)
    x[:, low : low + draw(10)] = 0.0
    x[:, :, start : start + draw(40)] = 0.0
    return x


def standards(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and inverse deviation of each row over images, shape=(ROWS,), float32."""
    some = images[:, ::3]
    axes = tuple(i for i in range(some.ndim) if i != some.ndim - 2)
    mean = some.mean(axis=axes, dtype=np.float64)
    deviation = some.std(axis=axes, dtype=np.float64)
    return mean.astype(np.float32), (1.0 / (deviation + 0.1)).astype(np.float32)


def fit(train: Part, inner: Part | None, epochs: int, seed: int, *, wavelet: bool) -> Fitted:
    """Fit one variant."""
    torch.manual_seed(seed)
    network = Crnn(*standards(train.inputs), wavelet=wavelet)
    took = fit_network(network, train, inner, epochs, RECIPE, seed)
    return Fitted(network.arrays(), took)


def build_system(*, wavelet: bool) -> System:
    """Build one variant for the protocol."""
    front_end = crnn.FrontEnd()
    name = f"{crnn.NAME}_wavelet" if wavelet else crnn.NAME
    with_what = "mel spectrogram and Mallat's wavelet bands" if wavelet else "mel spectrogram"
    return System(
        name=name,
        module=crnn.NAME,
        front_end=front_end.image,
        fit=lambda train, inner, epochs, seed: fit(train, inner, epochs, seed, wavelet=wavelet),
        logits=crnn.logits,
        key=crnn.FRONT_END,
        window_s=crnn.WINDOW_S,
        windows=3,
        epochs=24,
        facts={
            "task": f"S1: quadrants by a convolutional recurrent network on the {with_what}",
            "paper": "Chen 2024",
            "published": "no accuracy of the network; the boundary rules' table gives 0.810 on 84 "
            "fragments (recomputed from its counts), which is another task",
            "recipe": repr(RECIPE),
            "limits": [
                "hears the last 15 s as one whole: a change of expression shows after seconds",
                "layer sizes are ours, the paper prints none",
                "one corpus of mostly Western popular music in excerpts chosen for clear emotion",
            ],
        },
    )


def main() -> None:
    """Examine both variants on the same folds, compare them, write both."""
    options = parse_options((__doc__ or "").split("\n", 1)[0])
    torch.set_num_threads(1)
    systems = [build_system(wavelet=wavelet) for wavelet in (False, True)]
    examined = [cross_validate(system, options) for system in systems]
    gain = {name: str(value) for name, value in compare(examined[1], examined[0]).items()}
    figures = {"crnn_wavelet minus crnn, paired, 95 % over artists": gain}
    for system, held in zip(systems, examined, strict=True):
        write_final(system, options, held, figures)


if __name__ == "__main__":
    main()
