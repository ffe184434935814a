"""The page: what it costs a phone, and what its readers cost the analysis.

::

    python -m pytest tests/bench/test_page.py -s        prints both, in a minute and a half
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import numpy as np
import pytest

from oscbridge import session
from oscbridge.config import load
from oscbridge.reaction import ReactionMeter
from oscbridge.stats import Stats
from tests.dashboard.conftest import PHONE, launch
from tests.dashboard.cost import count_frames, share_of_thread
from tests.dashboard.shown import wait_for

PHONE_IS_SLOWER = 4.0
"""As Chromium's own tools have it for a phone of the middle class."""
MEASURED_S = 10.0
PHASE_S, PHASES = 6.0, 6
SETTLED_S = 1.5
PAGES = 3
DEMO = ("-m", "oscbridge", "demo", "--plain", "--section", "8", "--dashboard", "127.0.0.1:0")
READER = """
import sys, threading
from websockets.sync.client import connect
def read(url):
    with connect(url.replace("http", "ws") + "/live", origin=url, max_size=None) as page:
        for text in page: pass
for _ in range(int(sys.argv[2])): threading.Thread(target=read, args=sys.argv[1:2]).start()
"""
MUSIC = "() => window.oscbridge.live.stream.trail.length > 20"


def test_what_the_page_costs_a_phone(measured: dict[str, object]) -> None:
    from playwright.sync_api import sync_playwright

    with ExitStack() as opened:
        demo = subprocess.Popen([sys.executable, *DEMO], stdout=subprocess.PIPE, text=True)
        opened.callback(demo.wait)
        opened.callback(demo.terminate)
        assert demo.stdout is not None
        url = demo.stdout.readline().split("dashboard ")[1].split()[0].rstrip(",")
        browser = launch(opened.enter_context(sync_playwright()))
        opened.callback(browser.close)
        page = browser.new_page(**PHONE)
        page.goto(url)
        wait_for(page, MUSIC)
        page.wait_for_timeout(1e3 * SETTLED_S)
        shares = [share_of_thread(page, MEASURED_S, PHONE_IS_SLOWER) for _ in range(3)]
        frames = count_frames(browser, page, MEASURED_S)
    found = {"shown_hz": frames.shown_hz, "own_hz": frames.own_hz, "thread_share": shares}
    measured["page"] = found
    print(f"\npage on a phone: {found}")
    assert frames.shown_hz > 0.0


class Phases(ReactionMeter):
    """Keeps every duration with its moment."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[float, float]] = []

    def add(self, seconds: float) -> None:
        super().add(seconds)
        self.kept.append((time.monotonic(), seconds))


def come_and_go(url: str, begun_s: list[float]) -> None:
    """Let readers be there in every second phase."""
    for phase in range(PHASES):
        begun_s.append(time.monotonic())
        readers = None
        if phase % 2:
            readers = subprocess.Popen([sys.executable, "-c", READER, url, str(PAGES)])
        threading.Event().wait(PHASE_S)
        if readers is not None:
            readers.kill()
            readers.wait()


def test_what_readers_cost_the_analysis(
    measured: dict[str, object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From block to packet in one run, with and without pages that look on, by turns."""
    meter = Phases()
    monkeypatch.setattr(session, "Stats", lambda: Stats(reaction=meter))
    urls: list[str] = []
    introduce = session.DashboardOutput.introduce
    begun_s: list[float] = []

    def introduce_and_begin(page: session.DashboardOutput, *told: object) -> None:
        introduce(page, *told)  # pyright: ignore[reportArgumentType]
        urls.append(page.name.removeprefix("dashboard "))
        threading.Thread(target=come_and_go, args=(urls[0], begun_s)).start()

    monkeypatch.setattr(session.DashboardOutput, "introduce", introduce_and_begin)
    overrides = {
        "input": "demo",
        "outputs.dashboard.enabled": True,
        "outputs.dashboard.address": "127.0.0.1:0",
        "outputs.oscquery.enabled": False,
        "port.enabled": False,
    }
    session.run_session(load(overrides=overrides), seconds=PHASE_S * PHASES + 2.0, view="none")
    moments, durations = np.array(meter.kept).T
    without, with_pages = [
        np.concatenate(
            [
                durations[(moments > s + SETTLED_S) & (moments < s + PHASE_S)]
                for s in begun_s[first::2]
            ]
        )
        for first in (0, 1)
    ]
    found = {
        name: [float(1e3 * np.quantile(some, q)) for q in (0.5, 0.95, 0.99)] + [len(some)]
        for name, some in (("without_ms", without), ("with_ms", with_pages))
    }
    measured["readers"] = found
    with capsys.disabled():
        print(f"\nblock to packet, p50 p95 p99 n: {found}")
    assert min(len(without), len(with_pages)) > 100
