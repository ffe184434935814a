"""The page in a real browser: what it shows, what its buttons say, and to whom.

Truth is a program of its own that has subscribed to the run by OSC (`Show.peer`).
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import pytest

from oscbridge.events import Boundary, SegmentEnded, Status
from oscbridge.library.suggested import Suggested
from tests.dashboard.conftest import DESK, PHONE, OpenPage
from tests.dashboard.cost import count_frames
from tests.dashboard.shown import PATIENCE_S, RATE, Show, showing, wait_for
from tests.inbound.world import Peer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.peer("chromium")

SECONDS = 3.0
TRIES = 3
MOST_BYTES = 300_000
"""That a page may load."""


def text(page: Page, selector: str) -> str:
    return page.locator(selector).inner_text()


def wait_for_text(page: Page, selector: str, wanted: str) -> None:
    found = "([s, t]) => document.querySelector(s)?.textContent.includes(t)"
    wait_for(page, found, [selector, wanted])


def view(page: Page, name: str) -> None:
    page.locator(f".tabs [data-view={name}]").click()


def wait_for_place(page: Page, valence: float, arousal: float, radius: float) -> None:
    """Wait until the run says that the only word of the user's own lies there."""
    wait_for(
        page,
        "wanted => window.oscbridge.live.stream.regions.some(region => "
        "['valence', 'arousal', 'valence_radius'].every((name, place) => "
        "Math.abs(region[name] - wanted[place]) < 0.03))",
        [valence, arousal, radius],
    )


def until_near(peer: Peer, point: tuple[float, float]) -> None:
    """Wait until the peer is told a point of the plane."""
    ends_s = time.monotonic() + PATIENCE_S
    while not any(heard.args == pytest.approx(point, abs=0.02) for heard in peer.of("va")):
        assert time.monotonic() < ends_s, f"{point} is not said"
        peer.listen(0.05)


