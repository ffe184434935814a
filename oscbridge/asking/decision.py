"""What the policy is told of the music, and what it says: a request perhaps, and always why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from oscbridge.orders import MakeRequest


class Music(NamedTuple):
    """What the music expresses, as it is told: -1..1."""

    valence: float
    arousal: float


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
