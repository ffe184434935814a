"""What the policy knows, and what it says: a request perhaps, and always why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from oscbridge.asking.strategies import Point
    from oscbridge.fusion import Feeling
    from oscbridge.orders import MakeRequest


class Music(NamedTuple):
    """What the music expresses, as it is told: -1..1."""

    valence: float
    arousal: float


class Moment(NamedTuple):
    """What is known at one instant.

    Attributes
    ----------
    now_s : float
        The time.
    feeling : Feeling
        Of the player.
    at : Point, optional
        Where the music is.
    known : bool
        Whether enough is known of the player.
    acting : bool
        Whether there is reason to act.
    fast : bool
        Whether the heart is.
    """

    now_s: float
    feeling: Feeling
    at: Point | None
    known: bool
    acting: bool
    fast: bool


class Decision(NamedTuple):
    """What to do, and why.

    Attributes
    ----------
    request : MakeRequest, optional
        What to ask the host for.
    words : str
        One sentence for people.
    rule : str
        The rule that decided, one word.
    cancel : bool
        Whether the outstanding request is to be taken back.
    """

    request: MakeRequest | None
    words: str
    rule: str
    cancel: bool = False
