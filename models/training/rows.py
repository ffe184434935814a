"""Clips to pools: the run-time path over whole recordings, and a cache of the result.

Conventions
-----------
Pools come from the very code that runs live (`dsp.features`, `models.frontend`); silent pools are
dropped, as at run time they change no state. Rows are computed from pools when they are needed, so
that pools of several clips can be spliced to a medley whose rows are exactly those of the live
path. The cache is one ``.npz`` a dataset, keyed by the layout's digest and the augmentation; it
lies outside the project.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from dsp.features import FeatureExtractor
from models.frontend import Pooling, Statistics, is_silent
from models.training.augment import augment
from models.training.clips import Clip, read_mono

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BLOCK = 16384


class PoolReader:
    """Reusable chain of feature extractor and pooling."""

    def __init__(self) -> None:
        self.extractor = FeatureExtractor(max_block=_BLOCK)
        self.pooling = Pooling(self.extractor.layout)

    def read(self, samples: np.ndarray) -> np.ndarray:
        """Pools of a recording, shape=(n_pools, width), float32, silence left out."""
        self.extractor.reset()
        self.pooling.reset()
        parts = [np.zeros((0, self.pooling.width), np.float32)]
        for start in range(0, len(samples), _BLOCK):
            pools, _ = self.pooling.push(self.extractor.push(samples[start : start + _BLOCK]))
            parts += [pool[None].copy() for pool in pools if not is_silent(pool)]
        return np.concatenate(parts)


class RowMaker:
    """Pools of one stretch of music to rows."""

    def __init__(self) -> None:
        reader = PoolReader()
        pool_s = reader.pooling.delay / reader.extractor.layout.sample_rate
        self._statistics = Statistics(reader.pooling.width, pool_s)
        self.width = self._statistics.width

    def rows(self, pools: np.ndarray) -> np.ndarray:
        """Rows of pools, shape=(n_pools, width), float32, starting from nothing heard."""
        self._statistics.reset()
        result = np.zeros((len(pools), self.width), dtype=np.float32)
        for i, pool in enumerate(pools):
            result[i] = self._statistics.push(pool)
        return result


_reader: PoolReader | None = None


def _read_clip(job: tuple[Clip, int, int]) -> list[np.ndarray]:
    """Pools of a clip as it is, then of ``versions`` augmented copies."""
    global _reader  # one chain a worker process, built once
    _reader = _reader or PoolReader()
    clip, versions, seed = job
    rate = _reader.extractor.layout.sample_rate
    samples = read_mono(clip.path, rate)
    rng = np.random.default_rng([seed, *clip.path.stem.encode()])
    copies = [samples] + [augment(samples, rate, rng) for _ in range(versions)]
    return [_reader.read(copy) for copy in copies]


def load_pools(
    clips: Sequence[Clip], versions: int, seed: int, cache: Path, workers: int = 2
) -> list[list[np.ndarray]]:
    """Pools of each clip and of its augmented copies, from the cache where it is there.

    Parameters
    ----------
    clips : sequence of Clip
    versions : int
        Augmented copies a clip.
    seed : int
        Of the augmentation.
    cache : Path
        Folder for the cached pools; made if it is not there.

    Returns
    -------
    list of list of np.ndarray, shape=(n_pools, width), float32
        ``[clip][version]``, version 0 is the recording as it is.
    """
    digest = PoolReader().extractor.layout.digest
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"pools-{digest}-{len(clips)}-{versions}-{seed}.npz"
    if path.is_file():
        with np.load(path) as stored:
            return [[stored[f"{i}.{v}"] for v in range(versions + 1)] for i in range(len(clips))]
    jobs = [(clip, versions, seed) for clip in clips]
    with ProcessPoolExecutor(workers) as pool:
        results = list(tqdm(pool.map(_read_clip, jobs, chunksize=8), total=len(jobs), unit="clip"))
    arrays = {
        f"{i}.{v}": pools for i, copies in enumerate(results) for v, pools in enumerate(copies)
    }
    np.savez(path, **arrays)
    return results
