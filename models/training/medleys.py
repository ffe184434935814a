"""Training sequences: clips as they are, and medleys that turn from one emotion to another.

Conventions
-----------
An `Example` is what the model hears in one go: rows (time, width), for every row the signs of
arousal and valence that are true there (time, 2), and its weight in the loss (time,). In a medley,
stretches of different clips follow each other at similar level, and the truth changes at each
junction; the model learns from them to change its mind. Weights rise after the start and after each
junction, because nobody knows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.rows import RowMaker


@dataclass(frozen=True, slots=True)
class Mixture:
    """How examples are drawn.

    Attributes
    ----------
    medleys : float
        Share of examples that are medleys.
    shortest, longest : int
        Length of a stretch in a medley, pools.
    length : int
        Length of a medley, pools.
    level_db : float
        Deviation of the levels of a medley's stretches, dB.
    warm : int
        Pools until a row has full weight; a junction starts again at a third of that.
    """

    medleys: float = 0.4
    shortest: int = 12
    longest: int = 90
    length: int = 176
    level_db: float = 4.0
    warm: int = 16


@dataclass(frozen=True, slots=True)
class Example:
    """What the model hears in one go, what is true in it, and how much each instant counts."""

    rows: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


def signs(quadrants: np.ndarray) -> np.ndarray:
    """Targets (arousal > 0, valence > 0) of quadrants 1..4, shape=(n, 2), float32."""
    return np.stack([quadrants <= 2, np.isin(quadrants, (1, 4))], axis=1).astype(np.float32)


def change_level(pools: np.ndarray, gain_db: float) -> np.ndarray:
    """Pools of the same music at another level."""
    louder = pools.copy()
    louder[:, :-18] += gain_db  # bands and energy; onset, crossings and chroma stay
    louder[:, -1] *= 10.0 ** (gain_db / 10.0)
    return louder


def _ramp(n: int, warm: int) -> np.ndarray:
    """Weights of ``n`` rows that rise to 1 within ``warm``."""
    return np.minimum((np.arange(n) + 1) / warm, 1.0).astype(np.float32)


def draw_examples(
    pools: Sequence[Sequence[np.ndarray]],
    quadrants: np.ndarray,
    mixture: Mixture,
    maker: RowMaker,
    rng: np.random.Generator,
) -> list[Example]:
    """One pass over the clips: each begins one example, alone or in a medley.

    Parameters
    ----------
    pools : sequence of sequence of np.ndarray, shape=(n_pools, width)
        ``[clip][version]``.
    quadrants : np.ndarray, shape=(n_clips,), int
        1..4.
    """
    targets = signs(quadrants)

    def pick(clip: int) -> np.ndarray:
        return pools[clip][rng.integers(len(pools[clip]))]

    examples: list[Example] = []
    for clip in rng.permutation(len(pools)):
        if rng.random() >= mixture.medleys:
            alone = pick(clip)
            truth = np.repeat(targets[clip][None], len(alone), axis=0)
            weights = _ramp(len(alone), mixture.warm)
            examples.append(Example(maker.rows(alone), truth, weights))
            continue
        parts, truths, ramps, total = [], [], [], 0
        now = clip
        while total < mixture.length:
            source = pick(now)
            n = min(int(rng.integers(mixture.shortest, mixture.longest)), len(source))
            start = int(rng.integers(len(source) - n + 1))
            stretch = source[start : start + n]
            level_db = 10.0 * np.log10(np.maximum(stretch[:, -1].mean(), 1e-9))
            gain_db = -25.0 + rng.normal(0.0, mixture.level_db) - level_db
            parts.append(change_level(stretch, float(gain_db)))
            truths.append(np.repeat(targets[now][None], n, axis=0))
            ramps.append(_ramp(n, mixture.warm // 3 if total else mixture.warm))
            total += n
            now = int(rng.integers(len(pools)))
        examples.append(
            Example(
                maker.rows(np.concatenate(parts)[: mixture.length]),
                np.concatenate(truths)[: mixture.length],
                np.concatenate(ramps)[: mixture.length],
            )
        )
    return examples
