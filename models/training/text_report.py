"""Figures of the text model on texts that it has not learned, beside baselines on the same texts.

Conventions
-----------
Every figure is ``value [low, high]`` with a 95 % interval of 2,000 bootstrap draws: of texts, of
groups of repeated messages where the corpus is chat. The model reads through the run-time code.
Baselines: *TF-IDF ridge*, linear in words, pairs of words and runs of two to five letters, fitted
on the same training texts; *VADER*, the lexicon with its rules (Hutto & Gilbert 2014), fitted on
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from models.intervals import Resampling
from models.metrics import accuracy, confidence_error, pearson, spearman
from models.training.text_confidence import CLEAR
from models.training.text_corpora import NEUTRAL, polarity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.text import TextModel
    from models.training.text_division import Corpora

AXES = ("valence", "arousal", "dominance")
ALPHA = 4.0
"""Of the ridge: the best of 2 and 4 on sentences of the training part."""


class TfidfRidge:
    """Ridge regression on TF-IDF weights of words, pairs of words and runs of letters."""

    def __init__(self) -> None:
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
        )
        self._ridge = Ridge(ALPHA, solver="lsqr")

    def fit(self, texts: Sequence[str], truth: np.ndarray) -> TfidfRidge:
        """Fit on texts and what they express, shape=(n,) or (n, k)."""
        both = (self._words.fit_transform(texts), self._letters.fit_transform(texts))
        self._ridge.fit(hstack(both).tocsr(), truth)
        return self

    def say(self, texts: Sequence[str]) -> np.ndarray:
        """What texts express, shape=(n,) or (n, k)."""
        both = (self._words.transform(texts), self._letters.transform(texts))
        return self._ridge.predict(hstack(both).tocsr())


def vader(texts: Sequence[str]) -> np.ndarray:
    """Valence of texts by VADER, -1..1, shape=(n,)."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return np.asarray([analyser.polarity_scores(text)["compound"] for text in texts])


def one_by_one(n: int) -> Resampling:
    """Draws of texts that have nothing to do with each other."""
    return Resampling([str(i) for i in range(n)])


def of_sentences(
    model: TextModel,
    train: tuple[list[str], np.ndarray],
    dev: tuple[list[str], np.ndarray],
) -> dict[str, Any]:
    """Figures on EmoBank's dev part: correlation of each axis, and of baselines."""
    texts, ratings = dev
    answers = [model.read(text) for text in texts]
    said = {"model": np.asarray([answer[:3] for answer in answers])}
    said["TF-IDF ridge"] = TfidfRidge().fit(*train).say(texts)
    draws = one_by_one(len(texts))
    found: dict[str, Any] = {}
    for i, axis in enumerate(AXES):
        found[f"r of {axis}"] = {
            name: str(draws.estimate(pearson, ratings[:, i], values[:, i]))
            for name, values in said.items()
        }
    found["r of valence"]["VADER"] = str(draws.estimate(pearson, ratings[:, 0], vader(texts)))
    truth = ratings[:, 0] - NEUTRAL
    clear = np.abs(truth) > CLEAR
    right = (said["model"][clear, 0] > 0) == (truth[clear] > 0)
    sure = np.asarray([answer.confidence for answer in answers])[clear]
    found |= of_confidence(right, sure, draws[clear])
    return found


def of_confidence(right: np.ndarray, sure: np.ndarray, draws: Resampling) -> dict[str, Any]:
    """How often the side of valence is right, and whether confidence knows."""
    return {
        "texts on a side": len(right),
        "side of valence right": str(
            draws.estimate(accuracy, np.ones(len(right), bool), right.astype(bool))
        ),
        "calibration error": str(draws.estimate(confidence_error, right, sure)),
    }


def of_comments(model: TextModel, dev: tuple[list[str], np.ndarray]) -> dict[str, Any]:
    """Figures on GoEmotions' dev part: the side of the labels' polarity."""
    texts, labels = dev
    polarity = polarity_of(labels)
    answers = [model.read(text) for text in texts]
    valence = np.asarray([answer.valence for answer in answers])
    theirs = vader(texts)
    every = one_by_one(len(texts))
    found: dict[str, Any] = {
        "Spearman of valence and polarity": {
            name: str(every.estimate(spearman, polarity.astype(float), values))
            for name, values in {"model": valence, "VADER": theirs}.items()
        }
    }
    side = polarity != 0
    right = (valence[side] > 0) == (polarity[side] > 0)
    sure = np.asarray([answer.confidence for answer in answers])[side]
    found |= of_confidence(right, sure, every[side])
    lexical = (theirs[side] > 0) == (polarity[side] > 0)
    truth = np.ones(len(lexical), bool)
    found["side right, VADER"] = str(every[side].estimate(accuracy, truth, lexical))
    return found


def of_chat(
    corpora: Corpora, valence: np.ndarray, untaught: np.ndarray, confidence: np.ndarray
) -> dict[str, Any]:
    """Figures on live chat, each message by a student that has not learned its group.

    Parameters
    ----------
    corpora : Corpora
        Messages, their sentiment, groups and folds.
    valence, confidence : np.ndarray, shape=(n,)
        What was said of each.
    untaught : np.ndarray, shape=(n,)
        Valence by a student that has learned no chat at all.
    """
    texts, sentiment, folds = corpora.messages, corpora.sentiment, corpora.folds
    ridge = np.zeros(len(texts))
    for fold in np.unique(folds):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        fitted = TfidfRidge().fit([texts[i] for i in train], sentiment[train])
        ridge[test] = fitted.say([texts[i] for i in test])
    draws = Resampling(corpora.groups.tolist())
    said = {
        "model": valence,
        "model without chat": untaught,
        "TF-IDF ridge": ridge,
        "VADER": vader(texts),
    }
    found: dict[str, Any] = {
        "Spearman of valence and sentiment": {
            name: str(draws.estimate(spearman, sentiment.astype(float), values))
            for name, values in said.items()
        }
    }
    side = sentiment != 0
    right = (valence[side] > 0) == (sentiment[side] > 0)
    return found | of_confidence(right, confidence[side], draws[side])
