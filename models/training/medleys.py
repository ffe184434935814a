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

from dsp.features import FeatureSettings
from dsp.mel import build_mel
from models.pools import pool_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    coloured : float
        Share of clips that get another colour.
    colour_db : float
        Deviation of each shape of a colour, dB.
    warm : int
        Pools until a row has full weight; a junction starts again at a third of that.
    """

    medleys: float = 0.35
    shortest: int = 12
    longest: int = 90
    length: int = 176
    level_db: float = 4.0
    coloured: float = 0.7
    colour_db: float = 4.0
    warm: int = 16


@dataclass(frozen=True, slots=True)
class Example:
    """What the model hears in one go, what is true in it, and how much each instant counts.

    ``clip`` is the clip that is heard alone, -1 in a medley.
    """

    rows: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    clip: int


def signs(quadrants: np.ndarray) -> np.ndarray:
    """Targets (arousal > 0, valence > 0) of quadrants 1..4, shape=(n, 2), float32."""
    return np.stack([quadrants <= 2, np.isin(quadrants, (1, 4))], axis=1).astype(np.float32)


_SPANS = pool_spans()


def change_level(pools: np.ndarray, gain_db: float) -> np.ndarray:
    """Pools of the same music at another level: bands and energy move, the rest stays."""
    louder = pools.copy()
    louder[:, _SPANS["bands"]] += gain_db
    louder[:, _SPANS["energy"]] += gain_db
    louder[:, _SPANS["power"]] *= 10.0 ** (gain_db / 10.0)
    return louder


def _build_curves() -> tuple[np.ndarray, np.ndarray]:
    """Shapes of which colours are made, shape=(11, n_bands), and widths of the mel bands, Hz.

    A tilt and ten bumps over the octaves; a band of the wavelet stands at its octave.
    """
    now = FeatureSettings()
    centres_hz = build_mel(now.sample_rate, now.n_fft, now.n_mels, now.fmin, now.fmax).centres_hz
    mel = np.log2(centres_hz / 1000.0)
    wavelet = np.log2(now.sample_rate / 2000.0) - 0.5 - np.arange(now.levels, -1, -1)
    octave = np.concatenate([mel, wavelet])
    bumps = [np.exp(-0.5 * ((octave - centre) / 0.7) ** 2) for centre in np.linspace(-4.5, 3.0, 10)]
    return np.asarray([octave / 4.0, *bumps], dtype=np.float32), np.gradient(centres_hz)


_CURVES, _WIDTHS_HZ = _build_curves()


def _through(pools: np.ndarray, curve_db: np.ndarray) -> np.ndarray:
    """Pools of the same music through a filter with this gain in each band."""
    filtered = pools.copy()
    bands = filtered[:, _SPANS["bands"]]
    before = 10.0 ** (bands[:, : len(_WIDTHS_HZ)] / 10.0) @ _WIDTHS_HZ
    bands += curve_db
    # what the curve does to the sum of the bands it does to the level
    after = 10.0 ** (bands[:, : len(_WIDTHS_HZ)] / 10.0) @ _WIDTHS_HZ
    gain = np.maximum(after, 1e-12) / np.maximum(before, 1e-12)
    filtered[:, _SPANS["energy"]] += 10.0 * np.log10(gain)[:, None]
    filtered[:, _SPANS["power"]] *= gain[:, None]
    return filtered


def colour(pools: np.ndarray, strength_db: float, rng: np.random.Generator) -> np.ndarray:
    """Pools of the same music through another instrument, room or loudspeaker: a smooth curve."""
    return _through(pools, rng.normal(0.0, strength_db, len(_CURVES)).astype(np.float32) @ _CURVES)


def narrow(pools: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pools of the same music through a small loudspeaker: little below 100-600 Hz, above 4-9 kHz.

    12 to 24 dB an octave; noise under the music keeps the bands from falling without end.
    """
    octave = 4.0 * _CURVES[0]
    low, high = np.log2(rng.uniform(0.1, 0.6)), np.log2(rng.uniform(4.0, 9.0))
    distance = np.maximum(low - octave, 0.0) + np.maximum(octave - high, 0.0)
    return _through(pools, -np.minimum(rng.uniform(12.0, 24.0) * distance, 60.0))


def _ramp(n: int, warm: int) -> np.ndarray:
    """Weights of ``n`` rows that rise to 1 within ``warm``."""
    return np.minimum((np.arange(n) + 1) / warm, 1.0).astype(np.float32)


def _alone(source: np.ndarray, mixture: Mixture, rng: np.random.Generator) -> np.ndarray:
    """A clip, or a stretch of it where it is longer than an example."""
    spare = len(source) - mixture.length
    if spare <= 0:
        return source
    start = int(rng.integers(spare + 1)) if rng.random() < 0.5 else 0
    return source[start : start + mixture.length]


def draw_examples(
    pools: Sequence[Sequence[np.ndarray]],
    targets: np.ndarray,
    mixture: Mixture,
    maker: RowMaker,
    rng: np.random.Generator,
    weights: np.ndarray | None = None,
) -> Iterator[Example]:
    """One pass over the clips: each begins one example, alone or in a medley.

    Parameters
    ----------
    pools : sequence of sequence of np.ndarray, shape=(n_pools, width)
        ``[clip][version]``.
    targets : np.ndarray, shape=(n_clips, 2)
        Probabilities that arousal and valence are positive.
    weights : np.ndarray, shape=(n_clips,), optional
        How much each clip counts.
    """
    counts = np.ones(len(pools), np.float32) if weights is None else weights

    def pick(clip: int) -> np.ndarray:
        """One version of a clip, in another colour now and then."""
        source = pools[clip][rng.integers(len(pools[clip]))]
        coloured = rng.random() < mixture.coloured
        return colour(source, mixture.colour_db, rng) if coloured else source

    for clip in rng.permutation(len(pools)):
        if rng.random() >= mixture.medleys:
            alone = _alone(pick(clip), mixture, rng)
            truth = np.repeat(targets[clip][None], len(alone), axis=0)
            ramp = _ramp(len(alone), mixture.warm) * counts[clip]
            yield Example(maker.rows(alone), truth, ramp, int(clip))
            continue
        parts, truths, ramps, total = [], [], [], 0
        now = clip
        while total < mixture.length:
            source = pick(now)
            n = min(int(rng.integers(mixture.shortest, mixture.longest)), len(source))
            start = int(rng.integers(len(source) - n + 1))
            stretch = source[start : start + n]
            power = float(stretch[:, _SPANS["power"]].mean())
            level_db = 10.0 * np.log10(max(power, 1e-9))
            gain_db = -25.0 + rng.normal(0.0, mixture.level_db) - level_db
            parts.append(change_level(stretch, float(gain_db)))
            truths.append(np.repeat(targets[now][None], n, axis=0))
            ramps.append(_ramp(n, mixture.warm // 3 if total else mixture.warm) * counts[now])
            total += n
            now = int(rng.integers(len(pools)))
        yield Example(
            maker.rows(np.concatenate(parts)[: mixture.length]),
            np.concatenate(truths)[: mixture.length],
            np.concatenate(ramps)[: mixture.length],
            -1,
        )
