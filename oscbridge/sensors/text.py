r"""What the player writes: said by OSC, in a log or chat file, typed, or told by a service.

Conventions
-----------
Open without a setting, and costs nothing until the first line, when the model is loaded in a thread
of its own. Where lines come from besides OSC::

    [sensors.text]
    follow = "~/.minecraft/logs/latest.log"        # as it grows, through rotation and truncation
    pattern = '\[CHAT\] <(?P<name>\w+)> (?P<text>.*)$'    # which part of its lines is a message
    only = ["Alex"]                                # whose; the other players feel otherwise
    stdin = true                                   # lines of standard input
    websocket = "ws://127.0.0.1:9000/chat"         # text or JSON; needs the package websockets

`models.text` reads each line, `oscbridge.chat.mood` adds them up. Where several people are heard by
OSC, each who gives a name is a source of his own (``text:anna``). Texts are read and forgotten:
they are neither kept nor sent on.
"""

from __future__ import annotations

import importlib.util
import queue
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import msgspec

from oscbridge.chat.followed_file import FollowedFile
from oscbridge.chat.messages import Message, Pattern, messages_of
from oscbridge.chat.mood import Mood
from oscbridge.chat.typed_lines import TypedLines
from oscbridge.errors import MissingExtraError, SettingsError
from oscbridge.orders import Felt
from oscbridge.sensors.base import SensorConfig
from oscbridge.wire.web_feed import PACKAGE, WebFeed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.text import TextModel
    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told

KIND = "text"
UNNAMED = ("osc", "manual", "")
"""Names of senders that are nobody's."""
MOST_WAITING = 64
"""Lines that wait to be read; of a flood the newest count."""
MOST_WRITERS = 32
STOP_S = 2.0


