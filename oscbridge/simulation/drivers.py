"""Who asks the host for other music: nobody, a fixed plan, one who knows everything, or the policy.

Conventions
-----------
A driver says what to ask for, if anything, when it is asked. Fixed plans ask as a playlist would,
at set times, whatever the player feels. The *oracle* knows the player's equations and state and the
noise that has been, not the noise to come: it shows what was possible for this player with this
host. The policy asks by itself, inside the composer.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from oscbridge.orders import MakeRequest
from oscbridge.simulation.plane import Point

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from oscbridge.simulation.host import Host
    from oscbridge.simulation.player import Player

EVERY_S = 30.0
"""Length of a piece of a playlist, seconds."""
STEPS = 4
"""Pieces of the guided playlist between the player's first feeling and the goal."""
DWELL_S = 20.0
"""Shortest stay in the music that the oracle chooses, seconds: what the policy may do by default.
"""
AHEAD_S = 20.0
GRID = tuple(place / 4.0 for place in range(-4, 5))


@dataclass(frozen=True, slots=True)
class Scene:
    """What a driver may look at: only the oracle looks at the player."""

    player: Player
    host: Host
    first: Point
    """What the player felt when it began."""
    goal: Point
    random: np.random.Generator


class Driver(Protocol):
    """Asks for music by itself."""

    def ask(self, now_s: float) -> MakeRequest | None:
        """What to ask for now."""
        ...


class Playlist:
    """Asks for one point after the other, `EVERY_S` seconds each; the last one stays."""

    def __init__(self, points: list[Point]) -> None:
        self._points = points
        self._next = 0

    def ask(self, now_s: float) -> MakeRequest | None:
        """The next point, when it is time."""
        if self._next >= len(self._points) or now_s < self._next * EVERY_S:
            return None
        self._next += 1
        return _request(self._points[self._next - 1])


class Oracle:
    """Chooses, as often as the policy may, what brings this player nearest to the goal."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._due_s = 0.0

    def ask(self, now_s: float) -> MakeRequest | None:
        """The best music for the next `AHEAD_S` seconds, when it is time."""
        if now_s < self._due_s:
            return None
        self._due_s = now_s + DWELL_S
        points = (Point(valence, arousal) for valence in GRID for arousal in GRID)
        return _request(min(points, key=self._loss))

    def _loss(self, music: Point) -> float:
        """Distance from the goal while ``music`` plays."""
        player, goal = self._scene.player, self._scene.goal
        if music.distance(self._scene.host.music) > player.traits.startles_at:
            return 2.0 + music.distance(goal)
        return sum(
            player.foresee(music, AHEAD_S * part).distance(goal) for part in (0.25, 0.5, 0.75, 1.0)
        )


def _nothing(scene: Scene) -> Driver:
    return Playlist([])


def _goal_at_once(scene: Scene) -> Driver:
    return Playlist([scene.goal])


def _guided(scene: Scene) -> Driver:
    shares = [step / STEPS for step in range(STEPS + 1)]
    return Playlist([scene.first.towards(scene.goal, share) for share in shares])


def _shuffled(scene: Scene) -> Driver:
    points = scene.random.uniform(-1.0, 1.0, (64, 2)).tolist()
    return Playlist([Point(*point) for point in points])


FIXED: Mapping[str, tuple[Callable[[Scene], Driver], str]] = MappingProxyType(
    {
        "no change": (_nothing, "the music stays as it is, that of the scene"),
        "shuffle": (_shuffled, "any music, another every 30 s"),
        "goal at once": (_goal_at_once, "music like the goal from the start"),
        "guided playlist": (_guided, "from the first feeling to the goal in steps of 30 s"),
    }
)
"""Plans that nothing changes, by name, and what they are."""
ORACLE = "oracle"
ADAPTIVE: Mapping[str, dict[str, object]] = MappingProxyType(
    {
        "match": {"strategy": "match"},
        "iso": {"strategy": "iso"},
        "compensate": {"strategy": "compensate"},
        "iso+bandit": {"strategy": "iso", "bandit": True},
    }
)
"""The policy's strategies by name, and the settings that make them."""


def build_driver(name: str, scene: Scene) -> Driver:
    """The driver of that name; one that never asks where the policy does."""
    if name == ORACLE:
        return Oracle(scene)
    return FIXED[name][0](scene) if name in FIXED else Playlist([])


def _request(point: Point) -> MakeRequest:
    return MakeRequest(point.valence, point.arousal, reason="test")
