"""The wavelet pyramid of 512 new samples, db4, seven levels."""

from __future__ import annotations

import warnings

import numpy as np

from dsp.wavelet import WaveletPyramid
from oscbridge.measuring.material import SETTINGS
from tests.bench.suite import OURS, Bench, Case, Goal, Suite

NEW = 512
LEVELS = SETTINGS.levels
PAST = 7 << LEVELS
"""Samples that the deepest coefficient looks back over, and a few."""


def blocks_of(bench: Bench) -> list[np.ndarray]:
    """The music in blocks of 512."""
    samples = bench.material.samples
    return list(samples[: len(samples) // NEW * NEW].reshape(-1, NEW))


def ours(bench: Bench) -> Case:
    """Our pyramid, which carries its state from block to block."""
    return Case(WaveletPyramid(SETTINGS.wavelet, LEVELS).push, blocks_of(bench))


def block_alone(bench: Bench) -> Case:
    """``pywt.wavedec`` of each block by itself: not the transform of the stream."""
    import pywt

    warnings.filterwarnings("ignore", message="Level value", module="pywt")
    wavelet = pywt.Wavelet(SETTINGS.wavelet)
    return Case(lambda block: pywt.wavedec(block, wavelet, "zero", LEVELS), blocks_of(bench))


def with_its_past(bench: Bench) -> Case:
    """``pywt.wavedec`` of each block and the samples before it on which its coefficients rest."""
    import pywt

    from tests.bench.peers.numpy_features import EARLY

    sound = np.concatenate([np.zeros(PAST, np.float32), bench.material.samples])
    blocks = list(
        np.lib.stride_tricks.sliding_window_view(sound, PAST + NEW, writeable=True)[::NEW]
    )
    return Case(lambda block: pywt.wavedec(block, EARLY, "zero", LEVELS), blocks)


SUITE = Suite(
    name="wavelet",
    what="512 new samples, db4, 7 levels",
    contenders={
        OURS: ours,
        "PyWavelets, block alone": block_alone,
        "PyWavelets, streaming-correct": with_its_past,
    },
    goals=(Goal(most_us=2.2), Goal(peer="PyWavelets, block alone", least_ratio=25.0)),
    note="Only ours and the second peer give the coefficients of the stream.",
)
