"""A track that is suggested, in words that can travel.

Conventions
-----------
All texts are valid Unicode, so that they can be said, and written to a record: a file whose name is
no UTF-8 is named by its URI. ``path`` and ``uri`` are whole or empty, never cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.library.track import KEYS

if TYPE_CHECKING:
    from oscbridge.library.track import Track

LONGEST = 800
"""Bytes of a path or a URI: with names beside it, it has to fit into a datagram."""
LONGEST_NAME = 80
"""Characters of a title, and of an artist."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A track of the library that answers a request.

    Attributes
    ----------
    id : int
        Of the request.
    path, uri : str
        Where the file lies.
    title, artist : str
        What it is called; the artist may be empty.
    valence, arousal : float
        -1..1.
    energy : int
        1..10.
    tempo_bpm : float
        Beats a minute, 0 where unknown.
    key : str
        One of `oscbridge.library.track.KEYS`, empty where unknown.
    duration_s : float
        Seconds.
    """

    id: int
    path: str
    uri: str
    title: str
    artist: str
    valence: float
    arousal: float
    energy: int
    tempo_bpm: float
    key: str
    duration_s: float


def suggested(id: int, track: Track, path: str) -> Suggested | None:
    """A track that lies at ``path`` as an answer to request ``id``; None where that is too long."""
    sound, names = track.sound, track.names
    uri = path if "://" in path else Path(path).as_uri()
    sayable = path if _is_unicode(path) else uri
    if len(sayable.encode()) > LONGEST:
        return None
    title = names.title or path.replace("\\", "/").rsplit("/", 1)[-1]
    return Suggested(
        id=id,
        path=sayable,
        uri=uri if len(uri) <= LONGEST and uri.isascii() else "",
        title=_sayable(title),
        artist=_sayable(names.artist),
        valence=sound.valence,
        arousal=sound.arousal,
        energy=sound.energy,
        tempo_bpm=sound.tempo_bpm or 0.0,
        key="" if sound.key is None else KEYS[sound.key],
        duration_s=sound.duration_s,
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a name in another encoding, kept byte for byte
        return False
    return True


def _sayable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:LONGEST_NAME]
