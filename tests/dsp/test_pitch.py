"""Pitch salience against tones whose pitch is known, and a twin written with numpy."""

import numpy as np
import pytest

from dsp.pitch import LOWEST, PITCHES, RANGE_DB, PitchSalience
from tests import naive
from tests.dsp.signals import RATE, noise, sine

N_FFT, HOP = 8192, 4096


def hz_of(pitch: float) -> float:
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


def twin(samples: np.ndarray) -> np.ndarray:
    """The same profile by the definition."""
    t = np.arange(N_FFT)
    power = np.abs(np.fft.rfft(samples * (0.5 - 0.5 * np.cos(2 * np.pi * t / N_FFT)))) ** 2
    low = int(hz_of(LOWEST - 1) / (RATE / N_FFT))
    high = int(np.ceil(hz_of(LOWEST + PITCHES) / (RATE / N_FFT))) + 1
    floor = (N_FFT / 4) ** 2 * 1e-9
    threshold = max(power[low:high].max() * 10 ** (-RANGE_DB / 10), floor)
    out = np.zeros(PITCHES + 2)
    for k in range(low, high):
        if power[k] < threshold or power[k] <= power[k - 1] or power[k] < power[k + 1]:
            continue
        a, b, c = np.log(np.maximum(power[k - 1 : k + 2], floor))
        pitch = 69 + 12 * np.log2((k + 0.5 * (a - c) / (a - 2 * b + c)) * RATE / N_FFT / 440)
        for near in (int(np.floor(pitch)), int(np.floor(pitch)) + 1):
            if LOWEST <= near < LOWEST + PITCHES:
                out[near - LOWEST] += np.sqrt(power[k]) * (1 - abs(pitch - near))
    return out[:PITCHES] / out[:PITCHES].sum()


def test_profiles_are_those_of_the_definition() -> None:
    signal = sum(sine(hz_of(p), N_FFT, 0.1) for p in (40, 47.3, 64, 71)) + noise(N_FFT, level=0.01)
    found = PitchSalience(RATE).push(signal.astype(np.float32))[-1]
    assert np.allclose(found, twin(signal), atol=2e-4)


@pytest.mark.parametrize("pitch", [36, 45, 57, 69, 81, 93])
def test_a_tone_is_heard_as_its_pitch(pitch: int) -> None:
    profile = PitchSalience(RATE).push(sine(hz_of(pitch), 2 * N_FFT, 0.2))[-1]
    assert profile.argmax() == pitch - LOWEST
    assert profile[pitch - LOWEST] > 0.9


def test_low_neighbours_are_told_apart() -> None:
    both = sine(hz_of(48), 2 * N_FFT, 0.2) + sine(hz_of(49), 2 * N_FFT, 0.2)
    profile = PitchSalience(RATE).push(both)[-1]
    assert profile[48 - LOWEST] > 0.4
    assert profile[49 - LOWEST] > 0.4


def test_level_changes_nothing_and_silence_has_no_pitch() -> None:
    tone = sine(220.0, 2 * N_FFT, 0.3)
    loud, soft = (PitchSalience(RATE).push(tone * np.float32(g))[-1] for g in (1.0, 0.05))
    assert np.allclose(loud, soft, atol=1e-4)
    assert not PitchSalience(RATE).push(np.zeros(N_FFT, np.float32)).any()


@pytest.mark.parametrize("sizes", [(1, 17, 509), (256,), (4096,)])
def test_no_split_changes_a_profile(sizes: tuple[int, ...]) -> None:
    signal = noise(5 * HOP + 100)
    whole = PitchSalience(RATE).push(signal).copy()
    stage = PitchSalience(RATE)
    parts = [stage.push(piece).copy() for piece in naive.pieces(signal, sizes)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert stage.delay == N_FFT


def test_pitches_beyond_the_spectrum_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        PitchSalience(8000, n_pitches=120)
