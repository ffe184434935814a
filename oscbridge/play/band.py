"""The band: plays the layers of the game, and turns to others on the beat, as one that is asked to.

Conventions
-----------
The only clock is `Band.position`, samples since the beginning: beats and bars are multiples of it,
and a `Turn` says at which sample a change begins and at which it is complete. Whoever wants to know
how far a turn is compares the two.

A turn is an equal-power fade: each quadrant has a power, together they make 1 at every sample, and
a gain is the root of a power. With x = 0..1 the share of the fade that has passed, the powers of
what was heard fall as cos²(πx/2), and the new one has the rest; so a turn may begin in the middle
of another. A layer that comes in has been at play since its phrase began: it enters in the middle
of a chord, not with the next one.

The same calls at the same positions give the same samples, whatever the blocks. `Band.render` is
called by one thread; everything may be called from any.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np

from oscbridge.play.score import BAR, BEAT, LAYERS, PHRASE_BEATS, Layer
from oscbridge.sources.demo_sounds import SAMPLE_RATE

QUADRANTS = 4
SHORTEST_FADE = SAMPLE_RATE // 100
"""Samples: even a cut must not click."""
LONGEST_BEATS = PHRASE_BEATS + 2
"""No sound lasts longer."""
NEAR = SAMPLE_RATE
"""Steps, one a sample, in which the layers of a place's heart come and go."""

STEPS = {
    "now": 1,
    "beat": BEAT,
    "bar": BAR,
    "2bar": 2 * BAR,
    "4bar": 4 * BAR,
    "8bar": 8 * BAR,
    "cue": PHRASE_BEATS * BEAT,
    "end": 8 * BAR,  # when every tune has come round
}
"""Samples between the points at which a turn may begin, by the protocol's word for it."""


class Turn(NamedTuple):
    """A change to the music of a quadrant: begins at sample ``start``, complete at ``stop``."""

    quadrant: int
    start: int
    stop: int


