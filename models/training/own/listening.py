"""A user's files to pools: each is heard as it is and in augmented versions, once and for all.

Conventions
-----------
Pools come from the code that runs live (`models.training.rows.PoolReader`); silent ones are left
out. Of a long file the middle `MIDDLE_S` are heard, cut into stretches of about `STRETCH_S`, each
of which is a clip of its own with the label and the group of the file.
What was computed of a file lies in the folder of the training under the digest of its sound, so
that a training that is resumed does not listen again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from models import archive
from models.frontend import FRONT_END
from models.training.augment import augment
from models.training.rows import PoolReader
from models.weights import write_whole

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = 3
"""Augmented versions of each file."""
MIDDLE_S = 60.0
STRETCH_S = 30.0
FEWEST_POOLS = 6
"""A file of which less is heard, about a second, says nothing."""
_LONG_ENOUGH_S = 12.0
"""Augmentation may cut off the first seconds: what is shorter than this is repeated before."""

_reader: PoolReader | None = None


def hear(path: Path, digest: str, seed: int, cache: Path) -> list[np.ndarray]:
    """Pools of a file as it is and of its augmented versions.

    Parameters
    ----------
    path : Path
        A file that `models.training.own.sounds.examine` found good.
    digest : str
        Of its sound.
    seed : int
        Of the augmentation; the same file is changed in the same way wherever it lies.
    cache : Path
        Folder for the result.

    Returns
    -------
    list of np.ndarray, shape=(n_pools, width), float32
        ``VERSIONS + 1``; the first is the file as it is.
    """
    kept = cache / f"{digest[:32]}.npz"
    try:
        arrays = archive.unpack(kept.read_bytes())
        return [arrays[str(version)] for version in range(VERSIONS + 1)]
    except (OSError, archive.ArchiveError, KeyError):
        pass  # not heard yet, or killed while it was written
    pools = _hear(path, digest, seed)
    named = {str(version): heard for version, heard in enumerate(pools)}
    write_whole(kept, archive.pack(named))
    return pools


def cut(pools: list[np.ndarray]) -> list[list[np.ndarray]]:
    """Cut the versions of a file into stretches: ``[stretch][version]``."""
    global _reader
    _reader = _reader or PoolReader()
    pool_s = _reader.pooling.delay / _reader.extractor.layout.sample_rate
    parts = max(round(len(pools[0]) * pool_s / STRETCH_S), 1)
    versions = [np.array_split(version, parts) for version in pools]
    return [[version[part] for version in versions] for part in range(parts)]


def audible(pools: list[np.ndarray]) -> bool:
    """Whether enough was heard of a file to learn from it."""
    return len(pools[0]) >= FEWEST_POOLS


def front_end() -> str:
    """Which features these are: pools of another front end must not be mixed with ours."""
    global _reader
    _reader = _reader or PoolReader()
    return f"{_reader.extractor.layout.digest} {FRONT_END}"


def _hear(path: Path, digest: str, seed: int) -> list[np.ndarray]:
    """Compute the pools of all versions."""
    global _reader  # one chain a process, built once
    _reader = _reader or PoolReader()
    rate = _reader.extractor.layout.sample_rate
    samples = read_middle(path, rate)
    plain = _reader.read(samples)
    rng = np.random.default_rng([seed, int(digest[:16], 16)])
    repeats = int(np.ceil(_LONG_ENOUGH_S * rate / len(samples)))
    source = np.tile(samples, repeats) if repeats > 1 else samples
    pools = [plain]
    for _ in range(VERSIONS):
        changed = _reader.read(augment(source, rate, rng))[: len(plain)]
        # Noise and rooms may leave nothing above silence of a very soft file.
        pools.append(changed if 2 * len(changed) >= len(plain) else plain)
    return pools


def read_middle(path: Path, sample_rate: int) -> np.ndarray:
    """Decode the middle `MIDDLE_S` of a file to mono at ``sample_rate``, shape=(n,), float32."""
    with soundfile.SoundFile(path) as file:
        wanted = int(MIDDLE_S * file.samplerate)
        if file.frames > wanted:
            file.seek((file.frames - wanted) // 2)
        samples = file.read(wanted, dtype="float32", always_2d=True).mean(axis=1)
        return soxr.resample(samples, file.samplerate, sample_rate).astype(np.float32)
