"""The front end against its definition: pools, texture, harmony, pulse."""

import itertools

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.pitch import PitchSalience
from dsp.types import FeatureFrames
from models.frontend import FAST_S, LEVEL_S, SLOW_S, Statistics
from models.harmony import Harmony, build_keys
from models.pools import POOL, Pooling, is_silent, pool_spans
from models.pulse import Pulse
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
    groups = frames["log_mel"].astype(float).reshape(len(frames), 8, 8) / 10
    irregularity = np.abs(np.diff(groups, axis=2)).mean(axis=2)
    crest = groups.max(axis=2) - groups.mean(axis=2)
    peakiness = np.concatenate([irregularity, crest], axis=1)
    steps = np.abs(np.diff(peakiness, axis=0, prepend=peakiness[:1]))
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
                frames["log_mel"][span].reshape(POOL, 16, 4).mean(axis=2).std(axis=0),
                frames["onset"][span, 0],
                PitchSalience(RATE).push(SIGNAL)[i],
                peakiness[span].mean(axis=0),
                (peakiness[span] ** 2).mean(axis=0),
                steps[span].mean(axis=0),
                [(10 ** (frames["energy"][span].astype(float) / 10)).mean()],
            ]
        )
        assert np.allclose(pool, expected, rtol=1e-4, atol=2e-3)


@pytest.mark.parametrize("sizes", SPLITS)
def test_no_split_changes_a_pool(sizes: tuple[int, ...]) -> None:
    whole, split = pools_of(SIGNAL, (len(SIGNAL) // 2,)), pools_of(SIGNAL, sizes)
    assert np.array_equal(whole[0], split[0])
    assert whole[1] == split[1]


def test_statistics_are_leaky_means_that_begin_as_plain_means() -> None:
    pools, _ = pools_of(noise(POOL * 256 * 30, seed=2))
    statistics = Statistics(pools.shape[1], POOL_S)
    rows = np.asarray([statistics.push(pool).copy() for pool in pools])
    n = 94
    level = fast = slow = square = 0.0
    for i, (pool, row) in enumerate(zip(pools.astype(float), rows, strict=True)):
        share = 1 / (i + 1)
        level += max(share, POOL_S / LEVEL_S) * (pool[-1] - level)
        now = np.concatenate(
            [
                np.clip((pool[:73] - 10 * np.log10(level)) / 10, -8, 8),
                [pool[73], pool[74] / 2, pool[75], pool[76] * 10, np.log2(pool[77] / 1000)],
                pool[78:94] / 5,
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


def harmony_of(notes: list[int], seconds: float = 1.0) -> np.ndarray:
    """What is said of notes that sound together."""
    tones = [sine(440 * 2 ** ((m - 69) / 12), int(seconds * RATE), 0.1) for m in notes]
    pools, _ = pools_of(np.sum(tones, axis=0, dtype=np.float32))
    harmony = Harmony(POOL_S)
    for pool in pools[1:]:
        values = harmony.push(pool[pool_spans()["pitch"]])
    return values.copy()


@pytest.mark.parametrize("tonic", [0, 5, 9])
@pytest.mark.parametrize(("third", "major"), [(4, True), (3, False)])
def test_a_triad_is_heard_in_its_mode_whatever_its_tonic(
    tonic: int, third: int, major: bool
) -> None:
    values = harmony_of([60 + tonic + step for step in (0, third, 7)])
    assert (values[24] > values[25]) == major
    assert set(np.argsort(values[:12])[-3:]) == {0, third, 7}
    # the triad itself: all of the sound is in it, two thirds of it in the other mode
    assert values[27 if major else 28] == pytest.approx(1.0, abs=0.05)
    assert values[28 if major else 27] == pytest.approx(2 / 3, abs=0.07)


def test_register_bass_and_intervals_are_where_the_notes_are() -> None:
    low, high = harmony_of([36, 43]), harmony_of([84, 88])
    assert low[35:43].argmax() == 0
    assert high[35:43].argmax() == 6
    assert low[12:24].sum() == pytest.approx(8.0, abs=0.5)
    assert high[12:24].sum() < 0.5
    semitone, fifth = harmony_of([69, 70]), harmony_of([69, 76])
    assert semitone[45] > 5 * fifth[45]  # a step of one semitone
    assert fifth[49] > 5 * semitone[49]  # of five (the fifth turned over)


def test_chords_that_change_are_told_from_a_chord_that_stays() -> None:
    still = harmony_of([60, 64, 67], 4.0)
    tones = [
        sine(440 * 2 ** ((60 + shift + m - 69) / 12), RATE, 0.1)
        for shift in (0, 5, 7, 2)
        for m in (0, 4, 7)
    ]
    moving = np.concatenate([np.sum(tones[3 * i : 3 * i + 3], axis=0) for i in range(4)])
    pools, _ = pools_of(moving.astype(np.float32))
    harmony = Harmony(POOL_S)
    for pool in pools[1:]:
        values = harmony.push(pool[pool_spans()["pitch"]])
    assert values[34] > 5 * still[34]


@pytest.mark.parametrize("tempo", [60, 96, 132, 174])
def test_a_metronome_is_heard_at_its_tempo(tempo: int) -> None:
    step_s = 256 / RATE
    period = round(60 / tempo / step_s)
    onsets = np.zeros(period * 30, np.float32)
    onsets[::period] = 8.0
    pulse = Pulse(step_s)
    values = pulse.push(onsets)
    lags = 0.2 * 2 ** (np.arange(25) / 6)
    heard = int(np.searchsorted(lags, period * step_s * 0.999) - 1)
    strong = np.flatnonzero(values[:24] > 0.8)
    assert heard in strong or heard + 1 in strong
    assert strong.min() >= heard  # nothing repeats sooner
    assert values[24] > 0.8
    assert values[25] == pytest.approx(4.0 / period, rel=0.1)


def test_the_pulse_of_noise_is_the_autocorrelation() -> None:
    rng = np.random.default_rng(3)
    onsets = np.clip(rng.gamma(1.0, 2.0, 400), 0, 15).astype(np.float32)
    pulse = Pulse(1.0 / 93.75)
    values = pulse.push(onsets).copy()
    weights = np.ones(400)  # the plain mean while less than the memory was heard
    mean = np.average(onsets, weights=weights)
    past = np.concatenate([np.zeros(400), onsets])
    edges = np.round(0.2 * 93.75 * 2 ** (np.arange(25) / 6)).astype(int)
    lagged = [np.mean(onsets * past[400 - lag : 800 - lag]) - mean**2 for lag in range(edges[-1])]
    expected = [max(lagged[a:b]) / lagged[0] for a, b in itertools.pairwise(edges)]
    assert np.allclose(values[:24], expected, atol=1e-3)
    assert values[24] == pytest.approx(max(expected), abs=1e-3)


def test_rows_of_many_pools_are_the_rows_of_each() -> None:
    pools, _ = pools_of(SIGNAL)
    one, many = Statistics(pools.shape[1], POOL_S), Statistics(pools.shape[1], POOL_S)
    rows = np.zeros((len(pools), many.width), np.float32)
    many.push_all(pools, rows)
    assert np.array_equal(rows, [one.push(pool).copy() for pool in pools])


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
