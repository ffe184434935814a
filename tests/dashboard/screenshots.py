"""Make the pictures of the page for the README: a phone in the dark, a desk by day.

``python -m tests.dashboard.screenshots`` runs the demo, waits until it has been through all four
quadrants, and writes ``examples/screenshots/page-{phone,desk}.png``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.dashboard.conftest import CHROMIUM, DESK, PHONE
from tests.dashboard.shown import wait_for

FOLDER = Path(__file__).parents[2] / "examples" / "screenshots"
SECTION_S = 8
HEARD_S = 4.2 * SECTION_S
PICTURES = {
    "phone": PHONE | {"color_scheme": "dark"},
    "desk": DESK | {"color_scheme": "light"},
}
READY = """seconds => {
  const stream = window.oscbridge?.live.stream;
  return stream?.ticks.length > 4 * seconds && stream.trail.length > 20
    && document.querySelector('#word').textContent !== '…';
}"""
DEMO = (
    *("-m", "oscbridge", "demo", "--plain", "--section", str(SECTION_S)),
    *("--dashboard", "127.0.0.1:0"),
)


def main() -> None:
    """Write both pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen([sys.executable, *DEMO], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        url = demo.stdout.readline().split("dashboard ")[1].split()[0].rstrip(",")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(CHROMIUM)
            )
            for name, device in PICTURES.items():
                page = browser.new_page(**device)
                page.goto(url)
                wait_for(page, READY, HEARD_S)
                page.screenshot(path=FOLDER / f"page-{name}.png")
                page.close()
            browser.close()
        demo.terminate()


if __name__ == "__main__":
    main()
