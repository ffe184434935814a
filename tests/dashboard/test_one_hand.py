"""The page on a phone in one hand: nothing slips out of sight, and no slip of a finger teaches.

Truth is where the browser has put things, and what a peer is told that has subscribed to the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard.conftest import OpenPage
from tests.dashboard.shown import Show, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.peer("chromium")

LONG = "a word that is as long as a word of somebody's own may ever be"
OVERHANGING = """() => [...document.querySelectorAll('.stage button, .tabs button, .top > *')]
  .filter(one => one.offsetParent
    && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.id || one.textContent)"""
HIDDEN = """selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return !top?.closest(selector);
}"""
OVERLAP = """([one, other]) => {
  const range = document.createRange();
  const [a, b] = [one, other].map(selector => {
    range.selectNodeContents(document.querySelector(selector));
    return range.getBoundingClientRect();
  });
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}"""
WITHIN = """selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const plane = document.querySelector('#plane').getBoundingClientRect();
  return box.left >= plane.left - 1 && box.right <= plane.right + 1
    && box.top >= plane.top - 1 && box.bottom <= plane.bottom + 1;
}"""


def wait_for_words(page: Page, selector: str, wanted: str) -> None:
    found = "([s, t]) => document.querySelector(s)?.textContent.includes(t)"
    wait_for(page, found, [selector, wanted])


def test_what_is_frozen_leaves_every_button_on_the_screen(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    page.locator("#freeze").tap()
    wait_for_words(page, "#state-detail", "what the music expresses is held as it is")
    assert page.evaluate(OVERHANGING) == []


@pytest.mark.parametrize("size", [(390, 760), (360, 560), (700, 375)])
def test_no_message_hides_the_way_back_to_the_music(
    size: tuple[int, int], show: Show, open_page: OpenPage
) -> None:
    page = open_page(show.url, viewport={"width": size[0], "height": size[1]})
    page.locator("#panic").tap()
    wait_for_words(page, "#toast", "All values are neutral.")
    page.wait_for_selector("#banner-end")
    hidden = [one for one in ("#banner-end", "#panic", "#teach") if page.evaluate(HIDDEN, one)]
    assert hidden == []


def test_a_word_that_is_only_touched_is_taught_nothing(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    show.peer.say("in/label/define", "fog", 0.0, 0.0, 0.4)
    show.peer.wait_for("labels")
    page.locator(".region .move").tap()
    page.locator(".region .size").tap()
    page.locator("#mark").tap()
    wait_for_words(page, "#toast", "marked")  # what a touch says comes before
    show.peer.say("in/label/train/undo")  # the mark
    show.peer.say("in/label/train/undo")  # the definition, unless something came after it
    wait_for(page, "document.querySelector('.region') === null")


def test_every_word_can_be_read_in_the_plane_wherever_it_lies(
    show: Show, open_page: OpenPage
) -> None:
    page = open_page(show.url, viewport={"width": 320, "height": 568})
    for name, valence, arousal in (("edge", 1.0, 1.0), (LONG, -0.9, -1.0)):
        show.peer.say("in/label/define", name, valence, arousal, 0.3)
    show.peer.say("in/label/set", 1, "melancholic")
    wait_for_words(page, "#corner-1", "melancholic")
    wait_for(page, "document.querySelectorAll('.region').length === 2")
    assert page.evaluate(WITHIN, ".region:nth-child(1) .move")
    assert page.evaluate(WITHIN, ".region:nth-child(2) .move")
    assert not page.evaluate(OVERLAP, ["#corner-1", ".axis.up"])
    assert not page.evaluate(OVERLAP, ["#corner-1", ".region:nth-child(1) .move"])


def test_a_word_that_was_deleted_by_a_slip_comes_back(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    show.peer.say("in/label/define", "fog", 0.0, 0.0, 0.4)
    page.locator(".tabs [data-view=words]").tap()
    page.locator("#region-list button").tap()
    wait_for_words(page, "#toast", "fog")
    wait_for_words(page, "#region-list", "None yet.")
    page.locator("#toast button").tap()
    wait_for_words(page, "#region-list", "fog")
    wait_for_words(page, "#toast", "Taken back.")


def test_what_has_been_learned_is_said_once(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.url)
    show.peer.say("in/label/define", "fog", 0.0, 0.0, 0.4)
    page.locator(".tabs [data-view=words]").tap()
    wait_for_words(page, "#learned", "0 corrections")
    assert page.locator("#learned").inner_text().count("correction") == 1
