"""How fast the path is, stage by stage and as a whole. Measured, not asserted: see ``make bench``.

Each stage gets blocks of 512 samples (21.3 ms of sound at the internal rate), as it does live. How
many seconds of sound one core takes in during a second stands beside the table.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from dsp.features import FeatureExtractor
from dsp.logmel import LogMel
from dsp.resample import Resampler
from dsp.segmentation import Segmenter
from dsp.types import AudioBlock
from dsp.wavelet import WaveletPyramid
from models import catalogue
from oscbridge.analyzer import Analyzer
from oscbridge.wire.template import Template

RATE = 24_000
BLOCK = 512
FILE_RATE = 44_100
FILE_SECONDS = 30


def noise(samples: int) -> np.ndarray:
    return np.random.default_rng(7).uniform(-0.3, 0.3, samples).astype(np.float32)


def measure(
    benchmark: BenchmarkFixture, push: Callable[[np.ndarray], object], *, rate: int = RATE
) -> None:
    """Time ``push`` on one block after another."""
    blocks = cycle(np.split(noise(64 * BLOCK), 64))
    benchmark.pedantic(lambda: push(next(blocks)), rounds=400, warmup_rounds=100)
    sound_s = BLOCK / rate
    benchmark.extra_info["times_real_time"] = round(sound_s / benchmark.stats.stats.median)


def test_resampling_from_44100_hz(benchmark: BenchmarkFixture) -> None:
    measure(benchmark, Resampler(FILE_RATE, RATE).push, rate=FILE_RATE)


def test_log_mel(benchmark: BenchmarkFixture) -> None:
    measure(benchmark, LogMel().push)


def test_wavelet_pyramid(benchmark: BenchmarkFixture) -> None:
    measure(benchmark, WaveletPyramid().push)


def test_all_features(benchmark: BenchmarkFixture) -> None:
    measure(benchmark, FeatureExtractor().push)


@pytest.mark.parametrize("stage", ["model", "segmenter"])
def test_what_follows_the_features(benchmark: BenchmarkFixture, stage: str) -> None:
    extractor = FeatureExtractor()
    update = (
        catalogue.load("music").update if stage == "model" else Segmenter(extractor.layout).update
    )
    frames = extractor.push(noise(BLOCK))
    benchmark.pedantic(lambda: update(frames), rounds=400, warmup_rounds=100)
    sound_s = BLOCK / RATE
    benchmark.extra_info["times_real_time"] = round(sound_s / benchmark.stats.stats.median)


@pytest.mark.parametrize("block_size", [256, 4096])
def test_the_whole_analysis_of_a_file(benchmark: BenchmarkFixture, block_size: int) -> None:
    samples = noise(FILE_SECONDS * FILE_RATE)
    analyzer = Analyzer(FILE_RATE)

    def analyse() -> None:
        analyzer.reset()
        for start in range(0, len(samples), block_size):
            analyzer.push(AudioBlock(samples[start : start + block_size], start, FILE_RATE))
        analyzer.finish()

    benchmark.pedantic(analyse, rounds=3, warmup_rounds=1)
    benchmark.extra_info["times_real_time"] = round(FILE_SECONDS / benchmark.stats.stats.median)


@pytest.mark.parametrize(
    ("types", "args"), [("f", (0.25,)), ("ff", (0.25, -0.5)), ("isf", (1, "happy", 0.9))]
)
def test_packing_a_message(
    benchmark: BenchmarkFixture, types: str, args: tuple[int | float | str, ...]
) -> None:
    template = Template("/test/address", types)
    benchmark(template.pack, args)
