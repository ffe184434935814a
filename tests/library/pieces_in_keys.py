"""Short pieces in every key, drawn from their notes: cadences under a melody, perhaps drums."""

from __future__ import annotations

import numpy as np

RATE = 22050
CHORD_S = 1.0
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_CADENCES = (
    ((0, 4, 7), (5, 9, 0), (7, 11, 2), (0, 4, 7), (9, 0, 4), (5, 9, 0), (7, 11, 2, 5), (0, 4, 7)),
    ((0, 3, 7), (5, 8, 0), (7, 11, 2), (0, 3, 7), (8, 0, 3), (5, 8, 0), (7, 11, 2, 5), (0, 3, 7)),
)


def piece(key: int, *, repeats: int = 3, seed: int = 0, drums: float = 0.0) -> np.ndarray:
    """A piece in a key of `oscbridge.library.track.KEYS`, float32, at `RATE`."""
    dice = np.random.default_rng(seed)
    tonic, minor = key % 12, key >= 12
    scale = MINOR if minor else MAJOR
    sound: list[np.ndarray] = []
    for chord in _CADENCES[minor] * repeats:
        n = round(CHORD_S * RATE)
        here = tone(36 + (tonic + chord[0]) % 12, n) * 1.2
        for step in chord:
            here += tone(60 + (tonic + step) % 12, n)
        near = [step for step in scale if step in chord] * 3 + list(scale)
        quarter = n // 4
        for beat in range(4):
            step = near[dice.integers(len(near))]
            here[beat * quarter : (beat + 1) * quarter] += tone(72 + (tonic + step) % 12, quarter)
        here += drums * _drum(n, dice)
        sound.append(here)
    whole = np.concatenate(sound)
    return (0.5 * whole / np.abs(whole).max()).astype(np.float32)


def tone(pitch: int, n: int) -> np.ndarray:
    """A plucked tone of eight partials, MIDI pitch, n samples."""
    time_s = np.arange(n) / RATE
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12)
    partials = [np.sin(2 * np.pi * k * hz * time_s) / k for k in range(1, 9) if k * hz < RATE / 2]
    return np.sum(partials, axis=0) * np.exp(-3.0 * time_s)


def _drum(n: int, dice: np.random.Generator) -> np.ndarray:
    hit = dice.standard_normal(n // 4) * np.exp(-60.0 * np.arange(n // 4) / RATE)
    return np.resize(hit, n)
