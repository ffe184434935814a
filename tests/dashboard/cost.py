"""What a page costs the device that shows it, as Chromium itself counts it.

Conventions
-----------
*Frames* are counted in Chromium's trace: those that reach the screen, and those for which the
page's own thread had to work. The *share* is of that thread's time (thread ticks), on a processor
that Chromium makes so many times slower.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHOWN, OWN = "Display::DrawAndSwap", "ProxyMain::BeginMainFrame"
TRACED = ["toplevel", "cc", "viz", "benchmark", "devtools.timeline"]


class Frames(NamedTuple):
    """Frames a second: on the screen, and of the page's own thread."""

    shown_hz: float
    own_hz: float


def count_frames(browser: Browser, page: Page, seconds: float) -> Frames:
    """Frames of a page, while nothing but it is shown."""
    browser.start_tracing(page=page, categories=TRACED)
    began_s = time.monotonic()
    page.wait_for_timeout(1e3 * seconds)
    took_s = time.monotonic() - began_s
    events = json.loads(browser.stop_tracing())["traceEvents"]
    threads: dict[tuple[str, int, int], int] = {}
    for event in events:
        if event["name"] in (SHOWN, OWN) and event["ph"] in "XB":
            thread = event["name"], event["pid"], event["tid"]
            threads[thread] = threads.get(thread, 0) + 1
    most = [
        max((n for t, n in threads.items() if t[0] == name), default=0) for name in (SHOWN, OWN)
    ]
    return Frames(most[0] / took_s, most[1] / took_s)


def share_of_thread(page: Page, seconds: float, slower: float) -> float:
    """Share of its thread that a page takes on a processor that is so many times slower, 0..1."""
    chromium = page.context.new_cdp_session(page)
    chromium.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    chromium.send("Performance.enable", {"timeDomain": "threadTicks"})
    before, began_s = _task_s(chromium), time.monotonic()
    page.wait_for_timeout(1e3 * seconds)
    share = (_task_s(chromium) - before) / (time.monotonic() - began_s)
    chromium.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    chromium.detach()
    return share


def _task_s(chromium: Any) -> float:
    metrics = chromium.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")
