"""Where the library lies, and how it is opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from models import catalogue
from oscbridge.errors import LibraryError

if TYPE_CHECKING:
    from oscbridge.library.store import Library

FILE = "OSCBRIDGE_LIBRARY"
"""Environment variable that names another file."""


def default_path() -> Path:
    """Where the library lies unless the user says otherwise: `FILE`, or among the user's data."""
    said = os.environ.get(FILE)
    return Path(said) if said else catalogue.data_folder() / "library.sqlite"


def opened(file: str | None, *, writable: bool = False, made: bool = True) -> Library:
    """Open the library, to be closed by the caller.

    Parameters
    ----------
    file : str or None
        As ``--library`` names it; None: the user's own.
    writable : bool
        Whether it may be changed.
    made : bool
        Whether one is made that may be changed and is not there.

    Raises
    ------
    LibraryError
        There is none, or it cannot be opened.
    """
    from oscbridge.library.store import Library

    path = Path(file) if file else default_path()
    if not (writable and made) and not path.exists():
        raise LibraryError(f"there is no library {str(path)!r}: oscbridge library add FOLDER")
    return Library(path, writable=writable)