class Band:
    """Plays for ever.

    Parameters
    ----------
    quadrant : int
        What it plays first, 1..4.

    Attributes
    ----------
    sample_rate : int
        24000 Hz.
    """

    sample_rate = SAMPLE_RATE

    def __init__(self, quadrant: int) -> None:
        self._playing = threading.Lock()
        self._position = 0
        self._players = [_Player(layer) for layer in LAYERS]
        self._powers = np.zeros(QUADRANTS + 1)
        self._powers[quadrant] = 1.0
        self._turn = Turn(quadrant, 0, 0)
        self._next: Turn | None = None
        self._near = self._wanted = 0  # of `NEAR`

    @property
    def position(self) -> int:
        """Samples played."""
        return self._position

    @property
    def quadrant(self) -> int:
        """What it plays, or is turning to."""
        return self._turn.quadrant

    @property
    def levels(self) -> tuple[float, ...]:
        """Gain 0..1 of each of `oscbridge.play.score.LAYERS` right now."""
        with self._playing:
            powers = self._powers_from(self._position, 1)[:, 0]
            return tuple(
                float(np.sqrt(powers[player.layer.quadrant]))
                * (self._near / NEAR if player.layer.near else 1.0)
                for player in self._players
            )

    def schedule(self, quadrant: int, quantise: str, fade_beats: float) -> Turn:
        """Turn to other music at the next point of a kind, in place of a turn that waits.

        Parameters
        ----------
        quadrant : int
            1..4.
        quantise : str
            One of `oscbridge.protocol.QUANTISE`.
        fade_beats : float
            Length of the fade.
        """
        step = STEPS[quantise]
        fade = max(round(fade_beats * BEAT), SHORTEST_FADE)
        with self._playing:
            start = -(-self._position // step) * step
            self._next = Turn(quadrant, start, start + fade)
            return self._next

    def cancel(self) -> None:
        """Forget the turn that waits."""
        with self._playing:
            self._next = None

    def approach(self, near: float) -> None:
        """Say how near the heart of the place is, 0..1."""
        self._wanted = round(near * NEAR)

    def render(self, count: int) -> np.ndarray:
        """Play on.

        Returns
        -------
        np.ndarray, shape=(count,), float32
            |x| < 1.
        """
        with self._playing:
            out = np.empty(count, dtype=np.float32)
            filled = 0
            while filled < count:
                self._begin_what_is_due()
                piece = min(count - filled, self._until_something_happens())
                out[filled : filled + piece] = self._play(piece)
                filled += piece
            return out

    def _begin_what_is_due(self) -> None:
        """Begin a turn, and what the layers play in the beat that begins here."""
        if self._next is not None and self._next.start <= self._position:
            self._powers = self._powers_from(self._position, 1)[:, 0]
            self._turn, self._next = self._next, None
        audible = {self._turn.quadrant, *np.flatnonzero(self._powers_from(self._position, 1))}
        for player in self._players:
            player.go_on(self._position, audible=player.layer.quadrant in audible)

    def _until_something_happens(self) -> int:
        """Samples until the next beat, or until a turn begins."""
        beat = BEAT - self._position % BEAT
        return beat if self._next is None else min(beat, self._next.start - self._position)

    def _play(self, count: int) -> np.ndarray:
        """The next samples, within a beat."""
        gains = np.sqrt(self._powers_from(self._position, count), dtype=np.float32)
        wanted = self._wanted
        steps = np.arange(1, count + 1) * np.sign(wanted - self._near)
        low, high = sorted((self._near, wanted))
        steps = np.clip(self._near + steps, low, high)
        near = (steps / NEAR).astype(np.float32)
        mix = np.zeros(count, dtype=np.float32)
        for player in self._players:
            if player.plays:
                heard = gains[player.layer.quadrant] * player.read(self._position, count)
                mix += heard * near if player.layer.near else heard
        self._near = int(steps[-1])
        self._position += count
        return np.tanh(mix)

    def _powers_from(self, start: int, count: int) -> np.ndarray:
        """Powers of the quadrants, shape=(5, count); those of a sample add up to 1."""
        turn = self._turn
        passed = (np.arange(start, start + count) - turn.start) / max(turn.stop - turn.start, 1)
        left = np.where(passed < 1.0, np.cos(np.clip(passed, 0.0, 1.0) * (np.pi / 2.0)) ** 2, 0.0)
        powers = self._powers[:, np.newaxis] * left
        powers[turn.quadrant] = 0.0
        powers[turn.quadrant] = 1.0 - powers.sum(axis=0)
        return powers


class _Player:
    """Plays one layer.

    Attributes
    ----------
    layer : Layer
        Which.
    plays : bool
        Whether it is at play.
    """

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.plays = False
        self._ahead = np.zeros(LONGEST_BEATS * BEAT, dtype=np.float32)  # from this beat on

    def go_on(self, position: int, *, audible: bool) -> None:
        """Compose the beat that begins at ``position``, if one does; come in, or fall silent."""
        beat, into = divmod(position, BEAT)
        if not audible:
            self.plays = False
        elif not self.plays:
            self.plays = True
            self._ahead[:] = 0.0
            for past in range(beat - beat % PHRASE_BEATS, beat + 1):
                self._compose(past, past - beat)
        elif into == 0:
            self._ahead[:-BEAT] = self._ahead[BEAT:]
            self._ahead[-BEAT:] = 0.0
            self._compose(beat, 0)

    def read(self, position: int, count: int) -> np.ndarray:
        """What it plays from ``position`` on, within the beat."""
        into = position % BEAT
        return self._ahead[into : into + count]

    def _compose(self, beat: int, beats_from_now: int) -> None:
        """Add what a beat brings, as far as it is not over."""
        for at, sound in self.layer.compose(beat):
            start = round((beats_from_now + at) * BEAT)
            rest = sound[max(-start, 0) : len(self._ahead) - start]
            first = max(start, 0)
            self._ahead[first : first + len(rest)] += rest
