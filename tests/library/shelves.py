"""Columns of invented tracks, for what chooses among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from oscbridge.library.columns import NUMBERS, Columns, columns_of

USUAL: dict[str, float | None] = {
    "valence": 0.0,
    "arousal": 0.0,
    "valence_sd": 0.0,
    "arousal_sd": 0.0,
    "confidence": 1.0,
    "energy": 5,
    "tempo_bpm": None,
    "key": None,
    "duration_s": 200.0,
    "loudness_lufs": -14.0,
    "quadrant": 1,
    "dominance": None,
}


def shelf(count: int, artist: list[str] | None = None, **numbers: Any) -> Columns:
    """Columns of ``count`` tracks, called t000, t001 …; ``numbers`` by name, one or one each."""
    artists = artist or [""] * count
    full = {
        name: np.broadcast_to(np.asarray(numbers.get(name, USUAL[name]), object), count)
        for name in NUMBERS
    }
    return columns_of(
        [
            (f"t{row:03d}", artists[row], *(full[name][row] for name in NUMBERS))
            for row in range(count)
        ]
    )


def anything(count: int, seed: int) -> Columns:
    """Columns of tracks anywhere in the plane, of some artists, 2 to 6 minutes long."""
    rng = np.random.default_rng(seed)
    return shelf(
        count,
        [f"artist {number}" for number in rng.integers(0, max(count // 3, 1), count)],
        valence=rng.uniform(-1, 1, count),
        arousal=rng.uniform(-1, 1, count),
        valence_sd=rng.uniform(0.05, 0.4, count),
        arousal_sd=rng.uniform(0.05, 0.4, count),
        tempo_bpm=rng.uniform(70, 180, count),
        key=rng.integers(0, 24, count),
        duration_s=rng.uniform(120, 360, count),
    )
