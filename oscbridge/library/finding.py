"""The one track that somebody means: by its file, or by words of its names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.errors import InputError, LibraryError
from oscbridge.library.content import digest_of
from oscbridge.readable import printable

if TYPE_CHECKING:
    from oscbridge.library.store import Library
    from oscbridge.library.track import Track

SHOWN = 4
"""Of several that may be meant."""


def the_track(library: Library, text: str) -> Track:
    """Find the track that is meant.

    Parameters
    ----------
    library : Library
        Open.
    text : str
        A file, its whole name, or words of its names, or words that begin so.

    Raises
    ------
    LibraryError
        It is not in the library, or several may be meant.
    InputError
        The file cannot be read.
    """
    path = Path(text).expanduser()
    if path.is_file():
        try:
            with path.open("rb") as stream:
                found = library.track(digest_of(stream))
        except OSError as error:
            raise InputError(f"cannot read {text!r}: {error.strerror}.") from None
        if found is None:
            raise LibraryError(f"{text!r} is not in the library: oscbridge library add {text!r}")
        return found
    tracks = library.find(text)
    wanted = text.strip().casefold()
    exact = [one for one in tracks if wanted in (one.called.casefold(), one.names.title.casefold())]
    if len(exact) == 1:
        return exact[0]
    if not tracks:
        raise LibraryError(f"no track of the library is called {text!r}.")
    if len(tracks) > 1:
        called = ", ".join(repr(printable(track.called)) for track in tracks[:SHOWN])
        more = " and others" if len(tracks) > SHOWN else ""
        raise LibraryError(f"{text!r} may be {called}{more}: say more of its name.")
    return tracks[0]
