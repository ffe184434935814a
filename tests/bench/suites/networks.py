"""One step of the music model's ten recurrent networks and ten readers, the same weights."""

from __future__ import annotations

import numpy as np

from models.readers import Readers
from models.votes import Votes
from models.weights import read_weights
from tests.bench.suite import FLOOR, OURS, Bench, Case, Suite

COUNT = 1000
Step = tuple[np.ndarray, np.ndarray]


def steps() -> list[Step]:
    """Rows and summaries as the networks see them in music, drawn from their own statistics."""
    arrays = read_weights("music").arrays
    rng = np.random.default_rng(5)

    def draw(mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
        spread = rng.normal(size=(COUNT, mean.shape[1])) / np.maximum(scale[0], 1e-6)
        return (mean[0] + spread).astype(np.float32)

    rows = draw(arrays["mean"], arrays["scale"])
    summaries = draw(arrays["reader_mean"], arrays["reader_scale"])
    return list(zip(rows, summaries, strict=True))


class OurNetworks:
    """Our kernels, called one after the other as the music model calls them."""

    def __init__(self) -> None:
        weights = read_weights("music")
        arrays = weights.arrays
        self._readers = Readers(weights, arrays["reader_mean"].shape[1])
        self._votes = Votes(weights, arrays["mean"].shape[1])

    def update(self, step: Step) -> np.ndarray:
        """Take a row and a summary; return the logits, each expert counting half."""
        row, summary = step
        return self._votes.push(row, self._readers.push(summary), 0.5)


def onnx(bench: Bench) -> Case:
    """Onnxruntime."""
    from tests.bench.peers.networks import OnnxNetworks

    networks = OnnxNetworks(bench.folder / "networks.onnx")
    return Case(lambda step: networks.push(*step), steps())


def with_numpy(_bench: Bench) -> Case:
    """Numpy's batched matrix products."""
    from tests.bench.peers.networks import NumpyNetworks

    networks = NumpyNetworks()
    return Case(lambda step: networks.push(*step), steps())


def with_torch(*, traced: bool) -> Case:
    """torch, eager or traced."""
    from tests.bench.peers.networks import TorchNetworks

    networks = TorchNetworks(traced=traced)
    return Case(lambda step: networks.push(*step), steps())


def reading_them(_bench: Bench) -> Case:
    """BLAS reads every weight once: no step can be faster while they are that many bytes."""
    arrays = read_weights("music").arrays
    used = ("w", "w_z", "w_h", "v", "reader_w", "reader_v")
    weights = np.concatenate([arrays[name].ravel() for name in used]).astype(np.float32)
    return Case(lambda _: np.dot(weights, weights), [None] * COUNT)


SUITE = Suite(
    name="networks",
    what="10 × (453 → 96 → GRU 96) and 10 × (513 → 64), once in 16 hops",
    contenders={
        OURS: lambda _bench: Case(OurNetworks().update, steps()),
        "onnxruntime": onnx,
        "numpy": with_numpy,
        "torch, eager": lambda _bench: with_torch(traced=False),
        "torch, traced": lambda _bench: with_torch(traced=True),
        f"{FLOOR}reading the weights": reading_them,
    },
    note="The weights are 5.3 MB a step in single precision, 2.7 MB as the halves that ours keeps.",
)
