"""Libraries of invented tracks on the disk, with files where the tracks should lie."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models.types import memberships_of, quadrant_of
from oscbridge.library.store import Library
from oscbridge.library.track import Names, Sound, Track


def made_track(
    path: Path | str, valence: float, arousal: float, artist: str = "", **sound: object
) -> Track:
    """A track whose digest and title come from its path; ``sound`` are fields of `Sound`."""
    text = str(path)
    heard = Sound(
        duration_s=200.0,
        valence=valence,
        arousal=arousal,
        valence_sd=0.2,
        arousal_sd=0.2,
        dominance=None,
        quadrant=quadrant_of(valence, arousal),
        quadrant_probabilities=memberships_of(valence, arousal),
        confidence=0.8,
        energy=5,
        tempo_bpm=None,
        key=None,
        loudness_lufs=-14.0,
        embedding=(),
        sections=(),
        model="music@0",
    )
    digest = hashlib.md5(text.encode("utf-8", "surrogateescape")).hexdigest()
    names = Names(title=Path(text).stem if artist else "", artist=artist)
    return Track(digest, text, names, replace(heard, **sound))  # type: ignore[arg-type]


def make_library(path: Path, tracks: Sequence[Track]) -> Path:
    """Write a library, and an empty file for each of its tracks; return where it lies."""
    for track in tracks:
        if "://" not in track.path:
            Path(track.path).parent.mkdir(parents=True, exist_ok=True)
            Path(track.path).touch()
    with Library(path) as library:
        library.put(tracks)
    return path
