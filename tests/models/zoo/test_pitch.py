"""Augmentation of S2: what it changes, and that it changes nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.zoo.pitch import (
    SEMITONES,
    SNR_DB,
    SPEED,
    add_white_noise,
    augment,
    change_pitch_and_speed,
    stretch,
)

RATE = 24000


def _tone(hz: float, seconds: float) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def _strongest_hz(samples: np.ndarray) -> float:
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    power = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(np.argmax(power) * RATE / len(middle))


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.2])
def test_stretching_changes_the_length_and_neither_pitch_nor_level(factor: float) -> None:
    tone = _tone(440.0, 4.0)
    longer = stretch(tone, factor)
    assert len(longer) == pytest.approx(len(tone) * factor, abs=2048)
    assert _strongest_hz(longer) == pytest.approx(440.0, abs=1.0)
    middle = longer[len(longer) // 4 : -len(longer) // 4]
    assert np.std(middle) == pytest.approx(np.std(tone), rel=0.15)


@pytest.mark.parametrize("semitones", [-2.0, 2.0])
def test_pitch_moves_by_semitones_and_the_length_stays(semitones: float) -> None:
    moved = change_pitch_and_speed(_tone(440.0, 4.0), semitones, 1.0)
    assert _strongest_hz(moved) == pytest.approx(440.0 * 2 ** (semitones / 12), abs=1.0)
    assert len(moved) == pytest.approx(4 * RATE, abs=2048)


def test_speed_shortens_and_the_pitch_stays() -> None:
    faster = change_pitch_and_speed(_tone(440.0, 4.0), 0.0, 1.05)
    assert len(faster) == pytest.approx(4 * RATE / 1.05, abs=2048)
    assert _strongest_hz(faster) == pytest.approx(440.0, abs=1.0)


@pytest.mark.parametrize("snr_db", [15.0, 40.0])
def test_noise_lies_as_far_under_the_music_as_it_says(snr_db: float) -> None:
    tone = _tone(440.0, 4.0)
    noise = add_white_noise(tone, snr_db, np.random.default_rng(0)) - tone
    assert 20 * np.log10(np.std(tone) / np.std(noise)) == pytest.approx(snr_db, abs=0.2)


def test_the_ranges_are_those_that_keep_the_emotion() -> None:
    assert (SPEED, SEMITONES, SNR_DB) == (0.05, 2.0, (15.0, 40.0))


def test_the_same_seed_gives_the_same_version_and_another_seed_another() -> None:
    tone = _tone(440.0, 2.0)
    one, again, other = (augment(tone, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert len(one) != len(other) or not np.array_equal(one, other)
