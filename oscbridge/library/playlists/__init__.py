"""Playlists and collections as players and DJ software take them in.

Conventions
-----------
A *form* is a way to write them, one module each: ``content(entries, name, folder) -> bytes``. Paths
are absolute; those of M3U may be relative to the playlist, for a disk that travels. Energy and the
quadrant's word go where people see them: into the comment. What a form cannot say of a track, such
as a URL where only files are known, makes it left out, with a reason.
"""

from oscbridge.library.playlists.forms import FORMS
from oscbridge.library.playlists.writing import LeftOut, check, write

__all__ = ["FORMS", "LeftOut", "check", "write"]
