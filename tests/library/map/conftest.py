"""A real browser for the page of the map: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from oscbridge.labels import Labels
from oscbridge.library.map.page import build_page
from oscbridge.library.track import Track
from tests.dashboard.conftest import CHROMIUM, axe
from tests.dashboard.shown import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["axe"]

OpenMap = Callable[..., "Page"]
PATIENCE_MS = 60_000


# The browser ends with this folder's tests: its event loop would be in the way of later ones.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start a browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM)
        )
        yield started
        started.close()


@pytest.fixture
def open_map(browser: Browser, tmp_path: Path) -> Iterator[OpenMap]:
    """Open the page of some tracks from the disk, without a network; it must not complain."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(tracks: list[Track], labels: Labels | None = None, **options: Any) -> Page:
        path = tmp_path / "map.html"
        path.write_text(build_page(tracks, labels or Labels()), encoding="utf-8")
        context = browser.new_context(viewport={"width": 1360, "height": 860}, **options)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text))
        page.on("request", lambda asked: complaints.append(asked.url))
        page.goto(path.as_uri())
        wait_for(page, "Boolean(window.oscbridge)")
        complaints.remove(path.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
