"""The resampler: soxr's samples, a millisecond late, from any split."""

import numpy as np
import pytest
import soxr

from dsp.resample import STOP_DB, Resampler
from tests import naive
from tests.dsp.signals import SPLITS, noise, sine

RATES = [8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000, 44056]


def whole(rate_in: int, samples: np.ndarray, sizes: tuple[int, ...] = (4096,)) -> np.ndarray:
    """All output of a stream that is fed in pieces."""
    resampler = Resampler(rate_in, 24000)
    parts = [resampler.push(piece).copy() for piece in naive.pieces(samples, sizes)]
    return np.concatenate([*parts, resampler.finish()])


@pytest.mark.parametrize("rate", RATES)
def test_music_below_the_band_edge_is_soxrs(rate: int) -> None:
    t = np.arange(rate // 4) / rate
    edge_hz = 0.9 * min(rate, 24000) / 2
    tones = [edge_hz * share for share in (0.01, 0.13, 0.42, 0.77, 1.0)]
    signal = np.sum([0.1 * np.sin(2 * np.pi * hz * t) for hz in tones], axis=0, dtype=np.float32)
    ours, theirs = whole(rate, signal), soxr.resample(signal, rate, 24000, quality="VHQ")
    assert abs(len(ours) - len(theirs)) <= 1
    inner = slice(600, min(len(ours), len(theirs)) - 600)
    assert np.abs(ours[inner] - theirs[inner]).max() < 3e-4


@pytest.mark.parametrize("rate", [32000, 44100, 48000, 96000, 192000])
def test_what_would_fold_back_below_the_mel_bands_edge_is_stopped(rate: int) -> None:
    for hz in (13100.0, 14500.0, min(rate / 2 - 500.0, 30000.0)):
        heard = whole(rate, sine(hz, rate // 4, 1.0, rate))[300:-300]
        level_db = 20 * np.log10(np.sqrt(2) * heard.std() + 1e-12)
        assert level_db < -STOP_DB + 6


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 192000])
def test_direct_current_and_length_are_kept(rate: int) -> None:
    out = whole(rate, np.ones(rate // 3 + 5, np.float32))
    assert len(out) == -(-(rate // 3 + 5) * 24000 // rate)
    assert np.abs(out[300:-300] - 1.0).max() < 1e-5


@pytest.mark.parametrize("sizes", [*SPLITS, (1,)])
@pytest.mark.parametrize("rate", [11025, 44100, 48000])
def test_no_split_changes_a_bit(rate: int, sizes: tuple[int, ...]) -> None:
    signal = noise(3001)
    assert np.array_equal(whole(rate, signal, sizes), whole(rate, signal))


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 192000])
def test_an_output_comes_as_soon_as_the_declared_delay_allows(rate: int) -> None:
    resampler = Resampler(rate, 24000)
    made = 0
    for taken in range(1, rate // 20):
        made += len(resampler.push(np.zeros(1, np.float32)))
        # output n needs the inputs up to n · rate / 24000 + delay and none after
        assert made == max(-(-(taken - resampler.delay) * 24000 // rate), 0)
    limit_ms = 1.4 if rate >= 44100 else 4.0
    assert 1000.0 * resampler.delay / rate < limit_ms


def test_an_impulse_stays_at_its_instant() -> None:
    signal = np.zeros(4800, np.float32)
    signal[2000] = 1.0
    assert whole(48000, signal).argmax() == 1000


def test_equal_rates_pass_untouched_and_at_once() -> None:
    resampler = Resampler(24000, 24000)
    signal = noise(100)
    assert resampler.push(signal) is signal
    assert (resampler.delay, len(resampler.finish())) == (0, 0)


def test_reset_after_ragged_input_is_a_new_stream() -> None:
    resampler = Resampler(44100, 24000)
    resampler.push(noise(1234, seed=3))
    resampler.finish()
    resampler.reset()
    assert np.array_equal(resampler.push(noise(999)), Resampler(44100, 24000).push(noise(999)))


@pytest.mark.parametrize(("rate_in", "rate_out"), [(0, 24000), (48000, 0), (-1, 1)])
def test_rates_that_are_none_are_refused(rate_in: int, rate_out: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Resampler(rate_in, rate_out)


def test_a_block_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="max_block"):
        Resampler(48000, 24000, max_block=8).push(noise(9))
