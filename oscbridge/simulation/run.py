"""One simulated session: a player, sensors, a host, and the composer of a real run between them.

Conventions
-----------
Time is invented and goes in steps of `TICK_S`. Everything that decides is the product: what sensors
tell goes into `oscbridge.composer.Composer`, what it says goes to the host, what that answers comes
back with the next step. All chance comes from one seed, each part's from a stream of its own: two
drivers with one seed meet the same player in the same mood with the same noise. At first the music
expresses what the situation is: a scene's own score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.structs import replace

from oscbridge import orders as do
from oscbridge.asking.settings import PolicySettings
from oscbridge.beginning import Beginning, build_composer
from oscbridge.config import Config, SendSettings
from oscbridge.simulation.drivers import ADAPTIVE, Scene, build_driver
from oscbridge.simulation.host import Ear, Host
from oscbridge.simulation.plane import Point
from oscbridge.simulation.player import Player, find_kind
from oscbridge.simulation.senses import Senses
from oscbridge.simulation.watch import Watch

if TYPE_CHECKING:
    from collections import Counter

    from oscbridge.protocol import Message

TICK_S = 0.25
EAR_TICKS = 2
"""The analysis says something every second tick."""
SEND = SendSettings(rate_hz=4.0, refresh_s=60.0, heartbeat_s=60.0)
REFUSES = 0.15
"""Share of requests that a host refuses in a run with incidents."""
CHOOSES_S, OPTS_OUT_S = 90.0, 200.0
"""When a person chooses music, and when the player opts out, in a run with incidents."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate.

    Attributes
    ----------
    kind : str
        Of player.
    driver : str
        Who asks for music (`oscbridge.simulation.drivers`).
    seed : int
        Of all chance.
    seconds : float
        How long.
    wrong : float
        Share of readings that have nothing to do with the player, 0..1.
    incidents : bool
        A person chooses music, the host refuses requests, the player opts out.
    """

    kind: str
    driver: str
    seed: int
    seconds: float = 300.0
    wrong: float = 0.0
    incidents: bool = False


class Course(NamedTuple):
    """What happened.

    Attributes
    ----------
    plan : Plan
        What was simulated.
    goal : Point
        Where the policy wants the player.
    felt, music : np.ndarray, shape=(n, 2), float64
        The truth after each tick.
    seen : np.ndarray, shape=(n, 2), float64
        The player as oscbridge said; not a number where it did not know.
    asked : list of (float, Point)
        Requests that left, by whomever: when, and the target.
    violations : Counter of str
        Requests of the policy that ought not to have been made, by rule.
    """

    plan: Plan
    goal: Point
    felt: np.ndarray
    music: np.ndarray
    seen: np.ndarray
    asked: list[tuple[float, Point]]
    violations: Counter[str]


def simulate(plan: Plan, policy: PolicySettings | None = None) -> Course:
    """Run one session.

    Parameters
    ----------
    plan : Plan
        Which.
    policy : PolicySettings, optional
        Limits and goal; the driver chooses the strategy.

    Raises
    ------
    SettingsError
        No such kind of player.
    """
    chosen = ADAPTIVE.get(plan.driver, {"strategy": "off"})
    settings = replace(policy or PolicySettings(), seed=plan.seed, **chosen)
    return _Session(plan, settings).run()


class _Session:
    def __init__(self, plan: Plan, policy: PolicySettings) -> None:
        streams = np.random.SeedSequence(plan.seed).spawn(4)
        who, errors, pieces, other = (np.random.default_rng(stream) for stream in streams)
        self._plan = plan
        self._goal = Point(policy.goal_valence, policy.goal_arousal)
        self._player = Player(find_kind(plan.kind), who)
        self._senses = Senses(self._player, errors, plan.wrong)
        self._host = Host(self._player.rest, pieces, REFUSES if plan.incidents else 0.0)
        self._ear = Ear(self._host.music, other)
        scene = Scene(self._player, self._host, self._player.felt, self._goal, other)
        self._driver = build_driver(plan.driver, scene)
        self._watch = Watch(policy)
        config = Config(send=SEND, policy=policy)
        self._composer = build_composer(config, Beginning("simulate", 0.0, 0.0, 0.0, 0.0))
        self._seen = [np.nan, np.nan]
        self._asked: list[tuple[float, Point]] = []

    def run(self) -> Course:
        """Go through it from the beginning; a session is run once."""
        ticks = round(self._plan.seconds / TICK_S)
        felt, music, seen = (np.empty((ticks, 2)) for _ in range(3))
        answers: list[do.Command] = []
        for tick in range(ticks):
            now_s = tick * TICK_S
            answers = self._tick(tick, now_s, answers)
            felt[tick] = self._player.step(self._host.music, TICK_S)
            music[tick] = self._host.music
            seen[tick] = self._seen
        return Course(
            self._plan, self._goal, felt, music, seen, self._asked, self._watch.violations
        )

    def _tick(self, tick: int, now_s: float, answers: list[do.Command]) -> list[do.Command]:
        """Let the composer say what is to be said; return what the host answers."""
        told = [*self._senses.read(now_s), *answers, *self._host.update(now_s)]
        told += self._incidents(now_s)
        self._watch.hear(told, now_s)
        if (request := self._driver.ask(now_s)) is not None:
            told.append(request)
        states = [self._ear.listen(self._host.music, now_s, EAR_TICKS * TICK_S)]
        messages = self._composer.compose(states if tick % EAR_TICKS == 0 else [], told, now_s)
        self._watch.read(messages, now_s)
        self._note(messages, now_s)
        return self._host.take(messages, now_s)

    def _incidents(self, now_s: float) -> list[do.Command]:
        if not self._plan.incidents:
            return []
        if now_s == CHOOSES_S:
            return [do.MakeRequest(-0.3, 0.3, reason="user")]
        return [do.OptOut(True)] if now_s == OPTS_OUT_S else []

    def _note(self, messages: list[Message], now_s: float) -> None:
        """Keep what is said of the player and what is asked for."""
        for signal, args in messages:
            match signal.name, args:
                case "player/valence", (float(valence),):
                    self._seen[0] = valence
                case "player/arousal", (float(arousal),):
                    self._seen[1] = arousal
                case "player/confidence", (0.0,):
                    self._seen = [np.nan, np.nan]
                case "request", (int(), float(valence), float(arousal), *_):
                    self._asked.append((now_s, Point(valence, arousal)))
                case _:
                    pass
