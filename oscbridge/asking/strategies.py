"""Which music: where each strategy wants the music to go from where it is.

Conventions
-----------
Points are (valence, arousal). Nothing here knows time, gates or safety.

- *match*: music that expresses what the player feels.
- *iso*: match first; then walk towards the goal in bounded steps, arousal first, since arousal is
  recognised in two or three seconds and valence in fifteen or more.
- *compensate*: the goal at once.
- *director*: the goal that the game gives.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings


class Point(NamedTuple):
    """A place in the plane, -1..1 each."""

    valence: float
    arousal: float

    def distance(self, other: Point) -> float:
        """How far apart they are."""
        return math.hypot(self.valence - other.valence, self.arousal - other.arousal)


NEUTRAL = Point(0.0, 0.0)


def walked(at: Point, goal: Point, step: float) -> Point:
    """One step of at most ``step`` towards the goal; what arousal does not need is valence's."""
    rise = _clamped(goal.arousal - at.arousal, step)
    left = math.sqrt(max(step**2 - rise**2, 0.0))
    return Point(
        at.valence + _clamped(goal.valence - at.valence, left),
        at.arousal + rise,
    )


def wanted(
    settings: PolicySettings, felt: Point, at: Point | None, asked: Point | None
) -> tuple[Point, bool]:
    """Where the strategy wants the music, and whether this is a step of a walk.

    Parameters
    ----------
    settings : PolicySettings
        Strategy, goal, step.
    felt : Point
        Where the player is.
    at, asked : Point, optional
        Where the music is heard to be, and where it was asked to be.
    """
    goal = Point(settings.goal_valence, settings.goal_arousal)
    if settings.strategy == "match":
        return felt, False
    if settings.strategy != "iso":
        return goal, False
    matches = at is not None and at.distance(felt) < settings.enter
    here = asked or (at if matches else None)
    return (felt, False) if here is None else (walked(here, goal, settings.step), True)


def within(point: Point, reach: float) -> Point:
    """The point, or the one at distance ``reach`` from neutral in its direction."""
    out = point.distance(NEUTRAL)
    share = 1.0 if out <= reach else reach / out
    return Point(point.valence * share, point.arousal * share)


def _clamped(value: float, limit: float) -> float:
    return min(max(value, -limit), limit)
