"""Texts rewritten as somebody might in a chat, and how what they express changes with it.

Conventions
-----------
Ratings are valence, arousal and dominance in deviations, shape=(3,). The amounts for capitals and
exclamation marks follow what Hutto & Gilbert measured (VADER, ICWSM 2014); the others are our
guess.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.training.text_lessons import Lessons

IRONIC = ("/s", "Kappa", "🙃", "yeah right", "kappa")
"""After a text that sounds pleased: it is not."""


def loud(text: str, ratings: np.ndarray, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """Everything in capitals."""
    return text.upper(), ratings * (1.15, 1.0, 1.0) + np.asarray((0.0, 0.7, 0.2))


def excited(text: str, ratings: np.ndarray, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """One to three exclamation marks."""
    count = int(rng.integers(1, 4))
    shift = 0.25 * count
    return text.rstrip(".") + "!" * count, ratings * (1 + 0.07 * count, 1.0, 1.0) + np.asarray(
        (0.0, shift, 0.0)
    )


def drawn_out(text: str, ratings: np.ndarray, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """One word drawn out at its last vowel."""
    words = text.split()
    i = int(rng.integers(len(words)))
    drawn = re.sub(
        r"([aeiou])([^aeiou]*)$", lambda m: m[1] * 4 + m[2], words[i], flags=re.IGNORECASE
    )
    return " ".join([*words[:i], drawn, *words[i + 1 :]]), ratings + np.asarray((0.0, 0.3, 0.0))


def careless(text: str, ratings: np.ndarray, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """Small letters, and nothing between sentences."""
    return re.sub(r"[.,;:!?'\"]", "", text.lower()), ratings


def misspelt(text: str, ratings: np.ndarray, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """Two neighbouring letters in the wrong order."""
    i = int(rng.integers(max(len(text) - 2, 1)))
    return text[:i] + text[i : i + 2][::-1] + text[i + 2 :], ratings


def ironic(text: str, ratings: np.ndarray, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """A sign that it is not meant: what sounds pleased is not, what is not is a little less so."""
    sign = IRONIC[int(rng.integers(len(IRONIC)))]
    factor = -0.6 if ratings[0] > 0.3 else 0.7
    return f"{text} {sign}", ratings * (factor, 1.0, 1.0)


_WAYS: tuple[tuple[float, Callable[..., tuple[str, np.ndarray]]], ...] = (
    (0.07, loud),
    (0.10, excited),
    (0.05, drawn_out),
    (0.12, careless),
    (0.05, misspelt),
    (0.04, ironic),
)
"""How often a text is rewritten in each way."""
WITH_SIGN = 0.10
"""How often an emote or an emoji is written after it."""


def vary(
    text: str, ratings: np.ndarray, signs: Lessons, rng: np.random.Generator
) -> tuple[str, np.ndarray]:
    """Perhaps rewrite a text; return it and its ratings, shape=(3,), in deviations."""
    if not text.strip():
        return text, ratings
    for share, way in _WAYS:
        if rng.random() < share:
            text, ratings = way(text, ratings, rng)
    if rng.random() < WITH_SIGN:
        i = int(rng.integers(len(signs.texts)))
        text += f" {signs.texts[i]}" * int(rng.integers(1, 3))
        ratings = 0.6 * ratings + 0.6 * signs.ratings[i]
    return text, ratings
