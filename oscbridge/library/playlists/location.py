r"""Where a file lies, as others write it.

Conventions
-----------
A path is as the system gives it, bytes that are no text escaped (``surrogateescape``); a URI has
those bytes percent-encoded, so that any file can be named. Paths of Windows are known by their
drive letter or ``\\server``, wherever they are written.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_SAFE = "/!$'()*,;=:@~-._"
"""What need not be escaped in a path; ``&`` and ``+`` are: not all readers leave them alone."""
_SAFE_IN_URL = _SAFE + "%?#[]&+"


def is_url(path: str) -> bool:
    """Whether this is an address of something elsewhere."""
    return bool(_URL.match(path))


def is_windows(path: str) -> bool:
    """Whether this is a path of Windows."""
    return bool(_WINDOWS.match(path))


def plain(path: str) -> str:
    """A path with ``/`` between its parts, on Windows too."""
    return path.replace("\\", "/") if is_windows(path) else path


def name_of(path: str) -> str:
    """The name of a file in its folder."""
    return plain(path).rsplit("/", 1)[-1]


def uri_of(path: str, host: str = "") -> str:
    """Write a path as a URI; a URL stays one.

    Parameters
    ----------
    path : str
        An absolute path, or a URL.
    host : str
        What stands between ``file://`` and the path.
    """
    if is_url(path):
        return quote(os.fsencode(path), safe=_SAFE_IN_URL)
    parts = plain(path)
    if parts.startswith("//"):  # a share of a server
        return "file:" + quote(os.fsencode(parts), safe=_SAFE)
    return f"file://{host}/" + quote(os.fsencode(parts.lstrip("/")), safe=_SAFE)


def is_text(path: str) -> bool:
    """Whether a path can be written into XML as it is."""
    return all(char.isprintable() or char == " " for char in path) and not any(
        "\ud800" <= char <= "\udfff" for char in path
    )
