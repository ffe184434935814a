"""Which sources only repeat what the music expresses, and so say nothing of the player.

Conventions
-----------
What the music expresses is told by oscbridge itself, and may come back as if a player had felt it:
from a host that forwards what it hears, from a "sensor" that listens to the loudspeakers. Then the
music would be evidence for itself. A source is an echo when what it says *moves* as the music has
moved within the last `LATEST_S` seconds: the correlation of their changes at some delay is at least
`ALIKE`, stretched or shifted or not. People follow music too, but neither that closely nor that
soon. Where the music does not move nothing is decided, and what was known stays.

Times are seconds that the caller gives. Points are (valence, arousal), NaN where nothing is said.
An echo that was smoothed much is not found.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

ALIKE = 0.9
UNLIKE = 0.7
"""Who was an echo is none any more below this."""
SPACING_S = 0.5
"""Changes are taken over at least this long."""
LEAST, MOST = 16, 40
"""Changes that a verdict takes, and that are remembered."""
EVERY = 4
"""A verdict is reached once in so many changes."""
LATEST_S = 3.0
STEP_S = 0.05
"""Between delays, and between points of the music that are remembered."""
STILL = 0.03
"""Where the music's changes are smaller on the average, it does not move."""
POINTS = 1800
"""Of the music, that are remembered: 45 seconds."""
SOURCES = 64

_LAGS_S = np.arange(0.0, LATEST_S + STEP_S / 2.0, STEP_S)


class Echoes:
    """Finds echoes among sources."""

    def __init__(self) -> None:
        self._music = np.zeros((POINTS, 3))  # a ring of seconds, valence and arousal
        self._count = 0
        self._heard_s = -math.inf
        self._said: dict[str, deque[tuple[float, float, float]]] = {}
        self._news: dict[str, int] = {}
        self._found: set[str] = set()

    def __contains__(self, source: str) -> bool:
        """Whether a source is an echo, as far as is known."""
        return source in self._found

    def hear(self, valence: float, arousal: float, now_s: float) -> None:
        """Take what the music expresses now."""
        if now_s - self._heard_s < STEP_S / 2.0:
            return
        self._heard_s = now_s
        self._music[self._count % POINTS] = now_s, valence, arousal
        self._count += 1

    def take(self, source: str, valence: float | None, arousal: float | None, now_s: float) -> bool:
        """Take what a source says; whether it is found now to be an echo."""
        said = self._said.pop(source, None) or deque(maxlen=MOST + 1)
        self._said[source] = said  # the one that spoke last is last
        if said and now_s - said[-1][0] < SPACING_S:
            return False
        said.append(
            (
                now_s,
                np.nan if valence is None else valence,
                np.nan if arousal is None else arousal,
            )
        )
        while len(self._said) > SOURCES:
            self._forget(next(iter(self._said)))
        self._news[source] = self._news.get(source, 0) + 1
        if len(said) <= LEAST or not self._count or self._news[source] % EVERY:
            return False
        before, likeness = source in self._found, self._likeness(np.array(said))
        if likeness >= ALIKE:
            self._found.add(source)
        elif likeness < UNLIKE:
            self._found.discard(source)
        return source in self._found and not before

    def _forget(self, source: str) -> None:
        self._said.pop(source)
        self._news.pop(source, None)
        self._found.discard(source)

    def _likeness(self, said: np.ndarray) -> float:
        """The highest correlation of changes at any delay; NaN where the music is still.

        Parameters
        ----------
        said : np.ndarray, shape=(n, 3), float64
            Seconds, valence and arousal of what was said.
        """
        music = self._music[: self._count]
        if self._count > POINTS:
            music = np.roll(music, -(self._count % POINTS), axis=0)
        places = np.searchsorted(music[:, 0], said[:, :1] - _LAGS_S, side="right") - 1
        heard = music[places, 1:]  # (n, lags, 2)
        heard[places < 0] = np.nan
        moved = np.diff(heard, axis=0)
        changes = np.diff(said[:, None, 1:], axis=0)
        both = np.isfinite(moved) & np.isfinite(changes)
        count = both.sum(axis=(0, 2))
        own = np.where(both, changes, 0.0)
        others = np.where(both, moved, 0.0)
        power = (others**2).sum(axis=(0, 2))
        moves = (count >= LEAST) & (power >= STILL**2 * np.maximum(count, 1))
        if not moves.any():
            return np.nan
        scale = np.sqrt(power * (own**2).sum(axis=(0, 2)))
        alike = (own * others).sum(axis=(0, 2)) / np.maximum(scale, 1e-12)
        return float(alike[moves].max())
