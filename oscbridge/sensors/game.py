"""What the game knows of the player: events that fade and states that hold, by a table of settings.

Conventions
-----------
A game says ``…/in/affect/game/damage`` when something happens, ``…/in/affect/game/health 0.3`` when
something is so. What each name means stands in ``[sensors.game.meaning]``, `COMMON` names first::

    [sensors.game.meaning]
    health = {range = [0, 100], valence = [-0.6, 0.1], arousal = [0.5, 0]}
    boss = {arousal = 0.8, valence = -0.2}                # holds until  …/boss 0
    secret = {valence = 0.6, arousal = 0.4, half_life_s = 10}

``range`` is what the value may be; at its lower end the first of a pair is meant, at its upper end
the second, between them what lies between. A single number is a pair that begins at 0, and a name
that is said without a value has the highest. What has a ``half_life_s`` loses half of itself in
that time, everything else holds until it is said anew, or until nothing at all was said for
``silence_s``: a game that has ended holds nothing. The sums of all are valence and arousal.

This is what the game's makers expect of the player, not what anybody measured, and weighs no more
than ``confidence`` says.
"""

from __future__ import annotations

import threading
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.orders import Felt, Forget
from oscbridge.sensors.base import SensorConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told

SOURCE = "game"
PERIOD_S = 0.5
"""Between two words while something holds or fades."""
GONE = 0.02
"""What has faded to this share of itself is over."""
LONGEST_NAMES = 200
"""Characters of the list of names that a wrong one is answered with."""

# Limits in a union of a number and a fixed tuple are lost in msgspec 0.22: `Meaning` checks them.
Pull = float | tuple[float, float]
Seconds = Annotated[float, msgspec.Meta(gt=0.0, le=3600.0)]


def _between(pull: Pull, share: float) -> float:
    low, high = _ends(pull)
    return low + share * (high - low)


def _ends(pull: Pull) -> tuple[float, float]:
    return pull if isinstance(pull, tuple) else (0.0, pull)


class Meaning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one word of the game means for how the player feels."""

    valence: Pull = 0.0
    arousal: Pull = 0.0
    range: tuple[float, float] = (0.0, 1.0)
    half_life_s: Seconds | None = None
    """How soon half of it is over; None: it holds."""

    def __post_init__(self) -> None:
        """Refuse what means nothing. Raises ``ValueError``."""
        if not self.range[0] < self.range[1]:
            raise ValueError("`range` needs a lower number and a higher one")
        for pull in (self.valence, self.arousal):
            if not all(-1.0 <= end <= 1.0 for end in _ends(pull)):
                raise ValueError("`valence` and `arousal` are from -1 to 1")

    def point(self, value: float) -> tuple[float, float]:
        """Valence and arousal of a value within the range."""
        low, high = self.range
        share = (value - low) / (high - low)
        return _between(self.valence, share), _between(self.arousal, share)


COMMON: Mapping[str, Meaning] = MappingProxyType(
    {
        "health": Meaning(valence=(-0.6, 0.1), arousal=(0.5, 0.0)),
        "combat": Meaning(valence=-0.1, arousal=0.6),
        "pace": Meaning(arousal=(-0.3, 0.6)),
        "danger": Meaning(valence=-0.4, arousal=0.6),
        "stealth": Meaning(valence=-0.2, arousal=0.3),
        "safe": Meaning(valence=0.2, arousal=-0.4),
        "damage": Meaning(valence=-0.4, arousal=0.5, half_life_s=4.0),
        "kill": Meaning(valence=0.3, arousal=0.4, half_life_s=4.0),
        "death": Meaning(valence=-0.8, arousal=0.3, half_life_s=10.0),
        "win": Meaning(valence=0.8, arousal=0.5, half_life_s=15.0),
        "lose": Meaning(valence=-0.7, arousal=-0.1, half_life_s=15.0),
        "reward": Meaning(valence=0.5, arousal=0.3, half_life_s=6.0),
    }
)
"""Names that games have in common, with what we expect of them; the settings may say otherwise."""


class Config(SensorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of what a game tells."""

    confidence: Annotated[
        float, msgspec.Meta(ge=0.0, le=1.0, description="how well the table describes the player")
    ] = 0.5
    silence_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=3600.0, description="a game that is silent so long has ended"),
    ] = 60.0
    meaning: Annotated[
        dict[str, Meaning], msgspec.Meta(description="words of your game, beside the common ones")
    ] = {}  # noqa: RUF012 - msgspec copies it