class Config(SensorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of what is read."""

    follow: Annotated[str, msgspec.Meta(description="a log or chat file, read as it grows")] = ""
    pattern: Annotated[
        str,
        msgspec.Meta(description="regular expression with (?P<text>…), perhaps (?P<name>…)"),
    ] = ""
    only: Annotated[
        tuple[str, ...], msgspec.Meta(description="names whose messages count; empty: everybody's")
    ] = ()
    stdin: Annotated[bool, msgspec.Meta(description="read lines of standard input")] = False
    websocket: Annotated[
        str,
        msgspec.Meta(pattern="^(wss?://.*)?$", description="ws://… or wss://…, text or JSON"),
    ] = ""
    token: Annotated[str, msgspec.Meta(description="sent to websocket alone, as a bearer's")] = ""
    memory_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=600.0, description="how long a line counts; 0: the newest")
    ] = 20.0


class LineSource(Protocol):
    """Where lines come from."""

    name: str
    detail: str

    def close(self) -> None:
        """Read no more; a second call does nothing."""
        ...


class TextSensor:
    """Reads lines and says what their writers feel.

    Parameters
    ----------
    config : Config
        Its settings.
    put : Put
        Takes what is felt.
    load : callable, optional
        Gives the model; the shipped one if not given.
    clock : callable
        Seconds, monotonic.
    """

    inlets = ("in/affect/text",)

    def __init__(
        self,
        config: Config,
        put: Put,
        load: Callable[[], TextModel] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._put = put
        self._load = load or _load_model
        self._clock = clock
        self._pattern = Pattern(config.pattern)
        self._names = {name.casefold() for name in config.only}
        self._moods: dict[str, Mood] = {}
        self._waiting: queue.Queue[Message | None] = queue.Queue(MOST_WAITING)
        self._reader: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False
        self._trouble = ""
        self._sources = self._open_sources()
        self.name = ", ".join(["text", *(source.name for source in self._sources)])

    @property
    def detail(self) -> str:
        """The present trouble in words, empty where there is none."""
        return next((s.detail for s in self._sources if s.detail), self._trouble)

    def hear(self, told: Told) -> Sequence[Command]:
        """Take a line; it is read at once, by another thread. Raises ``ValueError`` if empty."""
        line = str(told.values[0])
        if not line.strip():
            raise ValueError("an empty line says nothing")
        name = "" if told.source in UNNAMED else told.source
        self._queue(Message(line, name.removeprefix(f"{KIND}:")))
        return ()

    def calibrate(self, step: Step) -> bool:
        """Forget the lines so far at ``reset``; there is nothing else to calibrate."""
        if step == "reset":
            for mood in list(self._moods.values()):
                mood.reset()
        return step == "reset"

    def close(self) -> None:
        """Read no more; a second call does nothing."""
        with self._starting:
            closed, self._closed = self._closed, True
        if closed:
            return
        for source in self._sources:
            source.close()
        if self._reader is not None:
            self._enqueue(None)
            self._reader.join(STOP_S)

    def _open_sources(self) -> list[LineSource]:
        config = self._config
        sources: list[LineSource] = []
        if config.follow:
            sources.append(FollowedFile(Path(config.follow).expanduser(), self._take_line))
        if config.stdin:
            sources.append(TypedLines(self._take_line))
        if config.websocket:
            sources.append(WebFeed(config.websocket, config.token, self._take_data))
        return sources

    def _take_line(self, line: str) -> None:
        message = self._pattern.message_of(line)
        if message is not None:
            self._take(message)

    def _take_data(self, data: str | bytes) -> None:
        for message in messages_of(data):
            self._take(message)

    def _take(self, message: Message) -> None:
        """Take a message of the player; names of a log are those of one world, and one source."""
        if message.text.strip() and (not self._names or message.name.casefold() in self._names):
            self._queue(message._replace(name=""))

    def _queue(self, message: Message) -> None:
        with self._starting:
            if self._closed:
                return
            if self._reader is None:
                self._reader = threading.Thread(target=self._run, name="sensor-text", daemon=True)
                self._reader.start()
        self._enqueue(message)

    def _enqueue(self, message: Message | None) -> None:
        """Let a message wait; where too many do, the oldest is given up."""
        while True:
            try:
                self._waiting.put_nowait(message)
            except queue.Full:
                self._drop()
                continue
            return

    def _drop(self) -> None:
        try:
            self._waiting.get_nowait()
        except queue.Empty:
            return
        self._trouble = "lines come faster than they can be read: some were left out"

    def _run(self) -> None:
        try:
            model = self._load()
        except ValueError as error:  # damaged weights
            self._trouble = str(error)
            return
        while (message := self._waiting.get()) is not None:
            felt = self._read(model, message)
            if felt is not None and not self._closed:
                self._put([felt])

    def _read(self, model: TextModel, message: Message) -> Felt | None:
        """What a message adds to its writer's mood; None where it says nothing."""
        line = model.read(message.text)
        foreign = line.language == "other"
        self._trouble = "of lines that are not English only the signs are read" if foreign else ""
        if message.name not in self._moods and len(self._moods) >= MOST_WRITERS:
            self._moods.pop(next(iter(self._moods)))
        mood = self._moods.setdefault(message.name, Mood(self._config.memory_s))
        now = mood.update(line, self._clock())
        if now is None:
            return None
        source = f"{KIND}:{message.name}" if message.name else KIND
        return Felt(source, now.valence, now.arousal, now.confidence)


def open(config: Config, put: Put) -> TextSensor:
    """Open the sensor.

    Raises
    ------
    MissingExtraError
        The package websockets is not installed.
    SettingsError
        The pattern is none, or what is to be followed is a folder.
    """
    if config.websocket and importlib.util.find_spec(PACKAGE) is None:
        raise MissingExtraError("text from the web", PACKAGE, "oscquery")
    if config.follow and Path(config.follow).expanduser().is_dir():
        raise SettingsError(f"sensors.text.follow is a folder, not a file: {config.follow}.")
    return TextSensor(config, put)


def _load_model() -> TextModel:
    from models import text

    return text.load()
