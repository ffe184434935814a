"""What pages show: the newest of everything, and to each page what it has not seen yet.

Conventions
-----------
All of it belongs to the loop of the server. Whatever changes gets the next running number; a page
remembers the last one that it was told, so a slow one is told less often and misses only what was
overtaken. Texts are JSON: ``{"kind": "news", "at": seconds, "streams": {name: {…}}}``, where a
stream has ``values`` (signal to arguments), ``events``, ``ticks`` (`oscbridge.dashboard.history`),
``about`` and ``health`` as far as they are new; ``camera`` says which page lends its own. The first
text is of the kind ``hello``, has everything, and says who speaks.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import msgspec

from oscbridge import __version__
from oscbridge.dashboard.history import PARTS, TICK_HZ, History, is_event
from oscbridge.dashboard.records import About, Column, Health, Introduce, Lent, Turned, Values
from oscbridge.dashboard.vocabulary import SAYABLE
from oscbridge.inlets import INLETS
from oscbridge.midi.table import LEARNABLE, where
from oscbridge.palette import QUADRANT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.dashboard.records import Answer, ToPages
    from oscbridge.wire.arguments import Value

_encode = msgspec.json.Encoder().encode


class _Stream:
    """What is known of a stream."""

    def __init__(self) -> None:
        self.about: tuple[int, About] = 0, About()
        self.health: tuple[int, Health | None] = 0, None
        self.values: dict[str, tuple[int, tuple[Value, ...]]] = {}
        self.newest: dict[str, tuple[Value, ...]] = {}
        self.history = History()
        self.bands = b""
        self.turned: dict[str, dict[str, Any]] = {}  # commands by name, in small letters


class Page:
    """One page that looks on.

    Attributes
    ----------
    number : int
        Which one, counted from 1.
    greeted : bool
        Whether it was told anything.
    seen : int
        Running number of the last thing that it was told.
    news, hurry : asyncio.Event
        Set when there is something to tell, and when somebody waits for it.
    answers : list of Answer
        What waits to be told to this page alone.
    looked_s : float
        When it sent the last picture of its camera that was passed on.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.greeted = False
        self.seen = 0
        self.news = asyncio.Event()
        self.hurry = asyncio.Event()
        self.answers: list[Answer] = []
        self.looked_s = 0.0
        self.news.set()


