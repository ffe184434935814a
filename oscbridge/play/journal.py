"""Keeps what a game has seen and heard: makes records of it, and the summary at the end.

Conventions
-----------
Times are seconds of the music, given by the caller. What is known of player and music is what
oscbridge has said; nothing else is looked at. A change counts from the moment in which it is asked
for, until the player leaves the place again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.types import UNKNOWN, quadrant_of
from oscbridge.play.records import (
    Change,
    Entered,
    HeardBoundary,
    HeardQuadrant,
    Moment,
    Record,
    Requested,
    Summary,
    Turned,
)
from oscbridge.play.score import BAR
from oscbridge.sources.demo_sounds import SAMPLE_RATE

if TYPE_CHECKING:
    from oscbridge.conversation import Heard
    from oscbridge.play.band import Turn
    from oscbridge.play.world import Place

MOMENT_S = 1.0


class Journal:
    """The memory of a game.

    Parameters
    ----------
    lag_s : float
        How long after the end of a fade the music is heard in its quadrant at the latest, by what
        the analysis declares.

    Attributes
    ----------
    player, music : tuple of (valence, arousal), optional
        As oscbridge says.
    quadrant, label : int, str
        Of the music.
    status : str
        How oscbridge is.
    request : Requested, optional
        The newest.
    boundaries : list of float
        When each new section began.
    changes : list of Change
        Of places.
    """

    def __init__(self, lag_s: float) -> None:
        self.player: tuple[float, float] | None = None
        self.music: tuple[float, float] | None = None
        self.quadrant = UNKNOWN
        self.label = ""
        self.status = ""
        self.request: Requested | None = None
        self.boundaries: list[float] = []
        self.changes: list[Change] = []
        self._lag_s = lag_s
        self._orders: dict[int, Change] = {}
        self._agreed_s = self._known_s = 0.0
        self._moment_s = 0.0

    def enter(self, place: Place, at_s: float) -> Record:
        """Note that the player has come to a place and has asked for its music."""
        change = Change(place=place.name, quadrant=place.quadrant, asked_s=at_s)
        self.changes.append(change)
        return Entered(
            at_s=at_s,
            place=place.name,
            quadrant=place.quadrant,
            valence=place.valence,
            arousal=place.arousal,
        )

    def turn(self, number: int, turn: Turn, at_s: float) -> Record:
        """Note what the band will do about a request."""
        start_s, stop_s = turn.start / SAMPLE_RATE, turn.stop / SAMPLE_RATE
        if self.changes and self.changes[-1].quadrant == turn.quadrant:
            change = self._orders[number] = self.changes[-1]
            change.promised_s = stop_s + self._lag_s
        return Turned(
            at_s=at_s,
            id=number,
            quadrant=turn.quadrant,
            bar=turn.start / BAR,
            start_s=start_s,
            stop_s=stop_s,
        )

    def take(self, heard: Heard, at_s: float) -> Record | None:
        """Take what oscbridge says; the record that it makes, if any."""
        match heard.name, heard.arguments:
            case "va", (float(valence), float(arousal)):
                self.music = valence, arousal
            case "player/valence", (float(valence),):
                self.player = valence, self.player[1] if self.player else 0.0
            case "player/arousal", (float(arousal),):
                self.player = self.player[0] if self.player else 0.0, arousal
            case "status", (str(state), _):
                self.status = state
            case "quadrant/enter", (int(quadrant), str(label), float(confidence)):
                self.quadrant, self.label = quadrant, label
                return HeardQuadrant(
                    at_s=at_s, quadrant=quadrant, label=label, confidence=confidence
                )
            case "segment/boundary", (int(number), int(age_ms), float(strength)):
                self.boundaries.append(at_s - age_ms / 1e3)
                return HeardBoundary(at_s=at_s, id=number, age_ms=age_ms, strength=strength)
            case "request/state", (int(number), str(state)):
                self.request = Requested(at_s=at_s, id=number, state=state)
                self._follow(number, state, at_s)
                return self.request
            case _:
                pass
        return None

    def update(
        self, place: Place, levels: tuple[float, ...], at_s: float, elapsed_s: float
    ) -> Record | None:
        """Let time pass; once a second, the record of the moment."""
        change = self.changes[-1] if self.changes else None
        if change and change.followed_s is None and self.quadrant == change.quadrant:
            change.followed_s = at_s
        if self.player is not None and self.quadrant != UNKNOWN:
            self._known_s += elapsed_s
            self._agreed_s += elapsed_s * (quadrant_of(*self.player) == self.quadrant)
        if at_s < self._moment_s:
            return None
        self._moment_s = (at_s // MOMENT_S + 1.0) * MOMENT_S
        return Moment(
            at_s=at_s,
            place=place.name,
            player=self.player,
            music=self.music,
            quadrant=self.quadrant,
            levels=tuple(round(level, 3) for level in levels),
        )

    @property
    def agreement(self) -> float:
        """Share of the time in which player and music were in one quadrant, 0..1."""
        return self._agreed_s / self._known_s if self._known_s else 0.0

    def summary(self, at_s: float) -> Summary:
        """What came of it."""
        return Summary(
            at_s=at_s,
            changes=tuple(self.changes),
            agreement=self.agreement,
            boundaries=len(self.boundaries),
        )

    def _follow(self, number: int, state: str, at_s: float) -> None:
        change = self._orders.get(number)
        if change is None:
            return
        if state == "started":
            change.started_s = at_s
        elif state == "done":
            change.done_s = at_s
