"""How soon other music is to begin, and how slowly to come.

Conventions
-----------
Urgency is 0..1, fades are in beats, ways are in the plane of valence and arousal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.asking.settings import is_among

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.asking.strategies import Point
    from oscbridge.orders import Goal

BEAT_URGENCY = 0.75
"""In urgent contexts: music that begins with the next beat."""
WALK_URGENCY = 0.75
"""Share of the urgency that a step of iso has."""
STRIDE = 0.25
"""A way for which a fade takes ``fade_beats``; a longer one takes more."""


def urgency_of(
    settings: PolicySettings, context: str, goal: Goal | None, *, walking: bool
) -> float:
    """How urgent a request is in a context; ``goal`` is the game's, which may say it itself."""
    urgency = settings.urgency * (WALK_URGENCY if walking else 1.0)
    if settings.strategy == "director" and goal and goal.urgency is not None:
        urgency = goal.urgency
    return max(urgency, BEAT_URGENCY) if is_among(context, settings.urgent) else urgency


def fade_beats_of(settings: PolicySettings, here: Point | None, target: Point) -> float:
    """How long the fade from ``here`` takes."""
    way = target.distance(here) if here is not None else 0.0
    return settings.fade_beats * max(way / STRIDE, 1.0)
