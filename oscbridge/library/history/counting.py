"""When something that a player plays has been listened to, and how often.

Conventions
-----------
A track counts where half of it, or four minutes, were heard, as Last.fm and ListenBrainz count;
shorter ones than `SHORTEST_S` never do. A track that is repeated counts again with each round. Time
that the player pauses is not heard. All instants are seconds of the caller's clock, Unix time where
the listens shall be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oscbridge.library.history.listens import Listen

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST_S = 30.0
ENOUGH_S = 240.0
"""Where the player does not say how long a track is, this much has to be heard."""


@dataclass(frozen=True, slots=True)
class Playing:
    """What a player plays.

    Attributes
    ----------
    title, artist, album, path : str
        As it says; the path may be a URL.
    duration_s : float
        0 where it does not say.
    id : str
        What tells this entry of its list from the next one, which may be called the same.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    path: str = ""
    duration_s: float = 0.0
    id: str = ""


class PlayCounter:
    """Follows one player.

    Parameters
    ----------
    source : str
        Of the listens.
    shortest_s : float
        Shorter tracks never count, seconds.
    """

    def __init__(self, source: str, shortest_s: float = SHORTEST_S) -> None:
        self._source = source
        self._shortest_s = shortest_s
        self._now: Playing | None = None
        self._began_s = 0.0
        self._heard_s = 0.0
        self._since_s: float | None = None  # playing since, None while it pauses
        self._speed = 1.0

    def update(
        self, time_s: float, now: Playing | None, *, playing: bool, speed: float = 1.0
    ) -> Sequence[Listen]:
        """Take how a player stands; return the listens that have come to their end.

        Parameters
        ----------
        time_s : float
            When.
        now : Playing or None
            What it has; None where it has nothing.
        playing : bool
            Whether it runs.
        speed : float
            Seconds of the track that pass in a second.
        """
        if self._since_s is not None:
            self._heard_s += max(time_s - self._since_s, 0.0) * self._speed
        ended: Sequence[Listen] = ()
        if self._now is not None and now is not None and _same(self._now, now):
            # players learn more of a track while they play it
            self._now = replace(now, duration_s=now.duration_s or self._now.duration_s)
        else:
            ended = self._ended()
            self._now, self._began_s, self._heard_s = now, time_s, 0.0
        self._since_s = time_s if playing and now is not None else None
        self._speed = max(speed, 0.0)
        return ended

    def _ended(self) -> Sequence[Listen]:
        """The listens to what was played until now."""
        now = self._now
        if now is None or not (now.title or now.path):
            return ()
        length_s = now.duration_s
        if 0.0 < length_s < self._shortest_s:
            return ()
        enough_s = min(length_s / 2.0, ENOUGH_S) if length_s else ENOUGH_S
        rounds, rest_s = divmod(self._heard_s, length_s) if length_s else (0.0, self._heard_s)
        count = int(rounds) + (rest_s >= enough_s)
        return [
            Listen(
                self._began_s + number * length_s,
                now.title,
                now.artist,
                now.album,
                now.path,
                self._source,
            )
            for number in range(count)
        ]


def _same(one: Playing, other: Playing) -> bool:
    """Whether two say the same entry of a list, of which more may be known by now."""
    if one.path.startswith("file:") and (one.id, one.path) == (other.id, other.path):
        return True  # its title was the file's name until the player had read its tags
    return all(
        getattr(one, name) in ("", getattr(other, name))
        for name in ("id", "title", "artist", "path")
    )
