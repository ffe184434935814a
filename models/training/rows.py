"""Clips to pools: the run-time path over whole recordings, and a cache of the result.

Conventions
-----------
Pools come from the very code that runs live (`dsp.features`, `models.frontend`); silent pools are
dropped, as at run time they change no state. Rows are computed from pools when they are needed, so
that pools of several clips can be spliced to a medley whose rows are exactly those of the live
path. The cache is one ``.npz`` a corpus, keyed by layout, front end and `Hearing`; it lies outside
the project.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from dsp.features import FeatureExtractor
from models.frontend import FRONT_END, Statistics
from models.peakiness import PeakSummary
from models.pools import Pooling, is_silent, pool_spans
from models.summary import Summary
from models.training.augment import augment
from models.training.corpora import Clip, read_audio
from models.training.keeping import write_arrays
from models.training.render import HELD_OUT, RATE, VOICES, Voice, draw_voice

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
    """Pools of one stretch of music to rows, and to what readers look at.

    Attributes
    ----------
    width, peak_width : int
        Values a row, and a summary of peakiness.
    """

    def __init__(self) -> None:
        reader = PoolReader()
        pool_s = reader.pooling.delay / reader.extractor.layout.sample_rate
        self._statistics = Statistics(reader.pooling.width, pool_s)
        self._summary = Summary(self._statistics.width, self._statistics.texture, pool_s)
        self._peaks = PeakSummary(pool_spans()["peakiness"], pool_s)
        self.width = self._statistics.width
        self.peak_width = self._peaks.width

    def rows(self, pools: np.ndarray) -> np.ndarray:
        """Rows of pools, shape=(n_pools, width), float32, starting from nothing heard."""
        self._statistics.reset()
        result = np.zeros((len(pools), self.width), dtype=np.float32)
        self._statistics.push_all(np.ascontiguousarray(pools), result)
        return result

    def summaries(self, rows: np.ndarray) -> np.ndarray:
        """Summaries after each row, shape=(n_rows, width), starting from nothing heard."""
        self._summary.reset()
        result = np.zeros((len(rows), self._summary.width), dtype=np.float32)
        self._summary.push_all(rows, result)
        return result

    def whole(self, pools: np.ndarray) -> np.ndarray:
        """Summaries of the rows after each pool, shape=(n_pools, width): what readers look at."""
        return self.summaries(self.rows(pools))

    def peaks(self, pools: np.ndarray) -> np.ndarray:
        """Summaries of peakiness after each pool, shape=(n_pools, width)."""
        self._peaks.reset()
        result = np.zeros((len(pools), self._peaks.width), dtype=np.float32)
        self._peaks.push_all(np.ascontiguousarray(pools), result)
        return result


_reader: PoolReader | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """How clips are heard.

    Attributes
    ----------
    versions : int
        Augmented copies; scores are played by another drawn voice each time.
    plain : bool
        Also the clip as it is, first; a score by the first training font.
    examined : bool
        Instead, only as models are examined: recordings as they are, scores by the held-out font.
    fluid : bool
        Scores are played by FluidSynth (`models.training.render.Voice`).
    seed : int
        Of voices and augmentation.
    limit_s : float
        How much of a score is played, seconds.
    voice : Voice or None
        Instead, scores by this voice, as it is.
    """

    versions: int = 4
    plain: bool = True
    examined: bool = False
    seed: int = 0
    limit_s: float = 32.0
    fluid: bool = field(default=False, repr=False)
    voice: Voice | None = field(default=None, repr=False)


def _hear(job: tuple[Clip, Hearing]) -> list[np.ndarray]:
    """Pools of one clip, version by version."""
    global _reader  # one chain a worker process, built once
    _reader = _reader or PoolReader()
    clip, hearing = job
    limit_s = hearing.limit_s
    if hearing.voice is not None:
        return [_reader.read(read_audio(clip, hearing.voice, limit_s))]
    if hearing.examined:
        return [_reader.read(read_audio(clip, Voice(HELD_OUT, 0 if clip.piano else None), limit_s))]
    rng = np.random.default_rng([hearing.seed, *clip.path.stem.encode()])
    plain = Voice(program=0 if clip.piano else None, pedal=clip.piano)
    versions = []
    if hearing.plain:
        versions.append(_reader.read(read_audio(clip, plain, limit_s)))
    recording = None if clip.is_score else read_audio(clip, plain)
    for _ in range(hearing.versions):
        samples = recording
        if samples is None:
            samples = read_audio(clip, draw_voice(rng, clip.piano, hearing.fluid), limit_s)
        versions.append(_reader.read(augment(samples, RATE, rng)))
    return versions


def load_pools(
    clips: Sequence[Clip], hearing: Hearing, cache: Path, workers: int = 2
) -> list[list[np.ndarray]]:
    """Pools of each clip in each version, from the cache where it is there.

    Parameters
    ----------
    clips : sequence of Clip
        Of one corpus.
    hearing : Hearing
        Which versions.
    cache : Path
        Folder for the cached pools; made if it is not there.

    Returns
    -------
    list of list of np.ndarray, shape=(n_pools, width), float32
        ``[clip][version]``; silence is left out.
    """
    reader = PoolReader()
    made = f"{reader.extractor.layout.digest} {FRONT_END} {reader.pooling.width}"
    key = f"{made} {hearing} {clips[0].corpus}"
    if hearing.voice is not None:
        key += f" {hearing.voice!r}"
    elif clips[0].is_score and not hearing.examined:
        key += f" {VOICES}{' fluid' if hearing.fluid else ''}"
    digest = hashlib.sha256("\n".join([key, *(str(c.path.name) for c in clips)]).encode())
    path = cache / f"pools-{clips[0].corpus}-{digest.hexdigest()[:12]}.npz"
    if path.is_file():
        with np.load(path) as stored:
            lengths, pools = stored["lengths"], stored["pools"]
    else:
        jobs = [(clip, hearing) for clip in clips]
        with ProcessPoolExecutor(workers) as pool:
            heard = pool.map(_hear, jobs, chunksize=4)
            results = list(tqdm(heard, total=len(jobs), unit="clip", desc=clips[0].corpus))
        lengths = np.asarray([[len(version) for version in clip] for clip in results])
        pools = np.concatenate([version for clip in results for version in clip])
        write_arrays(path, lengths=lengths, pools=pools)
    stops = np.cumsum(lengths.ravel())[:-1]
    flat = np.split(pools, stops)
    width = lengths.shape[1]
    return [flat[i * width : (i + 1) * width] for i in range(len(clips))]
