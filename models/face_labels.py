"""Words for expressions, and where they lie on the plane of valence and arousal.

Conventions
-----------
A *label* is one of `LABELS`; `label_of_word` understands the words and spellings of the usual data
sets and models. Points are means of ratings of the words (J. Russell & A. Mehrabian, Evidence for a
three-factor theory of emotions, Journal of Research in Personality 11, 1977), rounded to two
decimals; *contempt* is not among them and stands half-way between *disgust* and *neutral*, which is
our choice. They say what people mean by a word, not what a person feels whose face is named so:
that is the affair of the confidence (`models.face`).
"""

from __future__ import annotations

import re

import numpy as np

POINTS: dict[str, tuple[float, float]] = {
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happiness": (0.81, 0.51),
    "sadness": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "neutral": (0.0, 0.0),
    "contempt": (-0.30, 0.17),
}
"""Valence and arousal of each label, in the order of FER2013, then contempt."""
LABELS = tuple(POINTS)
AXES = ("valence", "arousal")
"""What an output of a network may be instead of a label: the value itself, -1..1."""

_WORDS = {
    "anger": ("anger", "angry", "an"),
    "disgust": ("disgust", "disgusted", "di"),
    "fear": ("fear", "fearful", "scared", "afraid", "fe"),
    "happiness": ("happiness", "happy", "joy", "joyful", "smile", "smiling", "ha"),
    "sadness": ("sadness", "sad", "sa"),
    "surprise": ("surprise", "surprised", "su"),
    "neutral": ("neutral", "neutrality", "normal", "ne"),
    "contempt": ("contempt", "contemptuous", "co"),
}
_LABEL_OF = {word: label for label, words in _WORDS.items() for word in words}


def label_of_word(text: str) -> str | None:
    """Label that a word names, in any case, numbered or not (``3_happy``); None where none."""
    parts = [part for part in re.split(r"[\W_\d]+", text.casefold()) if part]
    return _LABEL_OF.get("".join(parts))


def polarity(label: str) -> int:
    """-1, 0 or 1: whether a label is negative, neither, or positive. Surprise is neither."""
    if label in ("neutral", "surprise"):
        return 0
    return 1 if POINTS[label][0] > 0.0 else -1


def point_of(labels: tuple[str, ...], probabilities: np.ndarray) -> tuple[float, float]:
    """Mean point of labels with these probabilities, shape=(n,): valence and arousal, -1..1."""
    points = np.asarray([POINTS[label] for label in labels])
    valence, arousal = probabilities @ points
    return float(valence), float(arousal)
