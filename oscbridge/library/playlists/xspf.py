"""XSPF, the playlist of XML that VLC, mpd and others read (``.xspf``).

Notes
-----
Version 1 of the format, https://www.xspf.org/spec: places are URIs, durations milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from oscbridge.library.playlists.document import document
from oscbridge.library.playlists.location import uri_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from oscbridge.library.playlists.entry import Entry

_NAMESPACE = "http://xspf.org/ns/0/"


def content(entries: Iterable[Entry], name: str, _folder: Path | None) -> bytes:
    """Write a playlist; see `oscbridge.library.playlists.m3u.content`."""
    playlist = Tree.Element("playlist", version="1", xmlns=_NAMESPACE)
    Tree.SubElement(playlist, "title").text = name
    tracks = Tree.SubElement(playlist, "trackList")
    for entry in entries:
        track = Tree.SubElement(tracks, "track")
        said = {
            "location": uri_of(entry.path),
            "title": entry.title,
            "creator": entry.artist,
            "annotation": entry.comment,
            "album": entry.album,
            "duration": str(round(entry.track.sound.duration_s * 1000.0)),
        }
        for key, text in said.items():
            if text:
                Tree.SubElement(track, key).text = text
    return document(playlist)
