"""Which words name which quadrant: what people call their folders.

Conventions
-----------
Quadrants are 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A. A word counts in any case, with spaces, hyphens and
underscores left out; ``Q1``, ``1`` and ``1 happy`` are the first quadrant too. Words that could
stand for two quadrants (*energetic*, *dark*, *slow*) are not understood on purpose.
"""

from __future__ import annotations

import re

WORDS: dict[int, tuple[str, ...]] = {
    1: (
        *("happy", "happiness", "cheerful", "joy", "joyful", "excited", "excitement", "exuberant"),
        *("elated", "delighted", "triumphant", "hvha"),
    ),
    2: (
        *("tense", "tension", "anxious", "anxiety", "angry", "anger", "fierce", "aggressive"),
        *("fear", "fearful", "scary", "agitated", "nervous", "lvha"),
    ),
    3: (
        *("sad", "sadness", "mawkish", "low", "depressed", "depressing", "gloomy", "mournful"),
        *("melancholy", "melancholic", "bored", "lvla"),
    ),
    4: (
        *("relaxed", "relax", "relaxing", "calm", "gentle", "peaceful", "serene", "serenity"),
        *("content", "tender", "tranquil", "soothing", "hvla"),
    ),
}
"""Our own words, those of S. Chen (2024), and what else is plainly meant."""

_QUADRANT_OF = {word: quadrant for quadrant, words in WORDS.items() for word in words}


def quadrant_of_word(text: str) -> int | None:
    """Quadrant that a word names, 1..4; None where it names none or two."""
    parts = [part for part in re.split(r"[\W_]+", text.casefold()) if part]
    numbers = {int(m[1]) for part in parts if (m := re.fullmatch(r"q?([1-4])", part))}
    rest = "".join(part for part in parts if not re.fullmatch(r"q?[1-4]", part))
    named = {_QUADRANT_OF[rest]} if rest in _QUADRANT_OF else set[int]()
    if rest and not named:
        return None
    found = numbers | named
    return found.pop() if len(found) == 1 else None