class Game:
    """Hears of a game.

    Parameters
    ----------
    config : Config
        Its settings.
    put : Put
        Takes what holds and what fades while the game says nothing new.
    clock : callable
        Seconds, monotonic.
    """

    name = "game"
    inlets: tuple[str, ...] = ("in/affect/game",)

    def __init__(
        self, config: Config, put: Put, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.detail = ""
        self._config = config
        self._put = put
        self._clock = clock
        self._meanings = {
            name.casefold(): meaning for name, meaning in {**COMMON, **config.meaning}.items()
        }
        self._said: dict[str, tuple[float, float]] = {}  # value and moment of each word
        self._axes = False, False  # about which it has spoken
        self._heard_s = 0.0
        self._turn = threading.Lock()
        self._closed = threading.Event()
        self._news = threading.Event()
        self._thread: threading.Thread | None = None

    def hear(self, told: Told) -> Sequence[Command]:
        """Take a word of the game. Raises ``ValueError`` where the table does not have it."""
        name = told.name.casefold()
        meaning = self._meanings.get(name)
        if meaning is None:
            raise ValueError(f"{told.name!r} is not in [sensors.game.meaning]: {self._known()}")
        low, high = meaning.range
        value = float(told.values[0]) if told.values else high
        if not low <= value <= high:
            raise ValueError(f"{told.name} is {low:g} to {high:g}, not {value:g}: set its range")
        with self._turn:
            self._heard_s = self._clock()
            self._said[name] = value, self._heard_s
            found = self._felt(self._heard_s)
        self._keep_saying()
        return found or [Forget(SOURCE)]

    def calibrate(self, step: Step) -> bool:
        """Forget what holds, when all is to be forgotten; there is nothing to learn."""
        if step != "reset":
            return False
        with self._turn:
            held = bool(self._said)
            self._said.clear()
        if held:
            self._put([Forget(SOURCE)])
        return held

    def close(self) -> None:
        """End the thread; a second call does nothing."""
        self._closed.set()
        self._news.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(1.0)

    def say_again(self) -> bool:
        """Say what holds and what is left of what fades; whether there is anything."""
        with self._turn:
            now_s, had = self._clock(), bool(self._said)
            if now_s - self._heard_s > self._config.silence_s:
                self._said.clear()
            found = self._felt(now_s)
        if found:
            self._put(found)
        elif had:
            self._put([Forget(SOURCE)])
        return bool(found)

    def _felt(self, now_s: float) -> list[Command]:
        """What it all comes to, nothing where nothing is left; first that an axis is left open
        again, since who says nothing about it would be taken to mean what was said before.
        """
        valence: float | None = None
        arousal: float | None = None
        for name, (value, at_s) in list(self._said.items()):
            meaning = self._meanings[name]
            left = 1.0
            if meaning.half_life_s is not None:
                left = 0.5 ** ((now_s - at_s) / meaning.half_life_s)
            pull = meaning.point(value)
            if left < GONE or pull == (0.0, 0.0):
                del self._said[name]
                continue
            if meaning.valence != 0.0:
                valence = (valence or 0.0) + left * pull[0]
            if meaning.arousal != 0.0:
                arousal = (arousal or 0.0) + left * pull[1]
        said = [Felt(SOURCE, _bounded(valence), _bounded(arousal), self._config.confidence)]
        before, self._axes = self._axes, (valence is not None, arousal is not None)
        if any(was and not still for was, still in zip(before, self._axes, strict=True)):
            return [Forget(SOURCE), *said] if self._said else []
        return [*said] if self._said else []

    def _keep_saying(self) -> None:
        """Have the thread go on, which is started when the first word is heard."""
        if self._thread is None and not self._closed.is_set():
            self._thread = threading.Thread(target=self._run, name="sensor-game", daemon=True)
            self._thread.start()
        self._news.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._news.wait()
            self._news.clear()
            while not self._closed.wait(PERIOD_S) and self.say_again():
                pass

    def _known(self) -> str:
        known = ", ".join(sorted(self._meanings))
        return f"there are {known if len(known) <= LONGEST_NAMES else known[:LONGEST_NAMES] + ' …'}"


def _bounded(axis: float | None) -> float | None:
    return None if axis is None else min(max(axis, -1.0), 1.0)


def open(config: Config, put: Put) -> Game:
    """Open the sensor; its thread starts when it hears something."""
    return Game(config, put)
