"""Rules around P-A-D labels (Jiang et al. 2023): polarity, late fusion, heart-rate measures.

Conventions
-----------
Labels of pleasure, arousal and dominance are -1, 0 or 1. Heart rates in beats a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

Polarity = Literal["positive", "negative", "neutral", "undefined"]

TEXT_WEIGHT = 0.7
"""Weight of the text in the paper's best fusion; the face has the rest."""
SUITABLE = 0.1
"""Rationality above which the paper holds a subject's reaction for suitable."""


def strict_table2(p: int, a: int, d: int) -> Polarity:
    """Polarity by the paper's table 2, "undefined" for the 15 of 27 labels that it leaves out.

    Anger (-1, 1, 1), which the study is about, is among those left out.

    Raises
    ------
    ValueError
        A label is not -1, 0 or 1.
    """
    _check(p, a, d)
    if p == 1 and a in (0, 1) and d in (-1, 1):
        return "positive"
    if p in (-1, 0) and a in (-1, 0) and d in (0, 1):
        return "negative"
    return "undefined"


def polarity(p: int, a: int, d: int) -> Polarity:
    """Polarity of every label: the sign of pleasure; of ``p + a·d / 4`` where pleasure is 0.

    Raises
    ------
    ValueError
        A label is not -1, 0 or 1.
    """
    _check(p, a, d)
    score = p or 0.25 * a * d
    if score == 0:
        return "neutral"
    return "positive" if score > 0 else "negative"


def fuse(text: np.ndarray, face: np.ndarray, text_weight: float = TEXT_WEIGHT) -> np.ndarray:
    """Late fusion: weighted mean of two sensors' calibrated class probabilities.

    On hard votes any weight above one half merely repeats the text: give probabilities.

    Parameters
    ----------
    text, face : np.ndarray, shape=(n, classes)
        Rows sum to 1.
    text_weight : float
        0..1.

    Raises
    ------
    ValueError
        The weight is out of range.
    """
    if not 0.0 <= text_weight <= 1.0:
        raise ValueError(f"text_weight must be in 0..1, not {text_weight}")
    return text_weight * text + (1.0 - text_weight) * face


def rationality(angry_bpm: float, daily_bpm: float) -> float:
    """How much the heart rate rises in anger over the daily mean: ``(β - m) / m``."""
    return (angry_bpm - daily_bpm) / daily_bpm


def variation(after_bpm: float, angry_bpm: float) -> float:
    """How much the heart rate changes from anger to after the music: ``|α - β| / β``."""
    return abs(after_bpm - angry_bpm) / angry_bpm


def _check(*labels: int) -> None:
    """Refuse what is no label."""
    for label in labels:
        if label not in (-1, 0, 1):
            raise ValueError(f"a P-A-D label is -1, 0 or 1, not {label}")
