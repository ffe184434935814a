"""Clips to windows, windows to inputs: decoded and computed once, then read from a cache.

Conventions
-----------
Samples are mono at 24 kHz, `CLIP_S` seconds a clip; shorter clips are played again from their
start, as live windows are. The cache lies outside the project; its files are named after all that
decides their content. Inputs are stored in half precision and handed out in single.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from models.training.corpora import Clip, read_mono
from models.zoo.window import SAMPLE_RATE, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

CLIP_S = 30
"""Seconds of each clip that are used."""


def load_samples(clips: Sequence[Clip], cache: Path) -> np.ndarray:
    """Samples of all clips, shape=(n, CLIP_S · 24000), int16, a file read as it is needed."""
    cache.mkdir(parents=True, exist_ok=True)
    names = "\n".join(f"{clip.corpus} {clip.path.name}" for clip in clips)
    digest = hashlib.sha256(names.encode()).hexdigest()[:12]
    path = cache / f"samples-{digest}-{CLIP_S}.npy"
    if not path.is_file():
        length = CLIP_S * SAMPLE_RATE
        rows = np.empty((len(clips), length), dtype=np.int16)
        for i, clip in enumerate(tqdm(clips, desc="decode", unit="clip")):
            samples = fill(read_mono(clip.path, SAMPLE_RATE)[:length], length, "repeat")
            rows[i] = np.round(np.clip(samples, -1.0, 1.0) * 32767.0)
        np.save(path, rows)
    return np.load(path, mmap_mode="r")


def cut_windows(samples: np.ndarray, window_s: float, windows: int) -> list[np.ndarray]:
    """Evenly spaced windows of a recording, the first at its start, the last at its end."""
    length = round(window_s * SAMPLE_RATE)
    samples = fill(samples, max(length, len(samples)), "repeat")
    starts = np.linspace(0, len(samples) - length, windows).round().astype(int)
    return [samples[start : start + length] for start in starts]


def excerpt(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A stretch of 1.5 to 6 s: what a live window holds soon after a start."""
    length = round(rng.uniform(1.5, 6.0) * SAMPLE_RATE)
    start = rng.integers(0, len(samples) - length)
    return samples[start : start + length]


def load_windows(
    clips: Sequence[Clip],
    cache: Path,
    *,
    key: str,
    front_end: Callable[[np.ndarray], np.ndarray],
    window_s: float,
    windows: int,
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    copies: int = 0,
    seed: int = 0,
) -> np.ndarray:
    """Inputs of all windows of all clips and of their augmented copies.

    Parameters
    ----------
    clips : sequence of Clip
    cache : Path
        Folder for what was computed; made if it is not there.
    key : str
        Says which inputs the front end makes.
    front_end : callable
        Samples of one window, shape=(window_s · 24000,), to its input, shape=(…).
    window_s : float
        Length of the windows, seconds.
    windows : int
        Windows cut out of each recording.
    augment : callable, optional
        ``(samples, rng)`` to an augmented recording, ``copies`` times a clip.
    seed : int
        Of the augmentation.

    Returns
    -------
    np.ndarray, shape=(n, windows · (1 + copies), …), float32
        The recordings as they are come first.
    """
    samples = load_samples(clips, cache)
    facts = repr((key, window_s, windows, copies, seed, len(clips), clips[0].path.name))
    path = cache / f"inputs-{hashlib.sha256(facts.encode()).hexdigest()[:12]}.npy"
    if path.is_file():
        return np.load(path).astype(np.float32)
    rows: list[np.ndarray] = []
    for i, clip in enumerate(tqdm(clips, desc=f"inputs {key}", unit="clip")):
        rng = np.random.default_rng([seed, *clip.path.stem.encode()])
        recording = samples[i].astype(np.float32) / 32767.0
        versions = [recording]
        if augment is not None:
            versions += [augment(recording, rng) for _ in range(copies)]
        cut = [window for version in versions for window in cut_windows(version, window_s, windows)]
        rows.append(np.stack([front_end(window) for window in cut]).astype(np.float16))
    inputs = np.stack(rows)
    np.save(path, inputs)
    return inputs.astype(np.float32)
