"""A file becomes a track: heard, asked for its names, told by its content.

See Also
--------
oscbridge.library.listener : for many files, one after the other.
"""

from __future__ import annotations

from pathlib import Path

from oscbridge.errors import InputError
from oscbridge.library.content import digest_of
from oscbridge.library.listener import Listener
from oscbridge.library.tags import names_of
from oscbridge.library.track import Sound, Track


def describe(path: str, model: str = "music") -> Sound:
    """Listen to a file.

    Parameters
    ----------
    path : str
    model : str
        Name of the model.

    Raises
    ------
    InputError
        It cannot be read or is too short.
    SettingsError
        The model is unknown.
    """
    return Listener(model).listen(path).sound


def read_track(path: str, model: str = "music") -> Track:
    """Read a file: its content's hash, its names, and what is heard of it.

    Raises
    ------
    InputError
        It cannot be read or is too short.
    SettingsError
        The model is unknown.
    """
    try:
        with Path(path).open("rb") as stream:
            digest = digest_of(stream)
    except OSError as error:
        raise InputError(f"{path!r} cannot be read: {error.strerror}.") from None
    return Track(digest, str(Path(path).absolute()), names_of(path), describe(path, model))
