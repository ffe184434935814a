"""What happens in a game, as records: one JSON object a line for machines, the summary last.

Conventions
-----------
``at_s`` and all other instants are seconds of the music since its beginning, read off the band:
nothing depends on a clock. ``type`` tells records apart. What was not reached is null.
"""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Something that happened at ``at_s``."""

    at_s: float


class Entered(Record, frozen=True, kw_only=True, tag="place"):
    """The player has come to a place, and music for what one feels there was asked for."""

    place: str
    quadrant: int
    valence: float
    arousal: float


class Requested(Record, frozen=True, kw_only=True, tag="request"):
    """What oscbridge says has become of a request."""

    id: int
    state: str


class Turned(Record, frozen=True, kw_only=True, tag="turn"):
    """The band will turn to other music, on ``bar`` (from 0), in a fade until ``stop_s``."""

    id: int
    quadrant: int
    bar: float
    start_s: float
    stop_s: float


class HeardQuadrant(Record, frozen=True, kw_only=True, tag="quadrant"):
    """The music is heard in another quadrant."""

    quadrant: int
    label: str
    confidence: float


class HeardBoundary(Record, frozen=True, kw_only=True, tag="boundary"):
    """A new section was heard, which began ``age_ms`` ago."""

    id: int
    age_ms: int
    strength: float


class Moment(Record, frozen=True, kw_only=True, tag="moment"):
    """How things are, once a second: what oscbridge says of player and music, null if nothing."""

    place: str
    player: tuple[float, float] | None
    music: tuple[float, float] | None
    quadrant: int
    levels: tuple[float, ...]


class Change(msgspec.Struct, kw_only=True):
    """A change of place, and how the music followed.

    Attributes
    ----------
    place, quadrant
        Where the player came, and what music belongs there.
    asked_s, started_s, done_s : float
        When it was asked for, began, and was all that was played.
    followed_s : float
        When it was heard in its quadrant.
    promised_s : float
        When it should be heard at the latest, by what the parts declare.
    """

    place: str
    quadrant: int
    asked_s: float
    started_s: float | None = None
    done_s: float | None = None
    followed_s: float | None = None
    promised_s: float | None = None

    @property
    def needed_s(self) -> float | None:
        """From asking to hearing."""
        return None if self.followed_s is None else self.followed_s - self.asked_s


class Summary(Record, frozen=True, kw_only=True, tag="summary"):
    """The end: how the music followed, and the share of the time in which it agreed."""

    changes: tuple[Change, ...]
    agreement: float
    boundaries: int
