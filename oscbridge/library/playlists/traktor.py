"""The NML that Traktor takes in (playlists, import), and which Mixxx reads as well.

Conventions
-----------
Version 19, that of Traktor Pro 3, which newer ones read. A place is a volume, a folder with ``/:``
between its parts, and a file; a track is known in a playlist by the three together. The volume is
the drive letter on Windows, the disk's name on macOS, and nothing on Linux, where only Mixxx reads
it. No beat grid is written: a tempo is no grid.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as Tree

from oscbridge.library.playlists.document import document
from oscbridge.library.playlists.entry import Entry, Untellable
from oscbridge.library.playlists.location import is_text, is_url, is_windows, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOOT_VOLUME = "Macintosh HD"
_VOLUMES = Path("/Volumes")
_SEPARATOR = "/:"


class Place(NamedTuple):
    """Where a file lies, as Traktor says it."""

    volume: str
    folder: str
    file: str


def content(entries: Iterable[Entry], name: str, _folder: Path | None) -> bytes:
    """Write a collection and a playlist; see `oscbridge.library.playlists.m3u.content`."""
    listed = list(entries)
    boot = _boot_volume()
    places = [place_of(entry.path, boot) for entry in listed]
    root = Tree.Element("NML", VERSION="19")
    Tree.SubElement(root, "HEAD", COMPANY="www.native-instruments.com", PROGRAM="Traktor")
    Tree.SubElement(root, "MUSICFOLDERS")
    collection = Tree.SubElement(root, "COLLECTION", ENTRIES=str(len(listed)))
    for entry, place in zip(listed, places, strict=True):
        _add_track(collection, entry, place)
    Tree.SubElement(root, "SETS", ENTRIES="0")
    top = Tree.SubElement(Tree.SubElement(root, "PLAYLISTS"), "NODE", TYPE="FOLDER", NAME="$ROOT")
    nodes = Tree.SubElement(top, "SUBNODES", COUNT="1")
    node = Tree.SubElement(nodes, "NODE", TYPE="PLAYLIST", NAME=name)
    keys = ["".join(place) for place in places]
    said = {"ENTRIES": str(len(listed)), "TYPE": "LIST", "UUID": _identity(name, keys)}
    playlist = Tree.SubElement(node, "PLAYLIST", said)
    for key in keys:
        Tree.SubElement(Tree.SubElement(playlist, "ENTRY"), "PRIMARYKEY", TYPE="TRACK", KEY=key)
    return document(root, ' standalone="no" ')


def require(entry: Entry) -> None:
    """Refuse what Traktor has no words for. Raises `Untellable`."""
    if is_url(entry.path):
        raise Untellable("Traktor plays files, no URLs")
    if not is_text(entry.path):
        raise Untellable("its name is not text that NML could hold")


def place_of(path: str, boot: str) -> Place:
    """Take a path apart.

    Parameters
    ----------
    path : str
        An absolute path.
    boot : str
        Name of the volume that the system lies on.
    """
    *folders, file = plain(path).lstrip("/").split("/")
    volume = boot
    if is_windows(path) and folders and folders[0].endswith(":"):
        volume, *folders = folders
    elif sys.platform == "darwin" and folders[:1] == ["Volumes"] and len(folders) > 1:
        _, volume, *folders = folders
    return Place(volume, "".join(f"{_SEPARATOR}{part}" for part in folders) + _SEPARATOR, file)


def _add_track(collection: Tree.Element, entry: Entry, place: Place) -> None:
    """Add what is said of a track; nothing of what is not known."""
    sound = entry.track.sound
    called = {"TITLE": entry.title, "ARTIST": entry.artist}
    added = Tree.SubElement(collection, "ENTRY", _known(called))
    said = {"DIR": place.folder, "FILE": place.file, "VOLUME": place.volume}
    Tree.SubElement(added, "LOCATION", said)
    if entry.album:
        Tree.SubElement(added, "ALBUM", TITLE=entry.album)
    told = {
        "GENRE": entry.genre,
        "COMMENT": entry.comment,
        "KEY": entry.key,
        "PLAYTIME": str(round(sound.duration_s)),
        "PLAYTIME_FLOAT": f"{sound.duration_s:.6f}",
        "FILESIZE": "" if entry.size is None else str(entry.size // 1024),
    }
    Tree.SubElement(added, "INFO", _known(told))
    if sound.tempo_bpm is not None:
        Tree.SubElement(added, "TEMPO", BPM=f"{sound.tempo_bpm:.6f}", BPM_QUALITY="100.000000")
    if sound.key is not None:
        Tree.SubElement(added, "MUSICAL_KEY", VALUE=str(sound.key))


def _known(said: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in said.items() if text}


def _identity(name: str, keys: list[str]) -> str:
    """Identify a playlist: the same one imported twice is the same."""
    return hashlib.blake2b("\0".join([name, *keys]).encode(), digest_size=16).hexdigest()


def _boot_volume() -> str:
    """Name of the volume that the system lies on, where volumes have names."""
    if sys.platform != "darwin":
        return ""
    try:
        named = [path.name for path in _VOLUMES.iterdir() if os.path.realpath(path) == "/"]
    except OSError:
        named = []
    return named[0] if named else _BOOT_VOLUME
