"""Where *compensate* leads a player who does not simply come along: the opposite, or beyond.

Conventions
-----------
Only valence; every limit of safety comes after this. It rests on how what is felt answers to music
(`oscbridge.asking.answer`):

- Who is seen to go against music is given the opposite of the goal.
- Music like the goal does not bring everybody to the goal: who answers weakly stays on the way, and
  who answers slowly takes long. Where such music plays and the player still feels bad, music beyond
  the goal is next, by the share ``beyond`` of what the player lacks. Never at once: a large jump
  puts some people off. Not in doubt: where the player may well go the other way, more of the same
  is more of the wrong. Who has come to the goal is given its own music again.

The bandit tries strategies as they are: nobody is led while it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oscbridge.asking.answer import Answer
from oscbridge.asking.strategies import NEUTRAL, Point

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.fusion import Feeling

DOUBT = 0.4
"""From this probability that the player goes the other way on, nothing goes beyond the goal."""


class Lead(NamedTuple):
    """Where the player is led.

    Attributes
    ----------
    goal : Point
        What music is to express, before any limit.
    against : bool
        Whether that is the opposite, since the player goes against music.
    beyond : bool
        Whether that is more than the goal.
    """

    goal: Point = NEUTRAL
    against: bool = False
    beyond: bool = False


class Leader:
    """Learns how the player answers, and leads.

    Attributes
    ----------
    taken : Lead
        The one that was asked for last.
    """

    def __init__(self) -> None:
        self.taken = Lead()
        self._answer = Answer()

    def listen(
        self, settings: PolicySettings, feeling: Feeling, music: float, now_s: float
    ) -> bool:
        """Take how the player feels while music of this valence plays; whether to turn round."""
        before = self._answer.against
        self._answer.update(feeling, music, now_s)
        return _turns(settings) and self._answer.against != before

    def lead(self, settings: PolicySettings, here: Point | None, valence: float) -> Lead:
        """Where a player is led who is at ``valence`` while the music is at ``here``."""
        goal = Point(settings.goal_valence, settings.goal_arousal)
        if settings.strategy != "compensate" or settings.bandit:
            return Lead(goal)
        against = _turns(settings) and self._answer.against
        side = -1.0 if against else 1.0
        like = goal._replace(valence=side * goal.valence)
        other_way = self._answer.probability
        in_doubt = (1.0 - other_way if against else other_way) >= DOUBT
        more = settings.beyond * max(goal.valence - valence, 0.0)
        if here is None or in_doubt or more == 0.0:
            return Lead(like, against)
        towards = Point(side * min(side * here.valence, goal.valence), here.arousal)
        if towards.distance(like) >= settings.enter:  # its own music has not been tried
            return Lead(like, against)
        far = min(goal.valence + more, 1.0)
        return Lead(like._replace(valence=side * far), against, beyond=True)

    def back(self, settings: PolicySettings, here: Point | None, valence: float) -> Point | None:
        """The goal, where music beyond it has brought the player there; said once."""
        if not self.taken.beyond or here is None or valence < settings.goal_valence:
            return None
        self.taken = self.lead(settings, None, valence)
        return self.taken.goal if self.taken.goal.distance(here) >= settings.enter else None


def _turns(settings: PolicySettings) -> bool:
    """Whether a player who goes against music is led the other way."""
    return settings.strategy == "compensate" and settings.heed and not settings.bandit
