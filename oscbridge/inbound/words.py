"""Words for emotions, and where they lie in the plane of valence and arousal.

Conventions
-----------
Words are compared without regard to case. The user's own words for the quadrants come first and
stand for the middles of these. The others lie on a circle of radius `RADIUS` at angles
(counter-clockwise from pleasant) to the nearest 15 degrees of where people have put such words in
Russell's study.

References
----------
J. A. Russell, "A Circumplex Model of Affect", Journal of Personality and Social Psychology 39(6),
1161-1178, 1980.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oscbridge.labels import Labels

RADIUS = 0.8
NEUTRAL = frozenset({"neutral", "none", "normal"})
ANGLES = {
    **dict.fromkeys(("pleased", "glad", "fun"), 0),
    **dict.fromkeys(("happy", "happiness", "joy", "cheerful"), 15),
    **dict.fromkeys(("delighted", "amused"), 30),
    **dict.fromkeys(("excited", "euphoric", "enthusiastic"), 45),
    **dict.fromkeys(("astonished", "surprised", "surprise", "aroused"), 75),
    **dict.fromkeys(("tense", "alarmed", "angry", "anger", "nervous"), 105),
    **dict.fromkeys(("afraid", "fear", "scared", "annoyed", "anxious"), 120),
    **dict.fromkeys(("distressed", "stressed", "frustrated"), 135),
    **dict.fromkeys(("disgusted", "disgust", "upset"), 165),
    **dict.fromkeys(("miserable", "unhappy"), 195),
    **dict.fromkeys(("sad", "sadness", "sorrow", "gloomy"), 210),
    **dict.fromkeys(("depressed", "melancholic"), 225),
    **dict.fromkeys(("bored", "boredom"), 240),
    **dict.fromkeys(("tired", "droopy", "sleepy"), 270),
    **dict.fromkeys(("calm", "relaxed", "at ease", "peaceful"), 315),
    **dict.fromkeys(("content", "serene", "satisfied"), 330),
}
"""Degrees."""

_MIDDLES = {1: (0.5, 0.5), 2: (-0.5, 0.5), 3: (-0.5, -0.5), 4: (0.5, -0.5)}


def point_of_word(word: str, labels: Labels) -> tuple[float, float] | None:
    """Valence and arousal of a word, None where nobody knows it."""
    wanted = word.strip().casefold()
    for quadrant, middle in _MIDDLES.items():
        if labels.of(quadrant).casefold() == wanted:
            return middle
    if wanted in NEUTRAL:
        return 0.0, 0.0
    angle = ANGLES.get(wanted)
    if angle is None:
        return None
    return RADIUS * math.cos(math.radians(angle)), RADIUS * math.sin(math.radians(angle))
