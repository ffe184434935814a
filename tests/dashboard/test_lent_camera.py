"""A browser lends its camera: a film of a drawn face, through the real getUserMedia, to the player.

Truth is what the film shows, and a program of its own that has subscribed to the run by OSC.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import cv2
import psutil
import pytest
from websockets.sync.client import ClientConnection

from oscbridge.sensors import camera
from tests.children import running
from tests.dashboard.conftest import PHONE, launch
from tests.dashboard.shown import PATIENCE_S, Show, ask, said, wait_for
from tests.drawn_faces import draw
from tests.inbound.world import Peer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

pytestmark = pytest.mark.peer("chromium")

FILM_HZ = 30
PART_S = 3


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a film of somebody who is at rest, then smiles, again and again."""
    looks = [draw(), draw(smile=1.0)]
    pictures = [cv2.imencode(".jpg", look)[1].tobytes() for look in looks]
    path = tmp_path_factory.mktemp("film") / "face.mjpeg"
    path.write_bytes(b"".join(picture * (FILM_HZ * PART_S) for picture in pictures))
    return path


@pytest.fixture(scope="module")
def filming(playwright: Playwright, film: Path) -> Iterator[Browser]:
    """Start a browser whose camera shows the film."""
    started = launch(playwright, f"--use-file-for-fake-video-capture={film}")
    yield started
    started.close()


@pytest.fixture
def page(show: Show, filming: Browser) -> Iterator[Page]:
    """Open the page where the camera is."""
    context = filming.new_context(**PHONE)
    opened = context.new_page()
    opened.set_default_timeout(1e3 * PATIENCE_S)
    opened.goto(show.url)
    wait_for(opened, "window.oscbridge?.live.connected")
    opened.locator(".tabs [data-view=player]").click()
    yield opened
    context.close()


def until(peer: Peer, true: Callable[[Peer], object]) -> None:
    """Listen until something is true of what was heard."""
    ends_s = time.monotonic() + PATIENCE_S
    while not true(peer):
        assert time.monotonic() < ends_s, [h.args for h in peer.of("player/valence")]
        peer.listen(0.05)


def valences(peer: Peer) -> list[float]:
    return [float(str(heard.args[0])) for heard in peer.of("player/valence")]


def first_of(film: Path) -> bytes:
    """The first picture of the film."""
    return film.read_bytes()[: film.read_bytes().index(b"\xff\xd9") + 2]


def claiming(picture: bytes, size: int) -> bytes:
    """The picture, whose header says that it is as high and wide as that."""
    place = picture.index(b"\xff\xc0") + 5
    return picture[:place] + 2 * size.to_bytes(2, "big") + picture[place + 4 :]


@contextmanager
def sending(client: ClientConnection, picture: bytes) -> Iterator[None]:
    """Send a picture ten times a second."""
    ended = Event()
    thread = Thread(target=send_on, args=(client, picture, ended))
    thread.start()
    yield
    ended.set()
    thread.join()


def send_on(client: ClientConnection, picture: bytes, ended: Event) -> None:
    while not ended.wait(0.1):
        client.send(picture)


def wait_for_camera(client: ClientConnection, words: str) -> None:
    """Wait until pages are told this of the camera that is lent."""
    ends_s = time.monotonic() + PATIENCE_S
    while words not in said(client, "news").get("camera", {}).get("detail", ""):
        assert time.monotonic() < ends_s


def spread(values: list[float]) -> float:
    return max(values) - min(values) if values else 0.0


def camera_processes() -> list[psutil.Process]:
    return running("oscbridge.camera.process")


def test_what_the_face_shows_is_what_the_player_feels(show: Show, page: Page) -> None:
    assert camera_processes() == []
    page.locator("#camera").tap()
    show.peer.wait_for("player/source", "camera")
    until(show.peer, lambda peer: spread(valences(peer)) > 0.1)
    assert max(valences(show.peer)) > 0.1
    wait_for(page, "document.querySelector('#camera-words').textContent.includes('This camera')")
    (process,) = camera_processes()
    assert [f.path for f in process.open_files() if f.mode != "r"] == []
    assert process.net_connections() == []

    show.peer.forget()
    page.locator("#camera-on").tap()
    show.peer.wait_for("player/source", "none")
    until(show.peer, lambda _: not camera_processes())
    wait_for(page, "document.querySelector('#camera-view').srcObject === null")


def test_when_the_server_has_died_the_camera_is_lent_again(show: Show, page: Page) -> None:
    page.locator("#camera").tap()
    show.peer.wait_for("player/source", "camera")
    (server,) = running("oscbridge.dashboard.process")
    show.peer.forget()
    server.kill()
    show.peer.wait_for("player/source", "none")
    show.peer.wait_for("player/source", "camera")
    assert len(camera_processes()) == 1


def test_another_page_that_lends_takes_the_place_of_the_first(show: Show, page: Page) -> None:
    page.locator("#camera").tap()
    show.peer.wait_for("player/source", "camera")
    with show.talk() as other:
        assert ask(other, "camera", 1) == ""
        wait_for(page, "document.querySelector('#toast').textContent.includes('Another page')")
        wait_for(page, "document.querySelector('#camera').ariaPressed === 'false'")
        wait_for(page, "document.querySelector('#camera-words').textContent !== ''")
    wait_for(page, "document.querySelector('#camera-words').textContent === ''")  # it has left


def test_only_pictures_of_the_page_that_lends_are_looked_at(show: Show, film: Path) -> None:
    picture = first_of(film)
    with show.talk() as lender, show.talk() as other:
        assert ask(lender, "camera", 1) == ""
        with sending(other, picture):
            wait_for_camera(lender, "no pictures come from the page")
        show.peer.listen(0.1)
        assert not show.peer.of("player/source", "camera")


def test_what_is_no_picture_is_passed_over(show: Show, film: Path) -> None:
    picture = first_of(film)
    with show.talk() as lender:
        assert ask(lender, "camera", 1) == ""
        (process,) = camera_processes()
        for wrong in (b"", b"GIF89a", b"\xff\xd8", picture[:99], claiming(picture, 0xFFFF)):
            lender.send(wrong)
            assert ask(lender, "in/freeze", 0) == ""  # it has been read
        with sending(lender, picture):
            show.peer.wait_for("player/source", "camera")
        assert camera_processes() == [process]


def test_cameras_can_be_forbidden_and_without_opencv_the_command_that_mends_it_is_told(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    with show.talk() as client:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert "oscbridge[camera]" in ask(client, "camera", 1)
        show.page.look_with(camera.Config(enabled=False))
        assert "[sensors.camera] enabled = false" in ask(client, "camera", 1)
        assert camera_processes() == []
