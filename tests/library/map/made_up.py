"""A collection that nobody owns: tracks with names and numbers as large libraries have them."""

from __future__ import annotations

import numpy as np

from models.types import memberships_of, quadrant_of
from oscbridge.library.track import Names, Section, Sound, Track

SYLLABLES = (
    *("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu"),
    *("va", "we", "xi", "yo", "zu", "bra", "che", "dri", "flo", "gru", "sha", "kle", "pli"),
)
GENRES = ("House", "Techno", "Ambient", "Jazz", "Soul", "Drum & Bass", "Classical", "Pop", "")
SECTION_S = 21.0
"""Mean length."""


def made_up_tracks(count: int, seed: int = 0) -> list[Track]:
    """Tracks of made-up artists, some ten to an artist, sorted as a library lists them."""
    random = np.random.default_rng(seed)
    artists = [_words(random, 2) for _ in range(max(count // 10, 1))]
    tracks = [_track(random, artists, number) for number in range(count)]
    return sorted(tracks, key=lambda track: (track.names.artist, track.names.title))


def _track(random: np.random.Generator, artists: list[str], number: int) -> Track:
    artist = artists[int(random.integers(len(artists)))]
    title = _words(random, int(random.integers(1, 5)))
    names = Names(title, artist, _words(random, 2), str(random.choice(GENRES)))
    path = f"/music/{artist}/{names.album}/{number % 14 + 1:02d} {artist} - {title}.flac"
    return Track(f"{number:032x}", path, names, _sound(random))


def _sound(random: np.random.Generator) -> Sound:
    arousal = float(np.clip(random.normal(0.15, 0.45), -0.99, 0.99))
    valence = float(np.clip(random.normal(0.3 * arousal, 0.4), -0.99, 0.99))
    duration_s = float(random.uniform(120.0, 420.0))
    return Sound(
        duration_s=duration_s,
        valence=valence,
        arousal=arousal,
        valence_sd=float(random.uniform(0.15, 0.4)),
        arousal_sd=float(random.uniform(0.1, 0.3)),
        dominance=None,
        quadrant=quadrant_of(valence, arousal),
        quadrant_probabilities=memberships_of(valence, arousal),
        confidence=float(np.clip(abs(valence * arousal) + random.uniform(0.3, 0.5), 0.0, 1.0)),
        energy=int(np.clip(round(5.5 + 5.0 * arousal), 1, 10)),
        tempo_bpm=None if random.random() < 0.05 else float(random.uniform(62.0, 178.0)),
        key=None if random.random() < 0.05 else int(random.integers(24)),
        loudness_lufs=float(random.uniform(-22.0, -7.0)),
        embedding=(),
        sections=_sections(random, duration_s, valence, arousal),
        model="music@0123456789ab",
    )


def _sections(
    random: np.random.Generator, duration_s: float, valence: float, arousal: float
) -> tuple[Section, ...]:
    count = max(round(duration_s / SECTION_S), 1)
    ends_s = np.sort(random.uniform(0.0, duration_s, count))
    ends_s[-1] = duration_s
    points = np.clip(random.normal((valence, arousal), 0.2, (count, 2)), -1.0, 1.0).tolist()
    starts_s = (0.0, *ends_s[:-1].tolist())
    return tuple(
        Section(start_s, end_s, v, a, 0.7, quadrant_of(v, a))
        for start_s, end_s, (v, a) in zip(starts_s, ends_s.tolist(), points, strict=True)
    )


def _words(random: np.random.Generator, count: int) -> str:
    words = (random.integers(len(SYLLABLES), size=random.integers(1, 4)) for _ in range(count))
    return " ".join("".join(SYLLABLES[i] for i in word).capitalize() for word in words)
