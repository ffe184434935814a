"""A real browser for the tests of the page: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.dashboard.shown import PATIENCE_S, Show, showing, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

CHROMIUM = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-dev-shm-usage", "--use-fake-ui-for-media-stream"),
    "--use-fake-device-for-media-stream",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 760},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 820}}
AXE = "axe-core@4"

OpenPage = Callable[..., "Page"]


# Playwright keeps an event loop running in this thread for as long as it is started: no later
# test could run one of its own. That is why the browser does not outlive this folder's tests.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Start what drives browsers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start a browser without a window."""
    started = launch(playwright)
    yield started
    started.close()


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start a browser, perhaps with more arguments."""
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=[*CHROMIUM, *more],
        timeout=1e3 * PATIENCE_S,
    )


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch axe-core, which judges whether everybody can use a page."""
    folder = tmp_path_factory.mktemp("npm")
    options = ("--silent", "--no-save", "--no-audit", "--no-fund", "--prefix", str(folder))
    patient = ("--fetch-retries", "5")  # it comes over a network
    subprocess.run(["npm", "install", *options, *patient, AXE], check=True, timeout=2 * PATIENCE_S)
    return folder / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def show() -> Iterator[Show]:
    """Serve a page, and let something be heard."""
    with showing() as served:
        served.hear(0.5, 0.6)
        yield served


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page as its readers do; it must not complain of anything."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(url: str, **options: Any) -> Page:
        context = browser.new_context(**(PHONE | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1e3 * PATIENCE_S)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        wait_for(page, "window.oscbridge?.live.connected")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
