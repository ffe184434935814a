"""Test signals, float32, and the ways in which they are split."""

from __future__ import annotations

import numpy as np

RATE = 24000
SPLITS = [(1, 17, 509), (255,), (256,), (257,), (4096,), (2048, 1)]


def noise(n: int, seed: int = 0, level: float = 0.1) -> np.ndarray:
    """White noise of a seed."""
    return (np.random.default_rng(seed).standard_normal(n) * level).astype(np.float32)


def sine(hz: float, n: int, level: float = 0.5, rate: int = RATE) -> np.ndarray:
    """A sine."""
    return (level * np.sin(2 * np.pi * hz * np.arange(n) / rate)).astype(np.float32)
