"""Ears of workers that write down what they hear, and some that bring their worker down.

Conventions
-----------
The workers are other processes: what they heard stands in a file beside the music, ``heard.log``,
one line a file, appended in one write. ``…-once`` in a name kills the worker the first time that
it is listened to, ``…-always`` each time; at ``…-waits`` the worker says who it is and waits for a
file ``go`` beside it.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from oscbridge.errors import InputError
from oscbridge.library.content import digest_of
from oscbridge.library.track import Names, Section, Sound

MODEL = "double@0"


def log_of(folder: Path) -> Path:
    """Where the ears write."""
    return folder / "heard.log"


def heard(folder: Path) -> list[str]:
    """Names of the files that were listened to up to the end, in order."""
    log = log_of(folder)
    return log.read_text().split() if log.exists() else []


def hear(path: str, model: str) -> tuple[Names, Sound]:
    """Hear bytes as if they were music."""
    where = Path(path)
    content = where.read_bytes()
    if content.startswith(b"not music"):
        raise InputError(f"{path!r} is no music.")
    if "-always" in where.stem:
        os.kill(os.getpid(), signal.SIGKILL)
    if "-once" in where.stem:
        struck = where.with_suffix(".struck")
        if not struck.exists():
            struck.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if "-waits" in where.stem:
        where.with_suffix(".pid").write_text(str(os.getpid()))
        while not (where.parent / "go").exists():
            time.sleep(0.01)
    with where.open("rb") as stream:
        digest = digest_of(stream)
    with log_of(where.parent).open("a") as log:
        log.write(f"{where.name}\n")
    return Names(title=where.stem), sound_of(digest)


def sound_of(digest: str) -> Sound:
    """What is heard of a content: numbers that follow from it, awkward ones among them."""
    value = int(digest[:8], 16) / 2**32
    return Sound(
        duration_s=100.0 + value,
        valence=2.0 * value - 1.0,
        arousal=1.0 / 3.0,
        valence_sd=0.1,
        arousal_sd=1e-300,
        dominance=None,
        quadrant=1,
        quadrant_probabilities=(0.1, 0.2, 0.3, 0.4),
        confidence=0.5,
        energy=7,
        tempo_bpm=None,
        key=None,
        loudness_lufs=-14.25,
        embedding=(value, -value),
        sections=(Section(0.0, 50.0, value, -value, 0.5, 4, energy=2, embedding=(value,)),),
        model=MODEL,
    )


def hear_quietly(path: str, model: str) -> tuple[Names, Sound]:
    """Hear bytes as if they were music, and write nothing down."""
    with Path(path).open("rb") as stream:
        return Names(), sound_of(digest_of(stream))
