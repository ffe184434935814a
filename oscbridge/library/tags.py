"""Tags of audio files, read: what a track is called, which mood and energy others wrote into it.

Conventions
-----------
mutagen reads the containers; `KINDS` says under which key each of them keeps a field. Keys of mood
and energy are those that Picard, Mp3tag and Mixed In Key use. A field with several values is joined
by commas. Whatever is wrong with a file or its tags, the answer is empty: tags are a courtesy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oscbridge.library.track import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mutagen import FileType

NAMES = ("title", "artist", "album", "genre")
"""The fields that `Names` holds, in its order."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to keep tags.

    Attributes
    ----------
    title, artist, album, genre, quadrant, energy : str
        The key of each field, as mutagen says it; tags call the quadrant's word a mood.
    """

    title: str
    artist: str
    album: str
    genre: str
    quadrant: str
    energy: str


ID3 = Kind("TIT2", "TPE1", "TALB", "TCON", "TMOO", "TXXX:EnergyLevel")
VORBIS = Kind("title", "artist", "album", "genre", "MOOD", "ENERGYLEVEL")
_ITUNES = "----:com.apple.iTunes:"
MP4 = Kind("©nam", "©ART", "©alb", "©gen", f"{_ITUNES}MOOD", f"{_ITUNES}energylevel")
APE = Kind("Title", "Artist", "Album", "Genre", "Mood", "EnergyLevel")
ASF = Kind("Title", "Author", "WM/AlbumTitle", "WM/Genre", "WM/Mood", "EnergyLevel")


def names_of(path: str) -> Names:
    """Read what a track is called; empty where its tags do not say or cannot be read.

    Parameters
    ----------
    path : str
        An audio file.
    """
    opened = _opened(path)
    if opened is not None:
        kind = kind_of(opened)
        if kind is not None:
            found = [_joined(values(opened, getattr(kind, name))) for name in NAMES]
            if any(found):
                return Names(*found)
    return _names_by_libsndfile(path)


def kind_of(opened: FileType) -> Kind | None:
    """How a file keeps its tags; None where it has none, or in a way that we do not know."""
    from mutagen import apev2, asf, id3, mp4
    from mutagen._vorbis import VComment

    families: tuple[tuple[type, Kind], ...] = (
        (id3.ID3, ID3),
        (VComment, VORBIS),
        (mp4.MP4Tags, MP4),
        (apev2.APEv2, APE),
        (asf.ASFTags, ASF),
    )
    for family, kind in families:
        if isinstance(opened.tags, family):
            return kind
    return None


def values(opened: FileType, key: str) -> list[str]:
    """All values of a field as text; upper and lower case of keys are the same."""
    tags: Any = opened.tags
    if tags is None:
        return []
    same: list[str] = [name for name in list(tags.keys()) if name.casefold() == key.casefold()]
    if not same:
        return []
    found: Any = tags[same[0]]
    several: Iterable[Any] = (
        getattr(found, "genres", None)  # ID3 keeps old genres as numbers
        or getattr(found, "text", None)
        or ([found] if isinstance(found, str) else list(found))
    )
    return [
        one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in several
    ]


def _opened(path: str) -> FileType | None:
    """The file as mutagen sees it; None where it sees none."""
    try:
        import mutagen
    except ImportError:
        return None
    try:
        return mutagen.File(path)
    except Exception:  # noqa: BLE001 - broken tags raise what they like, and the sound is still good
        return None


def _names_by_libsndfile(path: str) -> Names:
    """Read what libsndfile finds: the INFO list of a WAV file, all where mutagen is missing."""
    import soundfile

    try:
        with open(path, "rb") as stream, soundfile.SoundFile(stream) as sound:
            return Names(*(one_line(str(getattr(sound, name))) for name in NAMES))
    except Exception:  # noqa: BLE001 - as above
        return Names()


def _joined(several: list[str]) -> str:
    return ", ".join(text for text in map(one_line, several) if text)


def one_line(text: str) -> str:
    """Make one line of a text, which UTF-8 and XML can hold."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
