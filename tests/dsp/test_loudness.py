"""Loudness: as pyloudnorm measures it, and as the recommendation says of its test signals."""

from __future__ import annotations

import math

import numpy as np
import pyloudnorm
import pytest

from dsp.loudness import STEP_S, LoudnessMeter, build_weighting, integrated_lufs


def loudness_of(frames: np.ndarray, rate: int, split: int = 4096) -> float:
    meter = LoudnessMeter(rate, frames.shape[1])
    powers = [meter.push(frames[at : at + split]).copy() for at in range(0, len(frames), split)]
    return integrated_lufs(np.concatenate(powers))


def music_like(rate: int, channels: int, seconds: float = 6.0) -> np.ndarray:
    """Noise that swells, with a pause that the gates have to leave out."""
    n = round(seconds * rate)
    frames = np.random.default_rng(3).standard_normal((n, channels))
    frames *= np.linspace(0.01, 0.3, n)[:, None]
    frames[n // 2 : n // 2 + rate] *= 1e-5
    return frames.astype(np.float32)


@pytest.mark.parametrize("rate", [22050, 44100, 48000, 96000])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_loudness_is_that_of_pyloudnorm(rate: int, channels: int) -> None:
    frames = music_like(rate, channels)
    # Of its filters, these are the recommendation's own at every rate.
    oracle = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(frames.astype(float))
    assert loudness_of(frames, rate) == pytest.approx(oracle, abs=1e-6)


def test_the_filters_at_48_khz_are_those_of_the_recommendation() -> None:
    shelf, high_pass = build_weighting(48000)
    assert shelf == pytest.approx(
        [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585]
    )
    assert high_pass == pytest.approx([1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621])


@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_full_scale_sine_on_one_channel_has_3_01_below_zero(rate: int) -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(20 * rate) / rate).astype(np.float32)
    assert loudness_of(sine[:, None], rate) == pytest.approx(-3.01, abs=0.02)


def test_the_relative_gate_leaves_quiet_passages_out() -> None:
    """EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS on both: -23 LUFS."""
    rate = 48000
    levels_db = np.repeat([-36.0, -23.0, -36.0], [10 * rate, 60 * rate, 10 * rate])
    sine = 10 ** (levels_db / 20) * np.sin(2 * np.pi * 1000 * np.arange(len(levels_db)) / rate)
    frames = np.stack([sine, sine], axis=1).astype(np.float32)
    assert loudness_of(frames, rate) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("split", [1, 17, 509, 48000])
def test_any_split_of_the_input_gives_the_same_powers(split: int) -> None:
    frames = music_like(48000, 2, 0.5 if split == 1 else 2.0)
    whole = LoudnessMeter(48000, 2, max_block=len(frames)).push(frames).copy()
    meter = LoudnessMeter(48000, 2)
    parts = [meter.push(frames[at : at + split]).copy() for at in range(0, len(frames), split)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_a_reset_meter_is_as_new() -> None:
    frames = music_like(48000, 2, 1.0)
    meter = LoudnessMeter(48000, 2)
    first = meter.push(frames).copy()
    meter.push(frames[:777])
    meter.reset()
    assert np.array_equal(meter.push(frames), first)


def test_silence_and_less_than_a_block_have_no_loudness() -> None:
    assert loudness_of(np.zeros((48000, 2), np.float32), 48000) == -math.inf
    short = round(3 * STEP_S * 48000)
    assert loudness_of(music_like(48000, 1)[-short:], 48000) == -math.inf


def test_values_that_are_no_numbers_count_as_silence() -> None:
    frames = music_like(48000, 1)
    broken = frames.copy()
    broken[1000] = np.nan
    frames[1000] = 0.0
    assert loudness_of(broken, 48000) == loudness_of(frames, 48000)


def test_the_subwoofer_of_six_channels_does_not_count_and_the_back_counts_more() -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(96000) / 48000).astype(np.float32)
    heard = []
    for channel in (0, 3, 4):
        frames = np.zeros((96000, 6), np.float32)
        frames[:, channel] = sine
        heard.append(loudness_of(frames, 48000))
    front, low, back = heard
    assert low == -math.inf
    assert back - front == pytest.approx(10 * math.log10(1.41), abs=1e-6)


@pytest.mark.parametrize("shape", [(101, 2), (100, 1), (100,)])
def test_a_block_that_was_not_announced_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="100 frames or less"):
        LoudnessMeter(48000, 2, max_block=100).push(np.zeros(shape, np.float32))


def test_a_meter_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 channels"):
        LoudnessMeter(48000, 0)
