"""What a line of text says about how its writer feels: valence, arousal, dominance.

Conventions
-----------
`load` gives a `TextModel`; its `read` takes one line as it was typed and returns a `TextAffect`.
No clock, no memory, no torch: a line is read by itself in well under two milliseconds.

The line is cut into words, pieces of words and signs (`models.text_tokens`), each of which is a
vector; two convolutions look at neighbours (``not good``), the most relevant and the strongest of
what they find are kept, and a dense layer says three numbers in deviations of how people rate
sentences. ``tanh`` (`SPREAD` × number) brings them into -1..1: a line that readers find one
deviation more pleasant than usual has valence 0.38, three deviations 0.83.

*Confidence* is the calibrated probability that the valence is on the side of zero that it says,
given that people would put it on a side at all: 0.5 is a guess, and 0 says that there was nothing
to read. In a line that is not English (`models.text_language`) only emoji, emoticons and
punctuation are read, and confidence is half as far above a guess as it would be.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.text_language import WordList, language_of
from models.text_tokens import FRONT_END, MARKS, read_tokens
from models.weights import Weights, read_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.text_language import Language
    from models.text_tokens import Token

NAME = "text"
SPREAD = 0.4
GUESS = 0.5
"""Confidence of who knows nothing about a line but that there is one."""
SIGNS = ("points", "emoticon", "emoji")
"""Kinds of tokens that mean the same in every language."""
FOREIGN = 0.5
"""What is left of confidence above a guess where the words were not understood."""


class TextAffect(NamedTuple):
    """What a line says.

    Attributes
    ----------
    valence, arousal, dominance : float
        -1..1; 0 where nothing was said.
    confidence : float
        0..1, as the module says.
    language : {"en", "other", "unknown"}
        Whether the line is English.
    """

    valence: float
    arousal: float
    dominance: float
    confidence: float
    language: Language


NOTHING = TextAffect(0.0, 0.0, 0.0, 0.0, "unknown")


class TextModel:
    """Reads lines.

    Parameters
    ----------
    weights : Weights
        As `models.training.train_text` writes them.

    Raises
    ------
    WeightsError
        The weights do not fit together, or were trained on texts that were cut otherwise.
    """

    def __init__(self, weights: Weights) -> None:
        weights.require("front_end", FRONT_END)
        weights.require_shapes(
            word="b d",
            piece="b d",
            word_step="d",
            piece_step="d",
            mark=f"{len(MARKS)} d",
            first_w="f 3d",
            first_b="f",
            second_w="f 3f",
            second_b="f",
            relevance_w="1 f",
            hidden_w="h 2f+d",
            hidden_b="h",
            ratings_w="3 h",
            ratings_b="3",
            certainty="c",
            english="w",
        )
        self.name = weights.name
        self.digest = weights.digest
        arrays = weights.arrays
        self._english = WordList(arrays["english"])
        self._word, self._piece = arrays["word"], arrays["piece"]
        small = ("word", "piece", "english")
        self._net = {k: a.astype(np.float32) for k, a in arrays.items() if k not in small}
        self._certainty = arrays["certainty"].astype(float)

    def read(self, line: str) -> TextAffect:
        """Say what one line expresses; `NOTHING` where nothing is written."""
        tokens = read_tokens(line)
        if not tokens:
            return NOTHING
        language = language_of(tokens, self._english)
        if language == "other":
            tokens = [token for token in tokens if token.kind in SIGNS]
            if not tokens:
                return NOTHING._replace(confidence=GUESS, language=language)
        deviations = self.deviations(tokens)
        sure = self._certainty @ certainty_features(deviations[0], tokens, self._english)
        confidence = 1.0 / (1.0 + math.exp(-max(float(sure), 0.0)))
        if language == "other":
            confidence = GUESS + FOREIGN * (confidence - GUESS)
        valence, arousal, dominance = (math.tanh(SPREAD * float(d)) for d in deviations)
        return TextAffect(valence, arousal, dominance, confidence, language)

    def deviations(self, tokens: Sequence[Token]) -> np.ndarray:
        """Valence, arousal and dominance of tokens in deviations, shape=(3,), float32."""
        net = self._net
        x = self._vectors(tokens)
        near = np.maximum(_convolve(x, net["first_w"], net["first_b"]), 0.0)
        far = np.maximum(_convolve(near, net["second_w"], net["second_b"]), 0.0) + near
        relevance = far @ net["relevance_w"][0]
        weights = np.exp(relevance - relevance.max())
        summary = np.concatenate([weights @ far / weights.sum(), far.max(axis=0), x.mean(axis=0)])
        hidden = np.maximum(net["hidden_w"] @ summary + net["hidden_b"], 0.0)
        return net["ratings_w"] @ hidden + net["ratings_b"]

    def _vectors(self, tokens: Sequence[Token]) -> np.ndarray:
        """Vectors of tokens, shape=(n, d), float32."""
        net = self._net
        x = self._word[[token.word for token in tokens]] * net["word_step"]
        lengths = [len(token.pieces) for token in tokens]
        pieces = self._piece[[piece for token in tokens for piece in token.pieces]]
        begins = np.cumsum([0, *lengths[:-1]])
        sums = np.add.reduceat(pieces.astype(np.float32), begins, axis=0)
        x += sums / np.asarray(lengths, np.float32)[:, None] * net["piece_step"]
        x += np.asarray([token.marks for token in tokens], np.float32) @ net["mark"]
        return x


def certainty_features(valence: float, tokens: Sequence[Token], english: WordList) -> np.ndarray:
    """What tells how surely the side of a valence is right, shape=(4,), each times its size.

    A constant, the share of words that are known, how many tokens there are, and whether there is
    a sign among them.

    Parameters
    ----------
    valence : float
        In deviations.
    tokens : sequence of Token
    english : WordList
    """
    words = [token.text for token in tokens if token.kind == "word"]
    known = sum(word in english for word in words) / len(words) if words else 0.5
    signs = any(token.kind in ("emoticon", "emoji") for token in tokens)
    return abs(float(valence)) * np.asarray([1.0, known, math.log(len(tokens)), float(signs)])


def load(weights: Weights | None = None) -> TextModel:
    """Load the shipped model, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for another cut of texts.
    """
    return TextModel(weights or read_weights(NAME))


def _convolve(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Convolve three neighbours, zeros beyond the ends, shape=(n, in) to (n, out)."""
    around = np.zeros((len(x) + 2, x.shape[1]), np.float32)
    around[1:-1] = x
    return np.concatenate([around[:-2], around[1:-1], around[2:]], axis=1) @ w.T + b
