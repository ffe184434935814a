"""What the words of a song say: the text modality of S3, for lyrics that are given as a file.

Conventions
-----------
Plain text in, probabilities of quadrants 1..4 out. A line is a bag of its words and of its pairs of
neighbouring words, in lower case, hashed into `BINS` bins; present bins count with the rarity that
they had in training, and the line has length 1. Two linear functions of it say how pleasant and how
excited the line is; their means over the lines, through a logistic function, are taken as
independent. Lines without a known word say nothing; neither does an empty text.

Method
------
Yang (S3) fuses music and text in the network's last layer, and tells neither text model nor data.
No labelled lyrics are at hand here, so the two are joined late, with a stated weight
(`models.zoo.cnn_svm.LYRICS_WEIGHT`), and the words are learned from sentences whose readers said
what they express (EmoBank). English only.
"""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

import numpy as np

BINS = 8192
WIDTH = 2
"""Functions of a line: valence and arousal."""


def tokens_of(line: str) -> list[str]:
    """Words and pairs of neighbouring words of a line, in lower case."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", line.lower().replace("’", "'"))
    return words + [f"{one} {other}" for one, other in pairwise(words)]


def bins_of(line: str) -> np.ndarray:
    """Bins that a line falls into, each once, ascending, shape=(n,), int."""
    return np.unique([zlib.crc32(token.encode()) % BINS for token in tokens_of(line)]).astype(int)


class LyricsReader:
    """Says what a text expresses.

    Parameters
    ----------
    rarity : np.ndarray, shape=(BINS,)
        Weight of each bin, 0 for those that training never met.
    w : np.ndarray, shape=(2, BINS)
        Valence and arousal of the bins, as logits.
    b : np.ndarray, shape=(2,)
    """

    def __init__(self, rarity: np.ndarray, w: np.ndarray, b: np.ndarray) -> None:
        self._rarity = rarity.astype(np.float64)
        self._w = w.astype(np.float64)
        self._b = b.astype(np.float64)

    def logits(self, text: str) -> np.ndarray:
        """Logits of valence > 0 and arousal > 0, means over the lines, shape=(2,)."""
        said: list[np.ndarray] = []
        for line in text.splitlines():
            bins = bins_of(line)
            weights = self._rarity[bins]
            length = float(np.linalg.norm(weights))
            if length > 0.0:
                said.append(self._w[:, bins] @ weights / length + self._b)
        return np.mean(said, axis=0) if said else np.zeros(WIDTH)

    def quadrants(self, text: str) -> np.ndarray:
        """Probabilities of quadrants 1..4, shape=(4,)."""
        v, a = 1.0 / (1.0 + np.exp(-self.logits(text)))
        return np.asarray([v * a, (1.0 - v) * a, (1.0 - v) * (1.0 - a), v * (1.0 - a)])