def test_it_shows_what_is_said(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    wait_for_text(page, "#word", "happy")
    wait_for_text(page, "#valence", "+0.50")
    show.hear(-0.75, -0.5)
    wait_for_text(page, "#arousal", "−0.50")
    show.put(Status("listening", "a test"))
    wait_for_text(page, "#state", "listening")
    said = page.locator("#plane-canvas").get_attribute("aria-label")
    assert said is not None
    assert "valence −0.75" in said


def test_what_the_buttons_say_is_obeyed(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    page.locator("#freeze").tap()
    show.peer.wait_for("status", "frozen", "what the music expresses is held as it is")
    page.wait_for_selector("#freeze[aria-pressed=true]")
    page.locator("#banner-end").tap()
    page.wait_for_selector("#freeze[aria-pressed=false]")

    page.locator("#override").tap()
    box = page.locator("#plane").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + 0.75 * box["height"])
    until_near(show.peer, (0.5, -0.5))
    page.locator("#banner-end").tap()

    page.locator("#panic").tap()
    show.peer.wait_for("va", 0.0, 0.0)
    wait_for_text(page, "#banner-words", "neutral")
    page.locator("#panic").tap()
    page.wait_for_selector("#banner", state="hidden")


def test_a_button_that_is_refused_says_why(show: Show, open_page: OpenPage) -> None:
    show.peer.say("in/label/wrong")
    (complaint,) = show.peer.wait_for("error")
    reason = str(complaint.args[1])
    page = open_page(show.url)
    page.locator("#wrong").tap()
    wait_for_text(page, "#wrong small", reason)
    wait_for_text(page, "#toast", reason[1:])
    page.locator("#mark").tap()
    wait_for_text(page, "#toast", "A new section is marked here.")
    wait_for(page, "window.oscbridge.live.stream.events.some(event => event[1] === 'mark')")


def test_somebody_else_is_asked_for_by_name(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    view(page, "words")
    page.locator("#profile input").fill("anna")
    page.locator("#profile button").tap()
    wait_for_text(page, "#toast", "There is no other profile here")  # this run keeps nothing


def test_the_section_that_was_told_last_is_none(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    view(page, "words")
    page.locator("#no-section").tap()
    wait_for_text(page, "#toast", "No section that could be taken back was told")


def test_a_request_shows_the_track_that_is_suggested_for_it(
    show: Show, open_page: OpenPage
) -> None:
    page = open_page(show.url)
    view(page, "player")
    show.peer.say("in/request/make", 0.5, -0.5)
    (asked,) = show.peer.wait_for("request")
    number = int(str(asked.args[0]))
    hostile = "<img src=x onerror=alert(1)>"
    track = Suggested(
        number, "/a.flac", "file:///a.flac", hostile, "Anna", 0.5, -0.5, 3, 90.0, "Am", 200.0
    )
    show.world.dispatcher.put([track])
    wait_for_text(page, "#requests", f"play Anna, {hostile}")
    assert page.locator("#requests img").count() == 0


def test_settings_act_at_once_and_other_pages_follow(show: Show, open_page: OpenPage) -> None:
    page, other = open_page(show.url), open_page(show.url, **DESK, is_mobile=False)
    view(page, "settings")
    slider = page.locator("#sliders input").first
    slider.fill("2.5")
    show.peer.wait_for("latency", 2.5, 2.5)
    view(other, "settings")
    wait_for_text(other, "#sliders output", "2.50 s")
    view(page, "words")
    word = page.locator("#quadrant-words input").first
    word.fill("glücklich 🎉")
    word.blur()
    show.peer.wait_for("quadrant/label", "glücklich 🎉")
    wait_for_text(other, "#corner-1", "glücklich 🎉")


def test_a_page_that_is_loaded_anew_knows_the_last_minutes(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    show.put(
        SegmentEnded(0, 0, RATE, RATE, 0.5, 0.5, 1, 0.9), Boundary(1, RATE, 2 * RATE, 0.8, RATE)
    )
    wait_for(page, "window.oscbridge.live.stream.ticks.length > 4")
    before = page.evaluate("window.oscbridge.live.stream.ticks.length")
    page.reload()
    wait_for(page, f"window.oscbridge?.live.stream.ticks.length >= {before}")
    names = page.evaluate("window.oscbridge.live.stream.events.map(event => event[1])")
    assert {"segment/boundary", "segment/summary"} <= set(names)


def test_when_the_server_dies_the_page_says_so_and_comes_back(
    show: Show, open_page: OpenPage
) -> None:
    page = open_page(show.url)
    page.locator("#freeze").tap()
    page.wait_for_selector("#freeze[aria-pressed=true]")
    port = int(show.url.rpartition(":")[2])
    for child in psutil.Process().children():
        if any(c.laddr.port == port for c in child.net_connections("tcp") if c.status == "LISTEN"):
            os.kill(child.pid, signal.SIGKILL)
    wait_for_text(page, "#banner-words", "Trying again")
    wait_for(page, "window.oscbridge.live.connected")
    page.wait_for_selector("#freeze[aria-pressed=true]")  # it is still held
    page.locator("#freeze").tap()
    page.wait_for_selector("#freeze[aria-pressed=false]")


def test_when_the_run_begins_anew_the_page_comes_back_to_it(open_page: OpenPage) -> None:
    with showing() as first:
        first.hear(0.5, 0.6)
        place = first.url.removeprefix("http://")
        page = open_page(first.url)
        session = page.evaluate("window.oscbridge.live.hello.session")
    page.wait_for_selector("body.lost")
    with showing(address=place) as second:
        second.hear(-0.5, -0.6)
        wait_for_text(page, "#word", "sad")
        assert page.evaluate("window.oscbridge.live.hello.session") != session


def test_words_are_dragged_by_finger_and_by_keys(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    show.peer.say("in/label/define", "eerie", 0.0, 0.0, 0.4)
    word = page.locator(".region .move")
    box, plane = word.bounding_box(), page.locator("#plane").bounding_box()
    assert box is not None
    assert plane is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + plane["width"] / 4, y, steps=4)
    page.mouse.up()
    wait_for_place(page, 0.5, 0.0, 0.4)
    word.press("ArrowUp")
    wait_for_place(page, 0.5, 0.05, 0.4)
    word.press("+")
    wait_for_place(page, 0.5, 0.05, 0.45)
    view(page, "words")
    page.locator("#region-list button").click()
    wait_for_text(page, "#region-list", "None yet.")
    wait_for(page, "document.querySelector('.region') === null")


def test_keys_act_unless_somebody_writes_or_wants_none(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url, **DESK, is_mobile=False, has_touch=False)
    page.keyboard.press("f")
    page.wait_for_selector("#freeze[aria-pressed=true]")
    view(page, "words")
    page.locator("#quadrant-words input").first.press("f")
    view(page, "settings")
    page.locator("#shortcuts").uncheck()
    page.locator("#plane").click(position={"x": 5, "y": 5})
    page.keyboard.press("f")
    page.keyboard.press("p")
    wait_for(page, "window.oscbridge.live.waiting.size === 0")
    assert page.locator("#freeze").get_attribute("aria-pressed") == "true"
    assert page.locator("#panic").get_attribute("aria-pressed") == "false"


def test_a_thousand_corrections_are_all_answered(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    count = 1000
    refused = page.evaluate(
        "async count => { const { live } = window.oscbridge; const said = [];"
        "for (let i = 0; i < count; i += 1) {"
        " said.push(live.say('in/label/define', 'eerie', i / count, 0, 0.3));"
        " if (i % 100 === 99) await Promise.all(said); }"
        "return (await Promise.all(said)).filter(reason => reason !== '') }",
        count,
    )
    assert refused == []
    assert show.world.access.receiver.traffic.messages >= count
    wait_for_place(page, (count - 1) / count, 0.0, 0.3)


def test_streams_are_chosen_by_their_names(open_page: OpenPage) -> None:
    with showing(("drums", "crowd")) as show:
        show.hear(0.5, 0.5, "drums")
        show.hear(-0.5, -0.5, "crowd")
        page = open_page(show.url)
        wait_for_text(page, "#word", "happy")
        page.locator("#streams").select_option("crowd")
        wait_for_text(page, "#word", "sad")
        page.locator("#freeze").tap()
        page.wait_for_selector("#freeze[aria-pressed=true]")
        page.locator("#streams").select_option("drums")
        page.wait_for_selector("#freeze[aria-pressed=false]")


@pytest.mark.parametrize("light", ["dark", "light"])
@pytest.mark.parametrize("device", ["phone", "desk"])
@pytest.mark.peer("npm")
def test_everybody_can_use_it(
    show: Show, open_page: OpenPage, axe: Path, light: str, device: str
) -> None:
    options = {} if device == "phone" else {**DESK, "is_mobile": False}
    page = open_page(show.url, color_scheme=light, bypass_csp=True, **options)
    show.peer.say("in/label/define", "eerie", -0.3, 0.3, 0.4)
    wait_for_text(page, "#word", "happy")
    page.add_script_tag(path=axe)
    found: list[str] = []
    views = ["stage", "player", "words", "health", "settings"]
    for name in views if device == "phone" else views[1:]:
        view(page, name)
        found += page.evaluate(JUDGE)
    if device == "phone":
        view(page, "stage")
    page.locator("#teach").click()
    found += page.evaluate(JUDGE)
    assert found == []


JUDGE = """async () => (await axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
})).violations.flatMap(rule => rule.nodes.map(node =>
  `${document.body.dataset.view}: ${rule.id}: ${node.target}: ${node.failureSummary}`))"""


def test_what_moves_glides_and_costs_the_page_few_frames(
    show: Show, browser: Browser, open_page: OpenPage
) -> None:
    page = open_page(show.url)
    wait_for_text(page, "#word", "happy")
    ended = threading.Event()
    music = threading.Thread(target=wander, args=(show, ended))
    music.start()
    best = 0.0  # a busy machine can only show fewer frames than it would
    for _ in range(TRIES):
        frames = count_frames(browser, page, SECONDS)
        if frames.own_hz > 1.0:  # it does move
            best = max(best, frames.shown_hz / frames.own_hz)
        if best > 2.0:
            break
    ended.set()
    music.join()
    assert best > 2.0


def wander(show: Show, ended: threading.Event) -> None:
    """Let the music go round in the plane, ten times a second a little further."""
    step = 0
    while not ended.wait(0.1):
        step += 1
        show.hear(0.7 * math.sin(0.1 * step), 0.7 * math.cos(0.1 * step))


def test_it_loads_little_and_nothing_from_elsewhere(show: Show, browser: Browser) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    asked: list[str] = []
    network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    network.on(
        "Network.webSocketFrameReceived",
        lambda told: sizes.append(len(told["response"]["payloadData"])),
    )
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(show.url)
    wait_for_text(page, "#word", "happy")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(show.url).netloc}
    assert len(asked) > 10
    assert sum(sizes) < MOST_BYTES
    context.close()
