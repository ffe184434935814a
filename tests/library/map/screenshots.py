"""Make the pictures of the map for the documents, from the collection that ``library demo`` makes.

``python -m tests.library.map.screenshots`` writes ``examples/screenshots/map-{desk,phone}.png`` and
``examples/screenshots/map.png``, the picture of ``library plot``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from oscbridge.library.store import Library
from tests.dashboard.conftest import CHROMIUM, PHONE
from tests.dashboard.shown import wait_for

FOLDER = Path(__file__).parents[3] / "examples" / "screenshots"
BANDS, LENGTH_S = 12, 24
SHOWN = "Once Around"
DEVICES = {
    "desk": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light"},
    "phone": PHONE | {"color_scheme": "dark"},
}


def oscbridge(*arguments: str | Path) -> None:
    """Run ``oscbridge library``."""
    subprocess.run([sys.executable, "-m", "oscbridge", "library", *map(str, arguments)], check=True)


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        library = ("--library", home / "demo.sqlite")
        oscbridge("demo", home / "music", "--bands", str(BANDS), "--length", str(LENGTH_S))
        oscbridge("add", home / "music", *library)
        oscbridge("plot", FOLDER / "map.png", "--force", *library)
        with Library(home / "demo.sqlite", writable=False) as opened:
            numbers = [track.names.title for track in opened.tracks()]
        oscbridge("plot", home / "map.html", "--no-paths", *library)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(CHROMIUM)
            )
            for device, options in DEVICES.items():
                page = browser.new_page(**options)
                page.goto((home / "map.html").as_uri())
                wait_for(page, "Boolean(window.oscbridge)")
                page.evaluate("track => window.oscbridge.select(track)", numbers.index(SHOWN))
                page.evaluate("() => new Promise(done => requestAnimationFrame(done))")
                page.screenshot(path=FOLDER / f"map-{device}.png")
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
