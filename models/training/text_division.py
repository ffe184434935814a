"""The corpora of the text model together, and what of them is set aside.

Conventions
-----------
As in `models.training.text_corpora`. What is set aside is learned by nobody whose figures or
confidence it decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.training.splits import assign_folds
from models.training.text_corpora import read_chat, read_emobank, read_goemotions

if TYPE_CHECKING:
    from pathlib import Path

ASIDE, COMMENTS_ASIDE = 1000, 2000
"""Sentences and comments that choose the recipe and calibrate."""


class Corpora(NamedTuple):
    """All that is learned from, divided.

    Attributes
    ----------
    sentences, ratings : list of str and np.ndarray, shape=(n, 3)
        EmoBank, train.
    aside : np.ndarray, shape=(n,), bool
        Which of them are set aside.
    comments, labels : list of str and np.ndarray, shape=(m, LABELS)
        GoEmotions, train.
    messages, sentiment, groups : list of str and np.ndarray, shape=(k,)
        Chat.
    """

    sentences: list[str]
    ratings: np.ndarray
    aside: np.ndarray
    comments: list[str]
    labels: np.ndarray
    messages: list[str]
    sentiment: np.ndarray
    groups: np.ndarray

    @property
    def learned(self) -> list[str]:
        """Sentences that are not set aside."""
        return [text for text, left in zip(self.sentences, self.aside, strict=True) if not left]

    @property
    def centre(self) -> np.ndarray:
        """Mean rating of the sentences that are learned, shape=(3,)."""
        return self.ratings[~self.aside].mean(axis=0)

    @property
    def folds(self) -> np.ndarray:
        """Fold of each message, no group in two of them, shape=(k,)."""
        return assign_folds((self.sentiment + 1).tolist(), self.groups.tolist())

    @property
    def deviations(self) -> np.ndarray:
        """Ratings of all sentences in deviations, shape=(n, 3)."""
        spread = self.ratings[~self.aside].std(axis=0)
        return ((self.ratings - self.centre) / spread).astype(np.float32)


def load_corpora(data: Path) -> Corpora:
    """Read the three corpora and set sentences aside."""
    sentences, ratings = read_emobank(data / "emobank", "train")
    aside = np.zeros(len(sentences), bool)
    aside[np.random.default_rng(0).permutation(len(sentences))[:ASIDE]] = True
    return Corpora(
        sentences,
        ratings,
        aside,
        *read_goemotions(data / "goemotions", "train"),
        *read_chat(data / "twitch_chat"),
    )
