"""Keys as DJs read them, on the Camelot wheel: which of them sound well together.

Conventions
-----------
A key is an index into `oscbridge.library.track.KEYS`: 0..11 major from C upwards, 12..23 minor, -1
where it is not known. The wheel is the circle of fifths written as numbers 1..12 with a letter, B
for major and A for minor: C is 8B, its relative minor Am is 8A, a fifth up (G) is 9B. Keys *fit*
that are the same, neighbours on the wheel (six of seven notes in common), or relative to one
another (all seven).

Open Key, which Traktor writes, is the same wheel from another hour: C is 1d, Am is 1m.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from oscbridge.errors import SettingsError
from oscbridge.library.track import KEYS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

HOURS = 12
_LETTERS = {"B": 0, "A": 12}
_OPEN_LETTERS = {"D": 0, "M": 12}
_OPEN_AHEAD = 7
"""C is 8 on the one wheel and 1 on the other."""
_FROM_FIRST = 7
"""C, hour 8, is seven hours after hour 1."""

_WHEEL = re.compile(r"(1[0-2]|[1-9])([ABDM])", re.IGNORECASE)
_NAME = re.compile(r"([A-G])([#b♯♭]?)\s*(m|min|minor|maj|major|)", re.IGNORECASE)
_PITCHES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}


def _hour(key: int) -> int:
    """Place on the wheel, 1..12; that of a minor key is its relative major's, three steps up."""
    pitch = key if key < HOURS else key - HOURS + 3
    return (pitch * 7 + _FROM_FIRST) % HOURS + 1


_HOUR = np.array([*(_hour(key) for key in range(len(KEYS))), 0])
"""By key; the last one is that of an unknown key, -1."""
_KEY_OF_HOUR = {(_hour(key), key // HOURS * HOURS): key for key in range(len(KEYS))}


def code_of(key: int) -> str:
    """How the wheel calls a key, ``"8B"``; empty where it is not known.

    Raises
    ------
    ValueError
        There is no such key.
    """
    if not -1 <= key < len(KEYS):
        raise ValueError(f"a key is -1 to {len(KEYS) - 1}, not {key}")
    return f"{_HOUR[key]}{'B' if key < HOURS else 'A'}" if key >= 0 else ""


def key_of(text: str) -> int:
    """Read a key: ``8B`` of the wheel, ``1d`` of Open Key, or a name as ``Am``, ``C# minor``.

    Raises
    ------
    SettingsError
        It is none of these.
    """
    wanted = text.strip()
    if found := _WHEEL.fullmatch(wanted):
        hour, letter = int(found[1]), found[2].upper()
        if letter in _LETTERS:
            return _KEY_OF_HOUR[hour, _LETTERS[letter]]
        return _KEY_OF_HOUR[(hour + _OPEN_AHEAD - 1) % HOURS + 1, _OPEN_LETTERS[letter]]
    if found := _NAME.fullmatch(wanted):
        pitch = (_PITCHES[found[1].upper()] + _ACCIDENTALS[found[2].lower()]) % HOURS
        minor = found[3] == "m" or found[3].lower().startswith("min")  # CM is C major
        return pitch + HOURS if minor else pitch
    raise SettingsError(f"{text!r} is no key: write it as 8B or 5A, as Am or C, or as 1d.")


def fits(key: int, keys: ArrayLike) -> np.ndarray:
    """Which ``keys`` fit ``key``, shape and order as given, bool; unknown ones do not."""
    others = np.asarray(keys)
    if key < 0:
        return np.zeros(others.shape, bool)
    apart = np.abs(_HOUR[others] - _HOUR[key])
    apart = np.minimum(apart, HOURS - apart)
    same_letter = (others >= HOURS) == (key >= HOURS)
    return (others >= 0) & ((apart == 0) | (same_letter & (apart == 1)))
