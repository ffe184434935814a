"""Extended M3U in UTF-8 (``.m3u8``), which nearly every player reads.

Conventions
-----------
One path a line, after ``#EXTINF:seconds,artist - title`` and a comment that readers pass over. A
name that is no text is written as the bytes that it is: players on that system open it. A name that
could be taken for a comment or for several lines becomes a URI.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from oscbridge.library.playlists.location import is_url, is_windows, uri_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from oscbridge.library.playlists.entry import Entry


def content(entries: Iterable[Entry], name: str, folder: Path | None) -> bytes:
    """Write a playlist.

    Parameters
    ----------
    entries : iterable of Entry
    name : str
        What it is called.
    folder : Path or None
        Where it will lie, for paths relative to it; None: absolute ones.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{name}"]
    for entry in entries:
        seconds = round(entry.track.sound.duration_s)
        lines += [f"#EXTINF:{seconds},{entry.shown}", f"# {entry.comment}"]
        lines.append(_place(entry.path, folder))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def _place(path: str, folder: Path | None) -> str:
    if is_url(path) or any(char in path for char in "\r\n") or path != path.strip():
        return uri_of(path)
    if folder is None or is_windows(path) != is_windows(str(folder)):
        return path
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:  # another drive of Windows
        return path
    return f".{os.sep}{relative}" if relative.startswith("#") else relative
