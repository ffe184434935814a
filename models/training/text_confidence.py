"""How surely the side of a valence is right: fitted on texts that the student has not learned.

Conventions
-----------
`models.text.certainty_features` of a text times four numbers is the logit of the probability that
its valence lies on the right side of zero. Texts about which people are neutral are on no side and
do not count. Three corpora count alike, however large they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.text import certainty_features
from models.text_tokens import read_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.text_language import WordList

CLEAR = 0.2
"""Ratings of EmoBank nearer to neutral than this are on no side."""


class Sides(NamedTuple):
    """Texts of a corpus that are on a side.

    Attributes
    ----------
    texts : list of str
    positive : np.ndarray, shape=(n,), bool
        On which side people put them.
    valence : np.ndarray, shape=(n,)
        What the student says, in deviations.
    """

    texts: list[str]
    positive: np.ndarray
    valence: np.ndarray


def sides_of(texts: Sequence[str], truth: np.ndarray, valence: np.ndarray, clear: float) -> Sides:
    """Keep the texts whose truth is further than ``clear`` from 0."""
    rows = np.flatnonzero(np.abs(truth) > clear)
    return Sides([texts[i] for i in rows], truth[rows] > 0, valence[rows])


def fit_certainty(corpora: Sequence[Sides], english: WordList) -> np.ndarray:
    """Four numbers that make the probabilities likeliest, shape=(4,), float32."""
    rows = [
        certainty_features(valence, read_tokens(text), english)
        for sides in corpora
        for text, valence in zip(sides.texts, sides.valence, strict=True)
    ]
    right = np.concatenate([(sides.valence > 0) == sides.positive for sides in corpora])
    weights = np.concatenate(
        [np.full(len(sides.texts), 1000.0 / len(sides.texts)) for sides in corpora]
    )
    fitted = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000)
    return fitted.fit(np.stack(rows), right, weights).coef_[0].astype(np.float32)
