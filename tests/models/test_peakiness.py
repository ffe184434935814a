"""Peakiness against its definition: of frames in pools, and of pools in a summary."""

import numpy as np

from models.peakiness import PeakSummary
from models.pools import pool_spans
from models.summary import SPAN_S
from tests.dsp.signals import RATE, noise, sine
from tests.models.test_frontend import POOL_S, SIGNAL, pools_of

SPAN = pool_spans()["peakiness"]


def test_a_summary_is_mean_deviation_and_change_over_all_frames() -> None:
    pools, _ = pools_of(SIGNAL)
    summary = PeakSummary(SPAN, POOL_S)
    for heard, pool in enumerate(pools, start=1):
        mean, square, change = pools[:heard, SPAN].astype(float).mean(axis=0).reshape(3, -1)
        said = summary.push(pool)
        expected = [mean, np.sqrt(np.maximum(square - mean**2, 0)), change]
        assert np.allclose(said, np.concatenate(expected), atol=1e-3)


def test_one_pool_at_a_time_and_all_at_once_are_the_same_bits() -> None:
    pools, _ = pools_of(SIGNAL)
    summary = PeakSummary(SPAN, POOL_S)
    together = np.zeros((len(pools), summary.width), np.float32)
    summary.push_all(pools, together)
    summary.reset()
    assert np.array_equal(together, [summary.push(pool).copy() for pool in pools])


def test_what_was_long_ago_is_forgotten() -> None:
    pools = np.zeros((round(8 * SPAN_S / POOL_S), SPAN.stop), np.float32)
    pools[:100, SPAN] = 5.0
    summary = PeakSummary(SPAN, POOL_S)
    said = np.asarray([summary.push(pool).copy() for pool in pools])
    assert np.allclose(said[99, :16], 5.0)
    assert said[-1, :16].max() < 0.01


def test_tones_are_more_peaked_than_noise_and_trills_more_restless_than_a_tone() -> None:
    trill = np.where(np.arange(RATE) // 2048 % 2, sine(440, RATE, 0.3), sine(523, RATE, 0.3))
    sounds = (sine(440, RATE, 0.3), noise(RATE, level=0.3), trill.astype(np.float32))
    tone, hiss, shake = (pools_of(sound)[0][1:, SPAN].mean(axis=0) for sound in sounds)
    irregularity, crest, change = slice(0, 8), slice(8, 16), slice(32, 48)
    assert tone[irregularity].max() > 3 * hiss[irregularity].max()
    assert tone[crest].max() > 5 * hiss[crest].max()
    assert shake[change].sum() > 5 * tone[change].sum()


def test_a_turn_of_the_volume_knob_changes_no_peakiness() -> None:
    loud, soft = (pools_of(noise(RATE, level=0.3) * np.float32(gain))[0] for gain in (1.0, 0.1))
    assert np.allclose(loud[:, SPAN], soft[:, SPAN], atol=5e-3)
