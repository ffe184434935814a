"""The page of the map in a real browser: what it shows of a library that is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from oscbridge.labels import Labels
from oscbridge.library.track import Names, Track
from tests.dashboard.conftest import PHONE
from tests.dashboard.shown import wait_for
from tests.library.map.conftest import OpenMap
from tests.library.map.made_up import made_up_tracks

pytestmark = pytest.mark.peer("chromium")

PLACE = """track => {
  const plane = window.oscbridge.plane;
  const [x, y] = plane.place(...plane.library.point(track));
  return { x, y };
}"""


def found(page: Page) -> str:
    """How many tracks the page says that pass, as it writes it."""
    return page.locator("#count").inner_text().split(",")[0].split(" of ")[0]


def wait_for_count(page: Page, count: int) -> None:
    wanted = "No track" if count == 0 else f"{count} of"
    says = "wanted => document.querySelector('#count').textContent.startsWith(wanted)"
    wait_for(page, says, wanted)


def lonely(tracks: list[Track]) -> int:
    """The track that lies farthest from all others."""
    distances = [
        min(
            (a.sound.valence - b.sound.valence) ** 2 + (a.sound.arousal - b.sound.arousal) ** 2
            for b in tracks
            if b is not a
        )
        for a in tracks
    ]
    return distances.index(max(distances))


def test_a_point_tells_its_track_and_a_press_all_about_it(open_map: OpenMap) -> None:
    tracks = made_up_tracks(60)
    page = open_map(tracks)
    number = lonely(tracks)
    track = tracks[number]
    place = page.evaluate(PLACE, number)
    page.hover("#points", position=place)
    assert track.names.title in page.locator("#hint").inner_text()
    page.click("#points", position=place)
    told = page.locator("#track").inner_text()
    assert track.names.artist in told
    assert track.path in told
    assert f"{track.sound.energy} of 10" in told
    rows = page.locator("#track tbody tr")
    assert rows.count() == len(track.sound.sections)
    first = track.sound.sections[0]
    assert rows.first.locator("td").nth(1).inner_text() == f"{first.valence:+.2f}".replace("-", "−")
    page.click("#points", position={"x": 3, "y": 3})
    assert page.locator("#track").is_hidden()


def test_filters_leave_what_they_say(open_map: OpenMap) -> None:
    tracks = made_up_tracks(300, seed=2)
    page = open_map(tracks)
    wait_for_count(page, 300)
    page.fill("#energy-low", "6")
    wait_for_count(page, sum(track.sound.energy >= 6 for track in tracks))
    page.fill("#tempo-high", "120")
    slow = [t for t in tracks if t.sound.energy >= 6 and (t.sound.tempo_bpm or 999.0) <= 120.0]
    wait_for_count(page, len(slow))
    page.select_option("#genre", label="Jazz")
    wait_for_count(page, sum(track.names.genre == "Jazz" for track in slow))
    page.click("#forget")
    wait_for_count(page, 300)
    page.select_option("#key", label="8B · C")
    wait_for_count(page, sum(track.sound.key == 0 for track in tracks))
    page.check("#fitting")
    fitting = (0, 7, 5, 21)  # C, G, F and A minor, as the circle of fifths has them
    wait_for_count(page, sum(track.sound.key in fitting for track in tracks))


def test_search_takes_words_in_any_order_without_accents(open_map: OpenMap) -> None:
    tracks = made_up_tracks(30)
    tracks[7] = replace(tracks[7], names=Names("Été Indien", "Björn Ågren", "", "Chanson"))
    page = open_map(tracks)
    page.press("body", "/")
    page.keyboard.type("bjorn ete")
    wait_for_count(page, 1)
    assert "Björn Ågren – Été Indien" in page.locator("#list").inner_text()
    page.keyboard.press("Enter")
    assert "Chanson" in page.locator("#track").inner_text()
    page.fill("#words", "nobody is called so")
    wait_for_count(page, 0)
    page.keyboard.press("Escape")
    wait_for_count(page, 30)


def test_the_keyboard_alone_reaches_tracks(open_map: OpenMap) -> None:
    tracks = made_up_tracks(60)
    page = open_map(tracks)
    page.focus("#points")
    page.keyboard.press("ArrowRight")
    before = page.evaluate("window.oscbridge.plane.selected")
    for _ in range(60):
        page.keyboard.press("ArrowUp")
    top = tracks[page.evaluate("window.oscbridge.plane.selected")]
    assert top.sound.arousal > tracks[before].sound.arousal
    page.keyboard.press("+")
    assert page.evaluate("window.oscbridge.plane.zoom") > 1.0
    page.keyboard.press("0")
    assert page.evaluate("window.oscbridge.plane.zoom") == 1.0
    page.focus("#list")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("window.oscbridge.plane.selected") == 1
    assert page.locator("#list [aria-selected=true]").get_attribute("data-track") == "1"
    page.keyboard.press("Escape")
    assert page.locator("#track").is_hidden()


def test_a_path_can_be_copied(open_map: OpenMap) -> None:
    tracks = made_up_tracks(5)
    page = open_map(tracks, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("window.oscbridge.select(2)")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == tracks[2].path


def test_zoom_keeps_the_place_under_the_mouse_and_drags_move_it(open_map: OpenMap) -> None:
    page = open_map(made_up_tracks(60))
    box = page.locator("#points").bounding_box()
    assert box is not None
    x, y = box["x"] + 200.0, box["y"] + 150.0
    at = "window.oscbridge.plane.pointAt(200, 150)"
    before = page.evaluate(at)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    wait_for(page, "window.oscbridge.plane.zoom > 2")
    assert page.evaluate(at) == pytest.approx(before, abs=0.005)  # pixels are whole
    page.mouse.down()
    page.mouse.move(x + 60.0, y, steps=5)
    page.mouse.up()
    assert page.evaluate("window.oscbridge.plane.pointAt(260, 150)") == pytest.approx(
        before, abs=0.005
    )
    assert page.locator("#track").is_hidden()  # a drag chooses nothing


def test_what_names_hold_is_text_and_words_are_the_user_s(open_map: OpenMap) -> None:
    tracks = made_up_tracks(5)
    hostile = "</script><img src=x onerror=alert(1)>"
    tracks[0] = replace(
        tracks[0], names=Names(hostile, "\udcff", "", hostile), path="/music/caf\udce9\n.wav"
    )
    page = open_map(tracks, Labels(q1="<b>Glück", q3="</script>"))
    page.evaluate("window.oscbridge.select(0)")
    assert hostile in page.locator("#track").inner_text()
    assert page.locator("img").count() == 0
    assert page.evaluate("window.oscbridge.words[1]") == "<b>Glück"


def test_shapes_tell_quadrants_where_colours_do_not(open_map: OpenMap) -> None:
    page = open_map(made_up_tracks(60))
    shapes = page.evaluate(
        """() => [...document.querySelectorAll('#legend canvas')].map(sign =>
          [...sign.getContext('2d').getImageData(0, 0, 28, 28).data]
            .filter((_, i) => i % 4 === 3).map(alpha => alpha > 127 ? 1 : 0))"""
    )
    assert len(shapes) == 4
    for i, one in enumerate(shapes):
        for other in shapes[:i]:
            assert sum(a != b for a, b in zip(one, other, strict=True)) > 20


@pytest.mark.parametrize("light", ["dark", "light"])
@pytest.mark.parametrize("device", ["phone", "desk"])
@pytest.mark.peer("npm")
def test_everybody_can_use_it(open_map: OpenMap, axe: Path, light: str, device: str) -> None:
    page = open_map(made_up_tracks(60), color_scheme=light, bypass_csp=True)
    if device == "phone":
        page.set_viewport_size(PHONE["viewport"])
    page.add_script_tag(content=axe.read_text("utf-8"))
    page.evaluate("window.oscbridge.select(3)")
    assert page.evaluate(JUDGE) == []


JUDGE = """async () => (await axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
})).violations.flatMap(rule => rule.nodes.map(node =>
  `${rule.id}: ${node.target}: ${node.failureSummary}`))"""


def test_the_theme_can_be_turned(open_map: OpenMap) -> None:
    page = open_map(made_up_tracks(10), color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.click("#theme")
    dark = page.evaluate(background)
    assert sum(map(int, dark[4:-1].split(","))) < sum(map(int, light[4:-1].split(",")))
    page.click("#theme")
    assert page.evaluate(background) == light


def test_a_window_without_room_is_survived(open_map: OpenMap) -> None:
    page = open_map(made_up_tracks(10))
    page.evaluate("window.oscbridge.select(3)")
    page.set_viewport_size({"width": 60, "height": 40})
    wait_for(page, "window.oscbridge.plane.width < 40")
    page.set_viewport_size({"width": 1360, "height": 860})
    wait_for(page, "window.oscbridge.plane.width > 400")
    assert page.evaluate("window.oscbridge.plane.scale") > 100.0
