"""Sounds that go on without a turn: what must not bring a stream of false boundaries.

Conventions
-----------
Mono float32 at `RATE_HZ`, full scale ±1, made from a seed; each function takes seconds.
"""

from __future__ import annotations

import io
import subprocess

import numpy as np
import soundfile

RATE_HZ = 24_000
ROUND_S = 60
TEXT = (
    "The bridge was closed for repairs in the spring, and for most of the year people walked "
    "along the river to the old ferry. Some of them came to like it. They spoke with the ferryman, "
    "they looked at the water, and they were late for work. When the bridge was opened again, in "
    "the first days of winter, the mayor gave a speech which nobody remembers. "
)


def _time_s(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def silence(seconds: float) -> np.ndarray:
    """Nothing but the noise of a converter, -90 dBFS."""
    rng = np.random.default_rng(1)
    return rng.normal(0.0, 3e-5, round(seconds * RATE_HZ)).astype(np.float32)


def noise(seconds: float) -> np.ndarray:
    """White noise, -23 dBFS."""
    rng = np.random.default_rng(2)
    return rng.normal(0.0, 0.07, round(seconds * RATE_HZ)).astype(np.float32)


def metronome(seconds: float) -> np.ndarray:
    """A click twice a second, the first of four higher."""
    time_s = _time_s(seconds)
    into_s = time_s % 0.5
    accent = np.floor(time_s / 0.5) % 4 == 0
    pitch_hz = np.where(accent, 1760.0, 1320.0)
    return (0.5 * np.exp(-into_s / 0.01) * np.sin(2 * np.pi * pitch_hz * into_s)).astype(np.float32)


def drone(seconds: float) -> np.ndarray:
    """A chord of three tones with overtones that breathes, each partial at a pace of its own.

    It comes back to where it began every `ROUND_S`: repeated, it has no seam.
    """
    rng = np.random.default_rng(3)
    time_s = _time_s(seconds)
    sound = np.zeros(len(time_s))
    for fundamental_hz in (55.0, 82.5, 110.0):
        for k in range(1, 9):
            sway_hz = rng.integers(2, 20) / ROUND_S
            phase = rng.uniform(0.0, 6.28, 2)
            breath = 1.0 + 0.3 * np.sin(2 * np.pi * sway_hz * time_s + phase[0])
            beating_hz = fundamental_hz * k + rng.integers(-20, 20) / ROUND_S
            sound += breath * np.sin(2 * np.pi * beating_hz * time_s + phase[1]) / k
    return (0.03 * sound).astype(np.float32)


def applause(seconds: float) -> np.ndarray:
    """A hall of forty pairs of hands, each with its pace and its colour, swelling and ebbing."""
    rng = np.random.default_rng(4)
    n = round(seconds * RATE_HZ)
    sound = np.zeros(n + RATE_HZ)
    for _ in range(40):
        pace_s, colour_hz = rng.uniform(0.18, 0.32), rng.uniform(700.0, 2500.0)
        length = round(0.02 * RATE_HZ)
        into_s = np.arange(length) / RATE_HZ
        loud = rng.uniform(0.03, 0.15)
        at_s = rng.uniform(0.0, pace_s)
        while at_s < seconds:
            clap = rng.normal(0.0, 1.0, length) + np.sin(2 * np.pi * colour_hz * into_s)
            start = round(at_s * RATE_HZ)
            sound[start : start + length] += loud * np.exp(-into_s / 0.004) * clap
            at_s += pace_s * rng.uniform(0.85, 1.15)
    swell = 1.0 + 0.3 * np.sin(2 * np.pi * 0.05 * _time_s(seconds))
    return (0.3 * swell * sound[:n]).astype(np.float32)


def speech(seconds: float) -> np.ndarray:
    """One voice that reads on and on; needs ``espeak-ng``."""
    done = subprocess.run(
        ["espeak-ng", "-v", "en", "--stdout", TEXT * (1 + round(seconds / 20.0))],
        capture_output=True,
        check=True,
    )
    read, rate = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
    wanted = np.arange(round(seconds * RATE_HZ)) * rate / RATE_HZ
    return np.interp(wanted, np.arange(len(read)), read).astype(np.float32)
