"""What a keyboard says, and the notes that it makes.

Conventions
-----------
Time is an integer sample index at a stated ``sample_rate``, as everywhere; seconds stand only in
`Notes`, which is what features are computed from. Pitches are MIDI numbers 0..127 (60 = middle C),
velocities 1..127. A note *begins* when its key is pressed, is *released* when the key goes up, and
*ends* when its sound does: later than the release where the sustain pedal holds it. Channel 10 of
General MIDI (number 9) is percussion: it has no pitches and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

PERCUSSION = 9
"""Channel whose keys are drums."""
CHANNELS = 16
FADED_S = 20.0
"""A key that is held longer than this has faded, or its release was lost."""


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """Something that happens on a keyboard.

    Attributes
    ----------
    at : int
        Sample index.
    kind : {"press", "release", "pedal", "silence"}
        A key goes down or up; the sustain pedal moves; everything is to be silent.
    channel : int
        0..15.
    pitch : int
        The key; 0 where there is none.
    velocity : int
        Of a press 1..127; of a pedal 0..127, down from 64 on; else 0.
    """

    at: int
    kind: Literal["press", "release", "pedal", "silence"]
    channel: int = 0
    pitch: int = 0
    velocity: int = 0


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes in the order in which they began, as arrays of one length.

    Attributes
    ----------
    onset_s, release_s, end_s : np.ndarray, shape=(n,), float64
        When each began, was released and ended, seconds.
    pitch : np.ndarray, shape=(n,), int64
        0..127.
    velocity : np.ndarray, shape=(n,), float64
        1..127.
    """

    onset_s: np.ndarray
    release_s: np.ndarray
    end_s: np.ndarray
    pitch: np.ndarray
    velocity: np.ndarray

    def __len__(self) -> int:
        return len(self.onset_s)

    def heard(self, start_s: float, stop_s: float) -> Notes:
        """Notes that began in ``[start_s, stop_s)``, known only as far as ``stop_s``."""
        first, last = np.searchsorted(self.onset_s, (start_s, stop_s))
        part = slice(int(first), int(last))
        return Notes(
            self.onset_s[part],
            np.minimum(self.release_s[part], stop_s),
            np.minimum(self.end_s[part], stop_s),
            self.pitch[part],
            self.velocity[part],
        )


class Keyboard:
    """Turns key events into notes, with the pedal and keys that are struck again.

    Parameters
    ----------
    sample_rate : int
        Samples per second of all indices, Hz.

    Raises
    ------
    ValueError
        Not a positive rate.

    Notes
    -----
    A key that is pressed while it sounds ends the old note, as on a piano. A release without a
    press is nothing. Every channel has a pedal of its own.
    """

    def __init__(self, sample_rate: int) -> None:
        if sample_rate < 1:
            raise ValueError(f"sample_rate must be 1 or more, not {sample_rate}")
        self.sample_rate = sample_rate
        self.reset()

    def update(self, event: KeyEvent) -> None:
        """Take the next event; events come in the order of their ``at``."""
        if event.channel == PERCUSSION:
            return
        key = (event.channel, event.pitch)
        if event.kind == "press":
            self._end(key, event.at)
            self._sounding[key] = len(self._onset)
            self._onset.append(event.at)
            self._release.append(-1)
            self._stop.append(-1)
            self._pitch.append(event.pitch)
            self._velocity.append(event.velocity)
        elif event.kind == "release":
            self._let_go(key, event.at)
        elif event.kind == "pedal":
            self._press_pedal(event)
        else:
            for sounding in [key for key in self._sounding if key[0] == event.channel]:
                self._end(sounding, event.at)

    def _let_go(self, key: tuple[int, int], at: int) -> None:
        number = self._sounding.get(key)
        if number is None or self._release[number] >= 0:
            return
        self._release[number] = at
        if not self._pedals[key[0]]:
            self._end(key, at)

    def _press_pedal(self, event: KeyEvent) -> None:
        down = event.velocity >= 64
        if self._pedals[event.channel] and not down:
            for key, number in list(self._sounding.items()):
                if key[0] == event.channel and self._release[number] >= 0:
                    self._end(key, event.at)
        self._pedals[event.channel] = down

    def _end(self, key: tuple[int, int], at: int) -> None:
        number = self._sounding.pop(key, None)
        if number is not None:
            self._ended = at
            self._stop[number] = at
            if self._release[number] < 0:
                self._release[number] = at

    def audible_until(self, now: int) -> int:
        """Sample index up to which notes could be heard: ``now`` while one sounds."""
        faded = round(FADED_S * self.sample_rate)
        ends = [self._onset[number] + faded for number in self._sounding.values()]
        return min(now, max([self._ended, *ends]))

    def notes(self, start: int, stop: int) -> Notes:
        """Notes that began at sample ``start`` or later; what still sounds ends at ``stop``."""
        first = int(np.searchsorted(self._onset, start))
        ends = np.array([self._release[first:], self._stop[first:]], dtype=np.int64)
        ends = np.where((ends < 0) | (ends > stop), stop, ends) / self.sample_rate
        return Notes(
            np.array(self._onset[first:], dtype=np.int64) / self.sample_rate,
            ends[0],
            ends[1],
            np.array(self._pitch[first:], dtype=np.int64),
            np.array(self._velocity[first:], dtype=np.float64),
        )

    def forget(self, start: int) -> None:
        """Drop the notes that began before sample ``start`` and have ended."""
        first = int(np.searchsorted(self._onset, start))
        first = min([first, *self._sounding.values()])
        for column in (self._onset, self._release, self._stop, self._pitch, self._velocity):
            del column[:first]
        self._sounding = {key: number - first for key, number in self._sounding.items()}

    def reset(self) -> None:
        """Forget all notes; all keys and pedals are up."""
        self._onset: list[int] = []
        self._release: list[int] = []
        self._stop: list[int] = []
        self._pitch: list[int] = []
        self._velocity: list[int] = []
        self._sounding: dict[tuple[int, int], int] = {}
        self._pedals = [False] * CHANNELS
        self._ended = 0  # when a sound last ended


def play(events: Iterable[KeyEvent], stop: int, sample_rate: int) -> Notes:
    """All notes of a performance that ends at sample ``stop``."""
    keyboard = Keyboard(sample_rate)
    for event in events:
        keyboard.update(event)
    return keyboard.notes(0, stop)
