"""The game: walks through its world, talks with oscbridge, and shows what comes of it.

Conventions
-----------
One thread, a turn every `TURN_S`. The time of the game is that of the music (`Band.position`). The
rest of the program is met at two places only: the band, which the analysis reads, and the
conversation, which goes over UDP.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol

from oscbridge.play.host import Host
from oscbridge.play.world import World, destination

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.conversation import Conversation
    from oscbridge.labels import Labels
    from oscbridge.play.band import Band
    from oscbridge.play.journal import Journal
    from oscbridge.play.keys import Keys
    from oscbridge.play.records import Record

TURN_S = 0.02
FEELINGS_HZ = 10.0
DRAWINGS_HZ = 10.0
STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class Scene(NamedTuple):
    """What there is to see."""

    at_s: float
    seconds: float
    auto: bool
    world: World
    band: Band
    journal: Journal


class View(Protocol):
    """Shows a game somehow."""

    def tell(self, record: Record) -> None:
        """Show that something has happened."""
        ...

    def draw(self, scene: Scene) -> None:
        """Show how things are."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was; a second call does nothing."""
        ...


class Rules(NamedTuple):
    """How long a game is, who walks, and by which words music is asked for."""

    seconds: float
    auto: bool
    labels: Labels


class Game:
    """A game in a thread of its own.

    Parameters
    ----------
    talk : callable
        Begins the conversation.
    band : Band
        Plays.
    rules : Rules
        Of this game.
    journal : Journal
        Keeps what happens.
    view : View
        Shows it.
    keys : Keys, optional
        What the player presses.
    on_end : callable
        Called by its thread when it is over.

    Attributes
    ----------
    failure : OscbridgeError, optional
        What ended it, if that was no end of a game.
    """

    def __init__(
        self,
        talk: Callable[[], Conversation],
        band: Band,
        rules: Rules,
        journal: Journal,
        view: View,
        keys: Keys | None,
        on_end: Callable[[], None],
    ) -> None:
        self.failure: BaseException | None = None
        self._talk = talk
        self._band = band
        self._rules = rules
        self._journal = journal
        self._view = view
        self._keys = keys
        self._on_end = on_end
        self._world = World()
        self._place = self._world.place
        self._auto = rules.auto
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="game")
        self._felt_due_s = self._draw_due_s = 0.0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait for the end."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            with self._talk() as conversation:
                conversation.listen("plain")
                self._play(conversation)
        except BaseException as failure:  # noqa: BLE001 - raised again by who waits for the end
            self.failure = failure
        finally:
            self._on_end()

    def _play(self, conversation: Conversation) -> None:
        host = Host(conversation, self._band, self._rules.labels)
        before_s = self._now_s
        while not self._over.is_set() and before_s < self._rules.seconds:
            for heard in conversation.heard(time.monotonic() + TURN_S):
                self._tell(self._journal.take(heard, self._now_s))
                order = host.take(heard)
                if order is not None:
                    self._tell(self._journal.turn(order.id, order.turn, self._now_s))
            now_s = self._now_s
            self._move(now_s, now_s - before_s)
            self._say(host, now_s)
            record = self._journal.update(
                self._world.place, self._band.levels, now_s, now_s - before_s
            )
            self._tell(record)
            before_s = now_s
        host.close()
        self._tell(self._journal.summary(self._now_s))

    @property
    def _now_s(self) -> float:
        """Seconds of music."""
        return self._band.position / self._band.sample_rate

    def _move(self, now_s: float, elapsed_s: float) -> None:
        for key in self._keys.pressed() if self._keys else ():
            if key == "quit":
                self._over.set()
            elif key == "auto":
                self._auto = not self._auto
            else:
                self._auto = False
                self._world.step(*STEPS[key])
        if self._auto:
            self._world.walk(destination(now_s, self._rules.seconds), elapsed_s)
        self._world.feel(elapsed_s)
        self._band.approach(self._world.near)

    def _say(self, host: Host, now_s: float) -> None:
        world = self._world
        if world.place is not self._place:
            self._place = world.place
            host.ask(self._place.valence, self._place.arousal)
            self._tell(self._journal.enter(self._place, now_s))
        if now_s >= self._felt_due_s:
            self._felt_due_s = now_s + 1.0 / FEELINGS_HZ
            host.feel(world.valence, world.arousal)
        host.update()
        if now_s >= self._draw_due_s:
            self._draw_due_s = now_s + 1.0 / DRAWINGS_HZ
            self._view.draw(
                Scene(now_s, self._rules.seconds, self._auto, world, self._band, self._journal)
            )

    def _tell(self, record: Record | None) -> None:
        if record is not None:
            self._view.tell(record)
