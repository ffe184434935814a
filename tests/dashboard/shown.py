"""A run without sound whose page is served, and what its music is said to be."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from websockets.sync.client import ClientConnection, connect

from models.types import AffectState, memberships_of
from oscbridge.dashboard.records import About
from oscbridge.events import Boundary, SegmentEnded, SignalLevel, Status
from oscbridge.inbound.access import Access
from oscbridge.inbound.settings import PortSettings
from oscbridge.outputs import dashboard
from oscbridge.outputs.dashboard import DashboardOutput
from tests.inbound.world import Peer, World, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_S = 90.0
RATE = 22050
LABELS = ("unknown", "happy", "tense", "sad", "relaxed")
SETTINGS = {
    "smoothing_s": 0.0,
    "sensitivity_v": 1.0,
    "sensitivity_a": 1.0,
    "intensity_bias": 0.0,
    "dwell_s": 1.0,
    "hysteresis": 0.05,
    "rate_hz": 25.0,
}
LEDGER = (("block", "oscbridge.sources.demo", 21.3), ("model", "models.music", 170.7))


AGAIN_S = 0.5
"""Music that nobody hears any more is forgotten after some seconds, and browsers begin slowly."""


@dataclass
class Show:
    """A run and its page."""

    world: World
    pages: dict[str, DashboardOutput]
    peer: Peer
    samples: int = 0
    playing: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    """What the music of each stream expresses; it plays on."""

    @property
    def page(self) -> DashboardOutput:
        return next(iter(self.pages.values()))

    @property
    def url(self) -> str:
        return self.page.name.removeprefix("dashboard ")

    def hear(self, valence: float, arousal: float, stream: str = "") -> None:
        """Let the music be there from now on."""
        self.playing[stream] = valence, arousal
        self._hear(valence, arousal, stream)

    def play_on(self, ended: threading.Event) -> None:
        """Let music that is there go on."""
        while not ended.wait(AGAIN_S):
            for stream, point in list(self.playing.items()):
                self._hear(*point, stream)

    def _hear(self, valence: float, arousal: float, stream: str) -> None:
        self.samples += RATE // 20
        state = AffectState(
            valence, arousal, 0.9, "music", self.samples, RATE, memberships_of(valence, arousal)
        )
        self.world.dispatchers[stream].put([SignalLevel(0.5, 0.1, self.samples, RATE), state])

    def put(self, *events: Boundary | SegmentEnded | Status) -> None:
        self.world.dispatcher.put(events)

    def talk(self, **options: Any) -> ClientConnection:
        """A client of the page's WebSocket that is no browser, but says what one would."""
        given = {"origin": self.url, "open_timeout": PATIENCE_S, "max_size": None}
        given |= {"max_queue": None} | options  # whoever does not read can still leave
        return connect(f"{self.url.replace('http', 'ws')}/live", **given)


@contextmanager
def showing(
    streams: Sequence[str] = ("",), address: str = "127.0.0.1:0", *, lan: bool = False
) -> Iterator[Show]:
    """Run without sound, and serve the page."""
    pages: dict[str, DashboardOutput] = {}

    def open_page(access: Access, name: str) -> list[DashboardOutput]:
        config = dashboard.Config(address=address)
        pages[name] = dashboard.open(config, access.wiring(name))
        pages[name].introduce(About(f"test {name}".strip(), LABELS, SETTINGS, LEDGER, "unknown"))
        return [pages[name]]

    with running(PortSettings(port=0, lan=lan), streams, more=open_page) as world:
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("hello")
        show, ended = Show(world, pages, peer), threading.Event()
        music = threading.Thread(target=show.play_on, args=(ended,))
        music.start()
        try:
            yield show
        finally:
            ended.set()
            music.join()
            for page in reversed(pages.values()):
                page.close()


def said(client: ClientConnection, kind: str) -> dict[str, Any]:
    """The next text of a kind."""
    ends_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_s:
        text = json.loads(client.recv(timeout=PATIENCE_S))
        if text["kind"] == kind:
            return text
    raise AssertionError(f"no {kind} came")


def ask(client: ClientConnection, name: str, *args: object, number: int = 1) -> str:
    """Say something as a page does; the reason why it was refused, empty where it was not."""
    client.send(json.dumps({"number": number, "name": name, "args": args}))
    while (answer := said(client, "answer"))["number"] != number:
        pass
    return answer["reason"]


def wait_for(page: Page, expression: str, given: object = None) -> None:
    """Wait until an expression is true in a page; its policy forbids the page to do so itself."""
    ends_s = time.monotonic() + PATIENCE_S
    while not page.evaluate(expression, given):
        assert time.monotonic() < ends_s, f"never true in the page: {expression} {given}"
        time.sleep(0.01)
