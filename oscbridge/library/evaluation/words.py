"""Which quadrant a user's words name: by sets of labels, else as folders are called.

Conventions
-----------
A word of a set is the word of a quadrant, or a label that lies plainly within one: `PLAIN` or more
from both axes, on neither of which it may be wide. Words are compared without case. What no set
knows may still be one of `models.labelled.words`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.labelled.words import quadrant_of_word
from models.types import QUADRANTS, quadrant_of
from oscbridge.labels.files import read_set
from oscbridge.labels.place import WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from oscbridge.labels import Labels
    from oscbridge.labels.files import LabelEntry

PLAIN = 0.15


def reader_of(sets: Iterable[str], own: Labels) -> Callable[[str], int | None]:
    """Build what gives the quadrant of a word, None where it names none.

    Parameters
    ----------
    sets : iterable of str
        Names of sets that ship, or files (``*.toml``); the first that knows a word counts.
    own : Labels
        The user's words for the quadrants; they come before all sets.

    Raises
    ------
    SettingsError
        There is no such set, or it breaks the rules.
    """
    known = {own.of(quadrant).casefold(): quadrant for quadrant in QUADRANTS}
    for name in sets:
        found = read_set(name)
        for quadrant, word in found.quadrants.words().items():
            known.setdefault(word.casefold(), quadrant)
        for entry in found.label:
            if _is_plain(entry):
                quadrant = quadrant_of(entry.valence, entry.arousal)
                known.setdefault(entry.name.casefold(), quadrant)
    return lambda word: known.get(word.strip().casefold()) or quadrant_of_word(word)


def _is_plain(entry: LabelEntry) -> bool:
    return max(entry.radii) < WIDE and min(abs(entry.valence), abs(entry.arousal)) >= PLAIN
