"""The XML that rekordbox takes in (Preferences, Advanced, rekordbox xml), with one playlist.

Conventions
-----------
As AlphaTheta describes it (rekordbox for developers, "XML format"): what must be there is
``Location``, a URI of ``file://localhost``. No beat grid is written: a tempo is no grid, and
rekordbox makes a better one. Its colours tell quadrants at a glance: yellow happy, red tense, blue
sad, green relaxed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from oscbridge import __version__
from oscbridge.library.playlists.document import document
from oscbridge.library.playlists.entry import Entry, Untellable
from oscbridge.library.playlists.location import is_url, name_of, uri_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_COLOURS = {1: "0xFFFF00", 2: "0xFF0000", 3: "0x0000FF", 4: "0x00FF00"}
_KEYS = {"Gb": "F#", "C#m": "Dbm", "G#m": "Abm"}
"""Keys that rekordbox calls otherwise."""
_KINDS = {"AIF": "AIFF", "WAVE": "WAV", "OGG": "OGG"}


def content(entries: Iterable[Entry], name: str, _folder: Path | None) -> bytes:
    """Write a collection and a playlist; see `oscbridge.library.playlists.m3u.content`."""
    listed = list(entries)
    root = Tree.Element("DJ_PLAYLISTS", Version="1.0.0")
    Tree.SubElement(root, "PRODUCT", Name="oscbridge", Version=__version__, Company="oscbridge")
    collection = Tree.SubElement(root, "COLLECTION", Entries=str(len(listed)))
    for number, entry in enumerate(listed, 1):
        Tree.SubElement(collection, "TRACK", _said(entry, number))
    playlists = Tree.SubElement(root, "PLAYLISTS")
    top = Tree.SubElement(playlists, "NODE", Type="0", Name="ROOT", Count="1")
    said = {"Name": name, "Type": "1", "KeyType": "0", "Entries": str(len(listed))}
    playlist = Tree.SubElement(top, "NODE", said)
    for number in range(1, len(listed) + 1):
        Tree.SubElement(playlist, "TRACK", Key=str(number))
    return document(root)


def require(entry: Entry) -> None:
    """Refuse what rekordbox has no words for. Raises `Untellable`."""
    if is_url(entry.path):
        raise Untellable("rekordbox plays files, no URLs")


def _said(entry: Entry, number: int) -> dict[str, str]:
    """What is said of a track; nothing of what is not known."""
    sound = entry.track.sound
    ending = name_of(entry.path).rpartition(".")[2].upper()
    said = {
        "TrackID": str(number),
        "Name": entry.title,
        "Artist": entry.artist,
        "Album": entry.album,
        "Genre": entry.genre,
        "Kind": f"{_KINDS.get(ending, ending)} File",
        "Size": "" if entry.size is None else str(entry.size),
        "TotalTime": str(round(sound.duration_s)),
        "AverageBpm": "" if sound.tempo_bpm is None else f"{sound.tempo_bpm:.2f}",
        "Comments": entry.comment,
        "Location": uri_of(entry.path, host="localhost"),
        "Tonality": _KEYS.get(entry.key, entry.key),
        "Colour": _COLOURS.get(sound.quadrant, ""),
    }
    return {key: text for key, text in said.items() if text}
