"""Folders of small sound files, and `oscbridge library` called on them as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile

from tests.library.pieces_in_keys import RATE, piece

ROOT = Path(__file__).parents[2]


def write_song(path: Path, seed: int, seconds: float = 4.0, **tags: str) -> Path:
    """Write a piece of some seconds; other seeds, other content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = piece(seed % 24, repeats=1, seed=seed)[: round(seconds * RATE)]
    with soundfile.SoundFile(os.fsencode(path), "w", RATE, 1, format=form_of(path)) as file:
        for name, value in tags.items():
            setattr(file, name, value)
        file.write(samples)
    return path


def form_of(path: Path) -> str:
    """Format by the ending, as libsndfile calls it."""
    return path.suffix[1:].upper()


def write_noise(path: Path, seconds: float, rate: int = 8000) -> Path:
    """Write a long file quickly."""
    block = np.random.default_rng(0).standard_normal(60 * rate).astype(np.float32) * 0.1
    with soundfile.SoundFile(path, "w", rate, 1, "PCM_16") as file:
        for _ in range(round(seconds / 60)):
            file.write(block)
    return path


def command(*words: object) -> list[str]:
    """The arguments that run ``oscbridge library``."""
    return [sys.executable, "-m", "oscbridge", "library", *map(os.fspath, map(_word, words))]


def _word(word: object) -> str:
    return os.fspath(word) if isinstance(word, os.PathLike) else str(word)


def run(*words: object, status: int = 0) -> tuple[str, str]:
    """Run ``oscbridge library``; return what it prints and what it complains about."""
    done = subprocess.run(
        command(*words),
        capture_output=True,
        cwd=ROOT,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=100,
    )
    assert done.returncode == status, done
    return done.stdout, done.stderr