class Board:
    """Everything that pages show.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start_s = clock()
        self._last = 0
        self._session = ""
        self._version = __version__
        self._streams: dict[str, _Stream] = {}
        self._lent: tuple[int, Lent] = 0, Lent(0)
        self._pages: dict[int, Page] = {}
        self._page_count = 0

    @property
    def pages(self) -> int:
        """How many look on."""
        return len(self._pages)

    def join(self) -> Page:
        """Let a page look on."""
        self._page_count += 1
        page = self._pages[self._page_count] = Page(self._page_count)
        return page

    def leave(self, page: Page) -> None:
        """Tell a page no more."""
        self._pages.pop(page.number, None)

    def take(self, record: ToPages) -> None:
        """Take what the run tells."""
        match record:
            case Introduce(name, about, version, session):
                self._version, self._session = version, session
                self._stream(name).about = self._next(), about
            case Values(name, said):
                self._say(self._stream(name), said)
            case Turned():
                self._turn(self._stream(record.stream), record)
            case Column(name, bands):
                self._stream(name).bands = bands
                return  # told with the next tick
            case Health():
                self._stream(record.stream).health = self._next(), record
            case Lent():
                self._lent = self._next(), record
            case _:  # an answer
                if record.page in self._pages:
                    self._pages[record.page].answers.append(record)
                    self._pages[record.page].news.set()
                    self._pages[record.page].hurry.set()
                return
        self._wake(hurry=isinstance(record, Turned))

    def tick(self) -> None:
        """Note how things stand; to be called `TICK_HZ` times a second."""
        now_s = self._now_s()
        for stream in self._streams.values():
            stream.history.tick(self._next(), now_s, stream.newest, stream.bands)
            stream.bands = b""
        self._wake()

    def tell(self, page: Page) -> list[bytes]:
        """Texts for a page: what it has not seen yet, and its answers."""
        first, page.greeted = not page.greeted, True
        seen, page.seen = page.seen, self._last
        page.news.clear()
        page.hurry.clear()
        streams = {name: self._new(stream, seen) for name, stream in self._streams.items()}
        said: dict[str, Any] = {
            "kind": "hello" if first else "news",
            "at": round(self._now_s(), 3),
            "streams": {name: new for name, new in streams.items() if new or first},
        }
        if first or self._lent[0] > seen:
            said["camera"] = self._lent[1]
        texts = [_encode(said | self._hello(page))] if first else []
        if not first and (said["streams"] or "camera" in said):
            texts = [_encode(said)]
        answers, page.answers = page.answers, []
        texts += [
            _encode({"kind": "answer", "number": answer.number, "reason": answer.reason})
            for answer in answers
        ]
        return texts

    def _hello(self, page: Page) -> dict[str, Any]:
        return {
            "version": self._version,
            "session": self._session,
            "page": page.number,
            "tick_hz": TICK_HZ,
            "colours": QUADRANT_COLOURS,
            "learnable": {name: where(name, 16) for name in LEARNABLE},
            "inlets": {
                name: {
                    "usage": INLETS[name].usage(),
                    "means": INLETS[name].description,
                    "choices": [arg.choices for arg in INLETS[name].forms[-1]],
                }
                for name in sorted(SAYABLE & INLETS.keys())
            },
        }

    def _new(self, stream: _Stream, seen: int) -> dict[str, Any]:
        """What of a stream is newer than ``seen``."""
        new: dict[str, Any] = {}
        if values := {name: args for name, (at, args) in stream.values.items() if at > seen}:
            new["values"] = values
        if events := _since(stream.history.events, seen):
            new["events"] = events
        if ticks := _since(stream.history.ticks, seen):
            new["ticks"] = ticks
        if stream.about[0] > seen:
            new["about"] = msgspec.to_builtins(stream.about[1]) | stream.turned
        if stream.health[0] > seen:
            new["health"] = stream.health[1]
        return new

    def _say(self, stream: _Stream, said: tuple[tuple[str, tuple[Value, ...]], ...]) -> None:
        now_s = self._now_s()
        for name, args in said:
            if name in PARTS:
                continue
            if is_event(name):
                stream.history.happened(self._next(), now_s, name, args)
            elif stream.newest.get(name) != args or name == "beat":
                stream.newest[name] = args
                stream.values[name] = self._next(), args

    def _turn(self, stream: _Stream, record: Turned) -> None:
        """Note what somebody has turned, so that every page shows it."""
        about, fields = stream.about[1], record.fields
        match record.command:
            case "Mark":
                mark = (str(fields["label"]),)
                stream.history.happened(self._next(), self._now_s(), "mark", mark)
                return
            case "Adjust":
                settings = {**about.settings, str(fields["name"]): float(fields["value"])}
                about = msgspec.structs.replace(about, settings=settings)
            case "Rename":
                words = list(about.labels)
                words[int(fields["quadrant"])] = str(fields["label"])
                about = msgspec.structs.replace(about, labels=tuple(words))
            case name:
                stream.turned[name.lower()] = fields | {"at": self._now_s()}
        stream.about = self._next(), about

    def _stream(self, name: str) -> _Stream:
        return self._streams.setdefault(name, _Stream())

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _now_s(self) -> float:
        return self._clock() - self._start_s

    def _wake(self, *, hurry: bool = False) -> None:
        for page in self._pages.values():
            page.news.set()
            if hurry:
                page.hurry.set()


def _since(kept: Any, seen: int) -> list[Any]:
    """Of numbered things, the newest last, those after ``seen``."""
    found: list[Any] = []
    for number, thing in reversed(kept):
        if number <= seen:
            break
        found.append(thing)
    return found[::-1]
