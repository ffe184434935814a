"""The whole hop: a block of 512 samples at 48 kHz in, everything computed, packets out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from oscbridge.events import Event, State
from oscbridge.measuring.stages import WholeHop
from oscbridge.outputs import osc
from tests.bench.suite import OURS, Bench, Case, Goal, Suite

Item = tuple[np.ndarray, Sequence[State | Event]]


def items_of(bench: Bench, count: int) -> list[Item]:
    """Blocks, and what our analysis finds in each: the peers say the same of it."""
    samples = (block.samples for block in bench.material.blocks)
    return list(zip(samples, bench.material.results, strict=True))[:count]


def ours(bench: Bench) -> Case:
    """Analyzer, outbox, composer, OSC output."""
    output = osc.open(osc.Config(to=(bench.sink.target,)))
    return Case(WholeHop([output]).update, bench.material.blocks, warm_up=200)


def peer(build: Callable[[Bench], Callable[[Item], object]], count: int) -> Callable[[Bench], Case]:
    """Turn a pipeline into a contender."""
    return lambda bench: Case(build(bench), items_of(bench, count))


def numpy_hop(bench: Bench) -> Callable[[Item], object]:
    """numpy, scipy, PyWavelets, onnxruntime and python-osc."""
    from tests.bench.peers.networks import OnnxNetworks
    from tests.bench.peers.numpy_hop import NumpyHop

    return NumpyHop(bench.sink.target, OnnxNetworks(bench.folder / "hop.onnx")).update


def essentia_hop(bench: Bench) -> Callable[[Item], object]:
    """The same with essentia's features."""
    from tests.bench.peers.essentia_features import EssentiaFeatures
    from tests.bench.peers.networks import OnnxNetworks
    from tests.bench.peers.numpy_hop import NumpyHop

    networks = OnnxNetworks(bench.folder / "hop.onnx")
    return NumpyHop(bench.sink.target, networks, EssentiaFeatures()).update


def librosa_hop(bench: Bench) -> Callable[[Item], object]:
    """The same with librosa's features and torch's networks."""
    from tests.bench.peers.librosa_features import LibrosaFeatures
    from tests.bench.peers.networks import TorchNetworks
    from tests.bench.peers.numpy_hop import NumpyHop

    networks = TorchNetworks(traced=False)
    return NumpyHop(bench.sink.target, networks, LibrosaFeatures()).update


NUMPY = "numpy + scipy + PyWavelets + onnxruntime + python-osc"
LIBROSA = "librosa + PyWavelets + torch + python-osc"
SUITE = Suite(
    name="whole hop",
    what="512 samples at 48 kHz in, all that oscbridge computes, packets out",
    contenders={
        OURS: ours,
        NUMPY: peer(numpy_hop, 2000),
        "essentia + numpy + onnxruntime + python-osc": peer(essentia_hop, 2000),
        LIBROSA: peer(librosa_hop, 600),
    },
    goals=(
        Goal(most_us=30.0),
        Goal(peer=NUMPY, least_ratio=20.0),
        Goal(peer=LIBROSA, least_ratio=100.0),
    ),
    note=(
        "The peers do as much or less: they are spared the bars and the decisions about "
        "boundaries, and what they say and when is decided by our own rules for them too."
    ),
)
