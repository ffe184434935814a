"""Clips to rows: the run-time front end over a whole recording, and a cache of the result.

Conventions
-----------
Rows come from the very code that runs live (`dsp.features`, `models.frontend`); silent rows are
dropped, as at run time they change no state. The cache is one ``.npz`` a dataset, keyed by the
layout's digest and the augmentation seed; it lies outside the project.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from dsp.features import FeatureExtractor
from models.frontend import FrontEnd
from models.training.augment import augment
from models.training.clips import Clip, read_mono

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BLOCK = 16384


class RowReader:
    """Reusable chain of feature extractor and front end."""

    def __init__(self) -> None:
        self.extractor = FeatureExtractor(max_block=_BLOCK)
        self.front_end = FrontEnd(self.extractor.layout, _BLOCK // 256 + 8)

    def read(self, samples: np.ndarray) -> np.ndarray:
        """Rows of a recording, shape=(n_rows, width), float32, silence left out."""
        self.extractor.reset()
        self.front_end.reset()
        parts = []
        for start in range(0, len(samples), _BLOCK):
            rows = self.front_end.push(self.extractor.push(samples[start : start + _BLOCK]))
            parts.append(rows.values[~rows.silent].copy())
        return np.concatenate(parts) if parts else np.zeros((0, self.front_end.width), np.float32)


_reader: RowReader | None = None


def _read_clip(job: tuple[Clip, int, int]) -> list[np.ndarray]:
    """Rows of a clip as it is, then of ``versions`` augmented copies."""
    global _reader
    _reader = _reader or RowReader()
    clip, versions, seed = job
    rate = _reader.extractor.layout.sample_rate
    samples = read_mono(clip.path, rate)
    rng = np.random.default_rng([seed, *clip.path.stem.encode()])
    copies = [samples] + [augment(samples, rate, rng) for _ in range(versions)]
    return [_reader.read(copy).astype(np.float16) for copy in copies]


def load_rows(
    clips: Sequence[Clip], versions: int, seed: int, cache: Path, workers: int = 2
) -> list[list[np.ndarray]]:
    """Rows of each clip and of its augmented copies, from the cache where it is there.

    Parameters
    ----------
    clips : sequence of Clip
    versions : int
        Augmented copies a clip.
    seed : int
        Of the augmentation.
    cache : Path
        Folder for the cached rows; made if it is not there.

    Returns
    -------
    list of list of np.ndarray, shape=(n_rows, width), float16
        ``[clip][version]``, version 0 is the recording as it is.
    """
    digest = RowReader().extractor.layout.digest
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"rows-{digest}-{len(clips)}-{versions}-{seed}.npz"
    if path.is_file():
        with np.load(path) as stored:
            return [[stored[f"{i}.{v}"] for v in range(versions + 1)] for i in range(len(clips))]
    jobs = [(clip, versions, seed) for clip in clips]
    with ProcessPoolExecutor(workers) as pool:
        results = list(tqdm(pool.map(_read_clip, jobs, chunksize=8), total=len(jobs), unit="clip"))
    arrays = {f"{i}.{v}": rows for i, row in enumerate(results) for v, rows in enumerate(row)}
    np.savez(path, **arrays)
    return results
