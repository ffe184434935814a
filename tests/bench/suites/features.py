"""All features of a frame: log-mel, wavelets, energy, crossings, centroid, onset, chroma."""

from __future__ import annotations

from dsp.features import FeatureExtractor
from tests.bench.suite import OURS, Bench, Case, Goal, Suite


def numpy_features(bench: Bench) -> Case:
    """numpy, scipy and PyWavelets."""
    from tests.bench.peers.numpy_features import NumpyFeatures

    return Case(NumpyFeatures().push, bench.material.hops[:2000])


def librosa_features(bench: Bench) -> Case:
    """Librosa's functions, PyWavelets for the pyramid."""
    from tests.bench.peers.librosa_features import LibrosaFeatures

    return Case(LibrosaFeatures().push, bench.material.hops[:600])


def essentia_features(bench: Bench) -> Case:
    """Essentia's algorithms, PyWavelets for the pyramid."""
    from tests.bench.peers.essentia_features import EssentiaFeatures

    return Case(EssentiaFeatures().push, bench.material.hops[:2000])


SUITE = Suite(
    name="features",
    what="log-mel 64, db4 wavelets, energy, crossings, centroid, onset, chroma of one hop",
    contenders={
        OURS: lambda bench: Case(FeatureExtractor().push, bench.material.hops),
        "numpy + scipy + PyWavelets": numpy_features,
        "essentia + PyWavelets": essentia_features,
        "librosa + PyWavelets": librosa_features,
    },
    goals=(Goal(most_us=12.0),),
)
