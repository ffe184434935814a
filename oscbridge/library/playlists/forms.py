"""Which forms there are, and which one a file's name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError, unknown_name

if TYPE_CHECKING:
    from pathlib import Path

FORMS = {
    "m3u8": "nearly every player, Mixxx, VirtualDJ",
    "xspf": "VLC, mpd, web players",
    "rekordbox": "rekordbox, as rekordbox xml",
    "traktor": "Traktor, Mixxx, as NML",
}
"""The forms, and who reads them."""

_ENDINGS = {
    ".m3u8": "m3u8",
    ".m3u": "m3u8",
    ".xspf": "xspf",
    ".xml": "rekordbox",
    ".nml": "traktor",
}


def form_of(path: Path, said: str | None = None) -> str:
    """Find the form of a playlist.

    Parameters
    ----------
    path : Path
        What the file is to be called.
    said : str or None
        One of `FORMS`; None: as the name ends.

    Raises
    ------
    SettingsError
        There is no such form, or the name does not say which.
    """
    if said is not None:
        if said not in FORMS:
            raise unknown_name("format of playlists", said, list(FORMS))
        return said
    form = _ENDINGS.get(path.suffix.casefold())
    if form is None:
        endings = ", ".join(_ENDINGS)
        raise SettingsError(f"{str(path)!r}: a playlist's name ends in one of {endings}.")
    return form
