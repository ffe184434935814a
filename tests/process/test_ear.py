"""Sound to frames: the values of the stages alone, in shelves if there is enough, for any split."""

from __future__ import annotations

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.resample import Resampler
from oscbridge.hearing.ear import LONGEST_BLOCK, Ear
from oscbridge.hearing.shelf import FRAMES

RATE = 48_000
SOUND = np.random.default_rng(11).uniform(-0.3, 0.3, 3 * LONGEST_BLOCK + 777).astype(np.float32)


def alone() -> np.ndarray:
    """All frames from resampler and extractor, block by block."""
    resampler, extractor = Resampler(RATE, 24_000), FeatureExtractor()
    blocks = [resampler.push(SOUND[at : at + 512]).copy() for at in range(0, len(SOUND), 512)]
    blocks.append(resampler.finish().copy())
    return np.concatenate([extractor.push(block).values.copy() for block in blocks])


@pytest.mark.parametrize("block", [17, 509, 512, 8192, 50_000, len(SOUND)])
def test_the_ear_gives_the_frames_of_its_stages_for_any_split(block: int) -> None:
    ear, values, count = Ear(RATE), [], 0
    for at in range(0, len(SOUND), block):
        frames = ear.push(SOUND[at : at + block])
        assert [some.first for some in frames] == list(
            count + np.cumsum([0, *map(len, frames)])[: len(frames)]
        )
        values += [some.values.copy() for some in frames]
        count += sum(map(len, frames))
    values += [some.values.copy() for some in ear.finish()]
    np.testing.assert_array_equal(np.concatenate(values), alone())
    assert ear.heard == len(SOUND)


def test_long_blocks_come_in_shelves() -> None:
    ear = Ear(RATE)
    frames = [some.copy() for some in ear.push(SOUND)]
    assert {len(some) for some in frames if some.first % FRAMES == 0} >= {FRAMES}
    inner = [some for some in frames[2:-1] if some.first + len(some) < frames[-1].first]
    assert sum(len(some) == FRAMES for some in inner) > len(inner) // 2
    assert max(len(some) for some in frames) == FRAMES


def test_frames_of_a_block_do_not_overwrite_each_other() -> None:
    ear = Ear(RATE)
    frames = ear.push(SOUND)
    expected = alone()
    for some in frames:
        np.testing.assert_array_equal(some.values, expected[some.first : some.first + len(some)])


def test_an_ear_that_is_reset_hears_a_new_stream() -> None:
    ear = Ear(RATE)
    first = np.concatenate([some.values.copy() for some in ear.push(SOUND[:20_011])])
    ear.reset()
    again = np.concatenate([some.values.copy() for some in ear.push(SOUND[:20_011])])
    np.testing.assert_array_equal(first, again)
