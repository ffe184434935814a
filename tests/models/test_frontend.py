"""The front end against its definition: pools, statistics, keys."""

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.types import FeatureFrames
from models.frontend import (
    FAST_S,
    LEVEL_S,
    POOL,
    SLOW_S,
    TONALITY_S,
    Pooling,
    Statistics,
    build_keys,
    is_silent,
)
from tests import naive
from tests.dsp.signals import RATE, SPLITS, noise, sine

POOL_S = POOL * 256 / RATE
SIGNAL = noise(POOL * 256 * 5 + 300) * np.linspace(0.2, 2.0, POOL * 256 * 5 + 300, dtype=np.float32)


def pools_of(signal: np.ndarray, sizes: tuple[int, ...] = (4096,)) -> tuple[np.ndarray, list[int]]:
    """All pools of a signal that is fed in pieces, and their stops."""
    extractor = FeatureExtractor()
    pooling = Pooling(extractor.layout)
    parts, stops = [np.zeros((0, pooling.width), np.float32)], []
    for piece in naive.pieces(signal, sizes):
        pools, ends = pooling.push(extractor.push(piece))
        parts.append(pools.copy())
        stops += ends
    return np.concatenate(parts), stops


def frames_of(signal: np.ndarray) -> FeatureFrames:
    """All frames of a short signal."""
    return FeatureExtractor(max_block=len(signal)).push(signal)


def test_a_pool_is_the_mean_of_its_frames() -> None:
    pools, stops = pools_of(SIGNAL)
    frames = frames_of(SIGNAL)
    assert stops == [(i + 1) * POOL * 256 for i in range(5)]
    for i, pool in enumerate(pools):
        span = slice(i * POOL, (i + 1) * POOL)
        onset = frames["onset"][span, 0].astype(float)
        expected = np.concatenate(
            [
                frames["log_mel"][span].mean(axis=0),
                frames["wavelet"][span].mean(axis=0),
                frames["energy"][span].mean(axis=0),
                [onset.mean(), onset.max(), onset.std()],
                frames["zcr"][span].mean(axis=0),
                frames["centroid"][span].mean(axis=0),
                frames["chroma"][span].mean(axis=0),
                [(10 ** (frames["energy"][span].astype(float) / 10)).mean()],
            ]
        )
        assert np.allclose(pool, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("sizes", SPLITS)
def test_no_split_changes_a_pool(sizes: tuple[int, ...]) -> None:
    whole, split = pools_of(SIGNAL, (len(SIGNAL) // 2,)), pools_of(SIGNAL, sizes)
    assert np.array_equal(whole[0], split[0])
    assert whole[1] == split[1]


def test_statistics_are_leaky_means_that_begin_as_plain_means() -> None:
    pools, _ = pools_of(noise(POOL * 256 * 30, seed=2))
    statistics = Statistics(pools.shape[1], POOL_S)
    rows = np.asarray([statistics.push(pool).copy() for pool in pools])
    n = 78
    level = fast = slow = square = 0.0
    for i, (pool, row) in enumerate(zip(pools.astype(float), rows, strict=True)):
        share = 1 / (i + 1)
        level += max(share, POOL_S / LEVEL_S) * (pool[-1] - level)
        now = np.concatenate(
            [
                np.clip((pool[:73] - 10 * np.log10(level)) / 10, -8, 8),
                [pool[73], pool[74] / 2, pool[75], pool[76] * 10, np.log2(pool[77] / 1000)],
            ]
        )
        fast = fast + max(share, POOL_S / FAST_S) * (now - fast)
        slow = slow + max(share, POOL_S / SLOW_S) * (now - slow)
        square = square + max(share, POOL_S / SLOW_S) * (now**2 - square)
        deviation = np.sqrt(np.maximum(square - slow**2, 0))
        expected = np.concatenate([now, fast, slow])
        assert np.allclose(row[: 3 * n], expected, atol=1e-3)
        assert np.allclose(row[3 * n : 4 * n], deviation, atol=2e-2)
    few = rows[4, 2 * n : 3 * n]
    assert np.allclose(few, rows[:5, :n].mean(axis=0), atol=1e-3)


def test_the_key_profiles_tell_major_from_minor_and_any_tonic() -> None:
    keys = build_keys()
    assert np.allclose(keys @ keys.T, (keys @ keys.T).T)
    assert np.allclose(np.linalg.norm(keys, axis=1), 1)
    assert np.allclose(keys[0], np.roll(keys[7], -7))


@pytest.mark.parametrize("tonic", [0, 5, 9])
@pytest.mark.parametrize(("third", "major"), [(4, True), (3, False)])
def test_a_triad_is_heard_in_its_mode_whatever_its_tonic(
    tonic: int, third: int, major: bool
) -> None:
    notes = [60 + tonic + step for step in (0, third, 7)]
    tones = [sine(440 * 2 ** ((m - 69) / 12), POOL * 256 * 3, 0.2) for m in notes]
    pools, _ = pools_of(np.sum(tones, axis=0, dtype=np.float32))
    statistics = Statistics(pools.shape[1], POOL_S)
    for pool in pools:
        row = statistics.push(pool)
    turned, best_major, best_minor = row[-15:-3], row[-3], row[-2]
    assert (best_major > best_minor) == major
    assert turned.argmax() in (0, third, 7)
    assert TONALITY_S > 0


def test_a_turn_of_the_volume_knob_changes_no_row() -> None:
    loud, _ = pools_of(noise(POOL * 256 * 6, level=0.3))
    soft, _ = pools_of(noise(POOL * 256 * 6, level=0.3) * np.float32(0.1))
    a, b = Statistics(loud.shape[1], POOL_S), Statistics(soft.shape[1], POOL_S)
    for one, other in zip(loud, soft, strict=True):
        assert np.allclose(a.push(one), b.push(other), atol=5e-3)


def test_silence_is_told_from_soft_music() -> None:
    assert is_silent(pools_of(np.zeros(POOL * 256, np.float32))[0][0])
    assert is_silent(pools_of(noise(POOL * 256, level=5e-4))[0][0])
    assert not is_silent(pools_of(noise(POOL * 256, level=5e-3))[0][0])


def test_reset_forgets_what_was_heard() -> None:
    pools, _ = pools_of(SIGNAL)
    statistics = Statistics(pools.shape[1], POOL_S)
    first = [statistics.push(pool).copy() for pool in pools]
    statistics.reset()
    assert np.array_equal(first, [statistics.push(pool).copy() for pool in pools])
