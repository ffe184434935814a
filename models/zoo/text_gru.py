"""S0's text model (Jiang et al. 2023): word vectors, a GRU of 200 + 200 units, a softmax.

Conventions
-----------
One line of text in, probabilities of its polarity out: negative and positive in paper mode, with
neutral between them else. Words are those that training met most often, known by their CRC-32, each
with a vector of 300; all others are one unknown word. In paper mode stop words are left out.
`strip_emoticons` is for corpora whose labels are their own emoticons.

Notes
-----
What the paper leaves open or misprints, and how it is read here: 400 nodes are 200 a direction
(the last state of each goes on); the candidate of the GRU is a tanh, in PyTorch's form, where the
reset gate acts after the matrix product; two outputs are a softmax, not two logistic functions. Its
vectors are word2vec, ours are trained by us: directions of the words' mutual information (Levy &
Goldberg 2014), then fitted with the rest. Its words are cut by Jieba; here letters that are written
without spaces (Han, kana) are words by themselves.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.text_tokens import EMOJI, read_tokens
from models.weights import Weights, read_weights
from models.zoo.layers import dense, gru, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "text_gru"
SIZE = 300
"""Of a word's vector."""
UNITS = 200
"""Of the GRU in each direction."""
MOST_WORDS = 40
"""Of a line; the rest is not read."""
CLASSES = {"paper": ("negative", "positive"), "default": ("negative", "neutral", "positive")}
FRONT_END = f"1: crc32 {SIZE} {MOST_WORDS}"
"""Says how lines are cut; weights name the cut that they were trained on."""
_STOP_WORDS = """
a about am an and are as at be been being but by can could did do does for from had has have he her
him his i if in into is it its me my of on or our she should so than that the their them then there
these they this those to was we were what when which who will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_BRACKETED = re.compile(r"\[[^\[\]\s]{1,12}\]")
_NAMED = re.compile(r"@[\w-]+:?")
_EMOTICON = re.compile(rf"[{EMOJI}]|(?<!\w)[<>]?[:;=8x]['-]?[)(\]\[dpo/\\|3*]+|<3", re.IGNORECASE)
_ALONE = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])")


def strip_emoticons(text: str) -> str:
    """Take out what labels of such corpora were made of: ``[laugh]``, ``:)``, emoji, and names.

    A corpus that was labelled by its emoticons (weibo_senti_100k) is answered by reading them: a
    linear model of 1,920 posts is right in 0.958 with and in 0.665 without.
    """
    for pattern in (_BRACKETED, _NAMED, _EMOTICON):
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def words_of(line: str, mode: str) -> list[str]:
    """Words and signs of a line, at most `MOST_WORDS`; without stop words in mode ``paper``."""
    tokens = [token.text for token in read_tokens(_ALONE.sub(r" \1 ", line))]
    if mode == "paper":
        tokens = [token for token in tokens if token not in STOP_WORDS]
    return tokens[:MOST_WORDS]


def code_of(word: str) -> int:
    """Number by which a word is known."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


class Polarity(NamedTuple):
    """What a line says.

    Attributes
    ----------
    valence : float
        -1..1: probability of positive minus that of negative.
    confidence : float
        Of the most probable class.
    label : str
        Its name.
    probabilities : tuple of float
        Of the classes, in order.
    """

    valence: float
    confidence: float
    label: str
    probabilities: tuple[float, ...]


class TextGru:
    """The network of the paper.

    Parameters
    ----------
    weights : Weights
        As `models.training.zoo.text_gru` writes them.

    Raises
    ------
    WeightsError
        The weights do not fit together, or were trained on lines that were cut otherwise.
    """

    def __init__(self, weights: Weights) -> None:
        weights.require("front_end", FRONT_END)
        weights.require_shapes(
            codes="n", word=f"n+1 {SIZE}", word_step=f"{SIZE}", out_w=f"c {2 * UNITS}", out_b="c"
        )
        self.name = weights.name
        self.digest = weights.digest
        self.mode = str(weights.card["mode"])
        self.classes = CLASSES[self.mode]
        self._codes = weights.arrays["codes"]
        self._word = weights.arrays["word"]
        self._net = {
            key: array.astype(np.float32)
            for key, array in weights.arrays.items()
            if key not in ("codes", "word")
        }

    def read(self, line: str) -> Polarity:
        """Say what a line expresses; equal probabilities where nothing is written."""
        words = words_of(line, self.mode)
        if words:
            p = softmax(self.logits(words) / self._net["temperature"][0])
        else:
            p = np.full(len(self.classes), 1.0 / len(self.classes))
        best = int(p.argmax())
        said = tuple(float(one) for one in p)
        return Polarity(said[-1] - said[0], said[best], self.classes[best], said)

    def logits(self, words: Sequence[str]) -> np.ndarray:
        """Logits of the classes, shape=(classes,)."""
        net = self._net
        codes = np.asarray([code_of(word) for word in words], np.int64)
        places = np.searchsorted(self._codes, codes)
        places = np.minimum(places, len(self._codes) - 1)
        rows = np.where(self._codes[places] == codes, places + 1, 0)
        x = (self._word[rows] * net["word_step"])[None]
        ends = [
            gru(x[:, ::step], *(net[f"{name}_{way}"] for name in ("w_x", "w_h", "b_x", "b_h")))
            for way, step in (("forward", 1), ("backward", -1))
        ]
        state = np.concatenate([end[:, -1] for end in ends], axis=1)
        return dense(state, net["out_w"], net["out_b"])[0]


def load(weights: Weights | None = None) -> TextGru:
    """Load the shipped model, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for another cut of lines.
    """
    return TextGru(weights or read_weights(NAME))
