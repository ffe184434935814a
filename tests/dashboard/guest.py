"""A browser on another machine that comes to the page: told the code, it may; before that, nothing.

``python -m tests.dashboard.guest OWN_ADDRESS``, where ``LOG`` names the file in which the run
prints what its terminal shows, and ``SCHEME`` says how to come. Prints what it met, a line of JSON.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error, sync_playwright

from tests.dashboard.conftest import PHONE, launch
from tests.dashboard.shown import PATIENCE_S, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN = f"{os.environ.get('SCHEME', 'http')}://10.77.1.1:7780"
VISITOR = PHONE | {"ignore_https_errors": True}
CODE = re.compile(r"type the code (\d{3}) (\d{3})")


def come(page: Page) -> None:
    """Open the page, as soon as it is served."""
    ends_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            page.goto(RUN)
        except Error:
            assert time.monotonic() < ends_s
            time.sleep(0.1)
        else:
            return


def told_code() -> str:
    """The code, as soon as the terminal shows it."""
    ends_s = time.monotonic() + PATIENCE_S
    while not (found := CODE.search(Path(os.environ["LOG"]).read_text(encoding="utf-8"))):
        assert time.monotonic() < ends_s
        time.sleep(0.1)
    return "".join(found.groups())


def try_code(page: Page, code: str) -> str:
    """Type a code; the reason why it does not open, empty where it does."""
    page.locator("#code").fill(code)
    page.locator("#pair button").click()
    page.wait_for_selector("#reason:not(:empty), #stage")  # this page, or the next one
    if page.locator("#stage").count():
        wait_for(page, "window.oscbridge?.live.connected")
        return ""
    return page.locator("#reason").inner_text()


def main() -> None:
    """Come, be turned away, come in, and let somebody else try the same code."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(**VISITOR).new_page()
        page.set_default_timeout(1e3 * PATIENCE_S)
        come(page)
        met: dict[str, object] = {"first": page.url.removeprefix(RUN)}
        code = told_code()
        met["wrong"] = try_code(page, f"{(int(code) + 1) % 10**6:06}")
        met["right"] = try_code(page, code)
        page.locator("#freeze").tap()
        wait_for(page, "document.querySelector('#freeze').ariaPressed === 'true'")
        met["frozen"] = True
        page.locator(".tabs [data-view=player]").click()
        met["camera"] = page.locator("#camera").is_enabled()
        why = page.locator("#camera-why")
        met["why"] = why.inner_text() if why.is_visible() else ""
        page.reload()
        wait_for(page, "window.oscbridge?.live.connected")
        met["known"] = True
        other = browser.new_context(**VISITOR).new_page()
        other.set_default_timeout(1e3 * PATIENCE_S)
        come(other)
        met["again"] = try_code(other, code)
        browser.close()
    print(json.dumps(met), flush=True)


if __name__ == "__main__":
    main()
