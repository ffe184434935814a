"""A host that exists only as rules: it is asked for other music, turns on a bar, and says so.

Conventions
-----------
It is told what a real host is told, our own messages, and answers with what a real host says:
acknowledgements (`oscbridge.orders.AckRequest`). Its music is a point of the plane; a crossfade
moves it on a straight line. No piece is exactly what was asked for: each lies `MISS` beside it. A
host that is asked twice plays what it was asked last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.types import AffectState
from oscbridge import orders as do
from oscbridge.simulation.plane import NEUTRAL, Point, bounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from oscbridge.protocol import Message

BEAT_S = 0.5
BAR_S = 4 * BEAT_S
GRID_S = {
    "now": 0.0,
    "beat": BEAT_S,
    "bar": BAR_S,
    "2bar": 2 * BAR_S,
    "4bar": 4 * BAR_S,
    "8bar": 8 * BAR_S,
    "cue": 4 * BAR_S,
    "end": 8 * BAR_S,
}
MISS = 0.08
"""Deviation of a piece from what it was asked to express, on each axis."""

HEARD_S = 4.0
"""Time constant with which an analysis follows other music, seconds."""
HEARD_DEVIATION = 0.1
"""Of its errors."""
HEARD_CONFIDENCE = 0.7
RATE = 22_050
"""Samples per second of what the analysis says."""


@dataclass(slots=True)
class _Order:
    id: int
    goal: Point
    start_s: float
    fade_s: float
    origin: Point = NEUTRAL
    started: bool = False

    def share(self, now_s: float) -> float:
        return min((now_s - self.start_s) / self.fade_s, 1.0) if self.fade_s > 0.0 else 1.0


class Host:
    """Plays what is asked for.

    Parameters
    ----------
    music : Point
        What its music expresses at first.
    random : np.random.Generator
        How far each piece lies beside what was asked for.
    refuses : float
        Share of requests that it refuses, 0..1.

    Attributes
    ----------
    music : Point
        What its music expresses now.
    """

    def __init__(self, music: Point, random: np.random.Generator, refuses: float = 0.0) -> None:
        self.music = music
        self._random = random
        self._refuses = refuses
        self._order: _Order | None = None

    def take(self, messages: Iterable[Message], now_s: float) -> list[do.Command]:
        """Do what messages ask for; return what it answers."""
        said: list[do.Command] = []
        for signal, args in messages:
            match signal.name, args:
                case "request", (
                    int(number),
                    float(v),
                    float(a),
                    *_,
                    str(grid),
                    float(beats),
                    _,
                    _,
                    _,
                ):
                    said.append(self._accept(number, Point(v, a), GRID_S[grid], beats, now_s))
                case "request/cancel", (int(number),):
                    order = self._order
                    if order is not None and order.id == number and not order.started:
                        self._order = None
                case _:
                    pass
        return said

    def update(self, now_s: float) -> list[do.Command]:
        """Let the music go on; return what it says about requests."""
        order = self._order
        if order is None or now_s < order.start_s:
            return []
        said: list[do.Command] = []
        if not order.started:
            order.started, order.origin = True, self.music
            said.append(do.AckRequest(order.id, "started"))
        self.music = order.origin.towards(order.goal, order.share(now_s))
        if order.share(now_s) >= 1.0:
            self._order = None
            said.append(do.AckRequest(order.id, "done"))
        return said

    def _accept(
        self, number: int, wanted: Point, grid_s: float, beats: float, now_s: float
    ) -> do.Command:
        if float(self._random.random()) < self._refuses:
            return do.AckRequest(number, "rejected")
        start_s = now_s if grid_s == 0.0 else (now_s // grid_s + 1.0) * grid_s
        goal = wanted.moved(*self._random.normal(0.0, MISS, 2).tolist())
        self._order = _Order(number, goal, start_s, beats * BEAT_S)
        return do.AckRequest(number, "queued", start_s - now_s)


class Ear:
    """What an analysis says of the host's music: late, and not exactly.

    Parameters
    ----------
    music : Point
        What it has heard so far.
    random : np.random.Generator
        Its errors, which change slowly.
    """

    def __init__(self, music: Point, random: np.random.Generator) -> None:
        self._random = random
        self._heard = music
        self._error = NEUTRAL

    def listen(self, music: Point, now_s: float, seconds: float) -> AffectState:
        """What is heard after ``seconds`` more of ``music``."""
        share = min(seconds / HEARD_S, 1.0)
        self._heard = self._heard.towards(music, share)
        fresh = Point(*self._random.normal(0.0, HEARD_DEVIATION, 2).tolist())
        self._error = self._error.towards(fresh, share)
        return AffectState(
            valence=bounded(self._heard.valence + self._error.valence),
            arousal=bounded(self._heard.arousal + self._error.arousal),
            confidence=HEARD_CONFIDENCE,
            source="music",
            stop=round(now_s * RATE),
            sample_rate=RATE,
        )
