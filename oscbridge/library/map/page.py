"""The map as one HTML page: it needs no network, no server and no other file.

Conventions
-----------
The library lies in the page, packed (`oscbridge.library.map.packing`); scripts and styles are those
of ``static``, one after the other. The page forbids itself to load anything. Nothing of the library
is HTML: names are put on the page as texts.
"""

from __future__ import annotations

import base64
import json
from importlib import resources
from typing import TYPE_CHECKING

from oscbridge.library.map.packing import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.labels import Labels
    from oscbridge.library.track import Track

SCRIPTS = ("library.js", "plane.js", "main.js")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def build_page(tracks: Sequence[Track], labels: Labels, *, paths: bool = True) -> str:
    """The map of a library.

    Parameters
    ----------
    tracks : sequence of Track
        In the order in which they are to be listed.
    labels : Labels
        The user's words for the quadrants.
    paths : bool
        Whether to tell in which folders they lie: a page that is handed on may keep that back.

    Returns
    -------
    str
        A whole HTML document.
    """
    words = json.dumps([labels.of(quadrant) for quadrant in range(5)]).replace("<", "\\u003c")
    packed = base64.b64encode(pack(tracks, paths=paths)).decode()
    scripts = "\n".join(map(_static, SCRIPTS))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Music map – oscbridge</title>\n<style>\n{_static('style.css')}</style>\n</head>\n"
        f"<body>\n{_static('page.html')}"
        f'<script id="words-of-quadrants" type="application/json">{words}</script>\n'
        f'<script id="packed" type="application/gzip">{packed}</script>\n'
        f'<script type="module">\n{scripts}</script>\n</body>\n</html>\n'
    )


def _static(name: str) -> str:
    return resources.files("oscbridge.library.map").joinpath("static", name).read_text("utf-8")
