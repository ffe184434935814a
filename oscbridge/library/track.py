"""What the library knows of a track.

Conventions
-----------
Valence, arousal and dominance lie in [-1, 1], energy in 1..10 as DJ software counts it. None stands
for what is not known, never NaN. A track *is* its content: two files with the same bytes are one
track with two paths.
"""

from __future__ import annotations

from dataclasses import dataclass

KEYS = (
    *("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"),
    *("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm"),
)
"""Names of the keys by their number: twelve major ones from C upwards, then twelve minor ones."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a track, from one boundary to the next.

    Attributes
    ----------
    start_s, end_s : float
        Where it lies in the track, seconds.
    valence, arousal, confidence : float
        What it expresses, and how surely its quadrant is right.
    quadrant : int
        1..4; 0 where nothing is known.
    dominance, energy, tempo_bpm, key, loudness_lufs, embedding
        As of `Sound`, of this part; energy is 0 where nothing is known.
    """

    start_s: float
    end_s: float
    valence: float
    arousal: float
    confidence: float
    quadrant: int
    dominance: float | None = None
    energy: int = 0
    tempo_bpm: float | None = None
    key: int | None = None
    loudness_lufs: float | None = None
    embedding: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What a track is called, by its tags; empty where they do not say.

    Attributes
    ----------
    title, artist, album, genre : str
        As they are written there.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """What was heard of a track.

    Attributes
    ----------
    duration_s : float
        Its length, seconds.
    valence, arousal : float
        Mean of what it expresses.
    valence_sd, arousal_sd : float
        How uncertain these are: standard deviation.
    dominance : float or None
        Where the model knows it.
    quadrant : int
        1..4; 0 where nothing is known, as of silence.
    quadrant_probabilities : tuple of 4 float
        Sums to 1.
    confidence : float
        0..1, how surely the quadrant is right.
    energy : int
        1..10.
    tempo_bpm : float or None
        Beats a minute.
    key : int or None
        Index into `KEYS`.
    loudness_lufs : float or None
        Integrated loudness (ITU-R BS.1770-4), LUFS; None for silence.
    embedding : tuple of float
        How it sounds (`models.personal_features`), mean over the track; may be empty.
    sections : tuple of Section
        Its parts in order.
    model : str
        ``name@digest`` of the model that heard it.
    """

    duration_s: float
    valence: float
    arousal: float
    valence_sd: float
    arousal_sd: float
    dominance: float | None
    quadrant: int
    quadrant_probabilities: tuple[float, float, float, float]
    confidence: float
    energy: int
    tempo_bpm: float | None
    key: int | None
    loudness_lufs: float | None
    embedding: tuple[float, ...]
    sections: tuple[Section, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Track:
    """A track of the library.

    Attributes
    ----------
    digest : str
        Hash of the file's bytes: which track it is (`oscbridge.library.content`).
    path : str
        Where it was last seen: an absolute path or a URL.
    names : Names
        What it is called.
    sound : Sound
        What was heard.
    """

    digest: str
    path: str
    names: Names
    sound: Sound

    @property
    def called(self) -> str:
        """Artist and title where the tags say them, else the file's name."""
        names = self.names
        if not names.title:
            return self.path.replace("\\", "/").rsplit("/", 1)[-1]
        return f"{names.artist} - {names.title}" if names.artist else names.title
