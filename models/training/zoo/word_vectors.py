"""Vectors of words by the company they keep, in place of word2vec.

Conventions
-----------
Words are known by their codes (`models.zoo.text_gru.code_of`) and numbered from 1 in the order of
these; 0 is any other word. A vector holds the leading directions of the positive pointwise mutual
information of words and their neighbours, which is what word2vec factorises implicitly (Levy &
Goldberg, Neural word embedding as implicit matrix factorization, 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from sklearn.utils.extmath import randomized_svd

from models.zoo.text_gru import SIZE, code_of

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = 10_000
"""Words that have a vector of their own."""
NEIGHBOURS = 4
"""Words on either side that a word is said to go with."""
CONTEXT = 0.75
"""Exponent of the counts of neighbours (Levy, Goldberg & Dagan 2015)."""


def choose_words(lines: Sequence[list[str]]) -> np.ndarray:
    """Codes of the `KNOWN` commonest words, ascending, shape=(n,), int64."""
    counts: dict[str, int] = {}
    for line in lines:
        for word in line:
            counts[word] = counts.get(word, 0) + 1
    common = sorted(counts, key=lambda word: -counts[word])[:KNOWN]
    return np.unique(np.asarray([code_of(word) for word in common], np.int64))


def number(lines: Sequence[list[str]], codes: np.ndarray) -> list[np.ndarray]:
    """Words as numbers from 1; 0 is any other word, and an empty line has one."""
    places = {int(code): i + 1 for i, code in enumerate(codes)}
    return [np.asarray([places.get(code_of(word), 0) for word in line] or [0]) for line in lines]


def build_vectors(rows: Sequence[np.ndarray], words: int, seed: int) -> np.ndarray:
    """Vectors of words by what they go with, shape=(words + 1, SIZE), float32.

    The leading directions of the positive pointwise mutual information of words and neighbours.
    """
    pairs = [
        np.stack([row[:-gap], row[gap:]])
        for row in rows
        for gap in range(1, min(NEIGHBOURS, len(row) - 1) + 1)
    ]
    one, other = np.concatenate(pairs, axis=1)
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    counts = coo_matrix((np.ones(len(both[0])), both), shape=(words + 1, words + 1)).tocsr().tocoo()
    of_word = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
    context = of_word**CONTEXT / (of_word**CONTEXT).sum()
    information = np.log(counts.data / of_word[counts.row] / context[counts.col])
    kept = information > 0.0
    table = coo_matrix(
        (information[kept], (counts.row[kept], counts.col[kept])), shape=counts.shape
    ).tocsr()
    left, strength, _ = randomized_svd(table, SIZE, n_iter=2, random_state=seed)
    vectors = left * np.sqrt(strength)
    return (0.3 * vectors / vectors.std()).astype(np.float32)
