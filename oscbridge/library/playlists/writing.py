"""A playlist written into a file, whole or not at all."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from models.weights import write_whole
from oscbridge.errors import SettingsError
from oscbridge.library.playlists.entry import Entry, Untellable
from oscbridge.library.playlists.forms import form_of
from oscbridge.library.tags import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from oscbridge.labels import Labels
    from oscbridge.library.track import Track


class LeftOut(NamedTuple):
    """A track that a form has no words for."""

    track: Track
    reason: str


def check(
    path: Path, form: str | None = None, *, relative: bool = False, replace: bool = False
) -> str:
    """Find out, before any track is chosen, what speaks against a playlist; parameters as `write`.

    Returns
    -------
    str
        Its form, one of `FORMS`.

    Raises
    ------
    SettingsError
        The form is unknown or cannot have relative paths, the file is there already, or has no
        folder.
    """
    chosen = form_of(path, form)
    if relative and chosen != "m3u8":
        raise SettingsError(f"{chosen} knows absolute paths only.")
    if path.exists() and not replace:
        raise SettingsError(f"{str(path)!r} exists: add --force to replace it.")
    if not path.absolute().parent.is_dir():
        raise SettingsError(f"{path} cannot be written: there is no such folder.")
    return chosen


def write(
    path: Path,
    tracks: Iterable[Track],
    form: str | None = None,
    *,
    words: Labels | None = None,
    name: str = "",
    relative: bool = False,
    replace: bool = False,
) -> list[LeftOut]:
    """Write a playlist.

    Parameters
    ----------
    path : Path
        The file.
    tracks : iterable of Track
        In the order in which they are to be played.
    form : str or None
        One of `FORMS`; None: as the file's name ends.
    words : Labels or None
        The user's words for the quadrants; None: ours.
    name : str
        What the playlist is called; empty: as the file.
    relative : bool
        Whether paths are told from the playlist's folder, where the form can.
    replace : bool
        Whether to replace a file that is there.

    Returns
    -------
    list of LeftOut
        What could not be told; all else is in the file.

    Raises
    ------
    SettingsError
        The form is unknown or cannot have relative paths, the file is there already, or it cannot
        be written.
    """
    from oscbridge.labels import Labels

    chosen = check(path, form, relative=relative, replace=replace)
    module: Any = importlib.import_module(
        f"oscbridge.library.playlists.{'m3u' if chosen == 'm3u8' else chosen}"
    )
    require = getattr(module, "require", None)
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    for track in tracks:
        entry = Entry(track, words or Labels())
        try:
            if require is not None:
                require(entry)
        except Untellable as reason:
            left_out.append(LeftOut(track, str(reason)))
        else:
            entries.append(entry)
    folder = path.absolute().parent if relative else None
    content: bytes = module.content(entries, one_line(name or path.stem), folder)
    try:
        write_whole(path, content)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None
    return left_out
