"""The student: the network of `models.text` in torch.

Conventions
-----------
A batch of texts is a table of token numbers, shape=(n, time), 0 where there is none; what the
tokens are made of stands in a `Vocabulary` that grows as texts are read. Ratings are in deviations.
`Student.arrays` gives the weights as `models.text` reads them: the two tables in 8 bits with one
step a column, the rest in half precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.text_tokens import BUCKETS, MARKS, Token, read_tokens
from models.training.text_corpora import LABELS, RATINGS
from models.training.text_lessons import STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 64
"""Of the vector of a token."""
FILTERS, REACH = 128, 3
"""Of both convolutions: filters, and tokens that one looks at."""
HIDDEN = 96
NAMELESS = 0.12
"""Share of the tokens whose word is hidden in training: their pieces must do."""


class Vocabulary:
    """What the tokens that were met are made of; number 0 is no token."""

    def __init__(self) -> None:
        self._numbers: dict[Token, int] = {}
        self._words = [0]
        self._pieces: list[tuple[int, ...]] = [(0,)]
        self._marks = [(False,) * len(MARKS)]
        self._texts: dict[str, np.ndarray] = {}

    def read(self, text: str, *, keep: bool = True) -> np.ndarray:
        """Numbers of the tokens of a text; at least one, 0 where nothing is written."""
        found = self._texts.get(text)
        if found is None:
            found = np.asarray([self._number(token) for token in read_tokens(text)] or [0])
            if keep:
                self._texts[text] = found
        return found

    def _number(self, token: Token) -> int:
        number = self._numbers.get(token)
        if number is None:
            number = self._numbers[token] = len(self._words)
            self._words.append(token.word)
            self._pieces.append(token.pieces)
            self._marks.append(token.marks)
        return number

    def parts(self, numbers: np.ndarray) -> tuple[torch.Tensor, ...]:
        """Words, pieces with where each token's begin, and marks of tokens."""
        pieces = [self._pieces[i] for i in numbers]
        lengths = np.asarray([len(piece) for piece in pieces])
        begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        marks = np.asarray([self._marks[i] for i in numbers], np.float32)
        words = np.asarray([self._words[i] for i in numbers])
        flat = np.concatenate([np.asarray(piece) for piece in pieces])
        return tuple(torch.from_numpy(part) for part in (words, flat, begins, marks))


class Student(nn.Module):
    """Vectors of tokens, two convolutions, attention and maximum, and a dense layer."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(BUCKETS, WIDTH, sparse=True)
        self.piece = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean", sparse=True)
        for table in (self.word, self.piece):
            nn.init.normal_(table.weight, std=0.08)
        self.mark = nn.Linear(len(MARKS), WIDTH, bias=False)
        self.first = nn.Conv1d(WIDTH, FILTERS, REACH, padding=REACH // 2)
        self.second = nn.Conv1d(FILTERS, FILTERS, REACH, padding=REACH // 2)
        self.relevance = nn.Linear(FILTERS, 1)
        self.hidden = nn.Linear(2 * FILTERS + WIDTH, HIDDEN)
        self.ratings = nn.Linear(HIDDEN, len(RATINGS))
        self.labels = nn.Linear(HIDDEN, LABELS)
        self.states = nn.Linear(HIDDEN, STATES)

    def forward(self, table: np.ndarray, vocabulary: Vocabulary) -> torch.Tensor:
        """What the heads see, shape=(n, HIDDEN), of texts as token numbers, shape=(n, time)."""
        numbers, places = np.unique(table, return_inverse=True)
        words, pieces, begins, marks = vocabulary.parts(numbers)
        vectors = self.word(words)
        if self.training:
            vectors = vectors * (torch.rand(len(words), 1) >= NAMELESS)
        vectors = vectors + self.piece(pieces, begins) + self.mark(marks)
        there = torch.from_numpy(table > 0).float()[..., None]
        x = vectors[torch.from_numpy(places.reshape(table.shape))] * there
        x = functional.dropout(x, 0.15, self.training)
        near = functional.relu(self.first(x.transpose(1, 2))) * there.transpose(1, 2)
        far = functional.relu(self.second(near)) + near
        far = far.transpose(1, 2)
        weights = self.relevance(far).masked_fill(there == 0, -1e4).softmax(1)
        most = (far * there).amax(1)
        mean = x.sum(1) / there.sum(1).clamp(min=1.0)
        summary = torch.cat([(weights * far).sum(1), most, mean], 1)
        summary = functional.dropout(summary, 0.3, self.training)
        return functional.dropout(functional.relu(self.hidden(summary)), 0.2, self.training)

    @torch.no_grad()
    def say(self, texts: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
        """Ratings of texts in deviations, shape=(n, 3)."""
        self.eval()
        found = np.zeros((len(texts), len(RATINGS)), np.float32)
        rows = [vocabulary.read(text, keep=False) for text in texts]
        order = np.argsort([len(row) for row in rows])
        for part in np.array_split(order, max(1, len(order) // 256)):
            if len(part):
                found[part] = self.ratings(self(fill([rows[i] for i in part]), vocabulary)).numpy()
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights under the names of the run-time module."""
        found: dict[str, np.ndarray] = {}
        for name in ("word", "piece"):
            table = getattr(self, name).weight.detach().numpy()
            step = np.abs(table).max(axis=0) / 127.0
            found[name] = np.rint(table / step).astype(np.int8)
            found[f"{name}_step"] = step.astype(np.float32)
        found["mark"] = self.mark.weight.detach().numpy().T.astype(np.float16)
        for name in ("first", "second", "relevance", "hidden", "ratings"):
            layer = getattr(self, name)
            w = layer.weight.detach().numpy()
            if w.ndim == 3:  # what stands before, at and after a token, one after the other
                w = w.transpose(0, 2, 1).reshape(len(w), -1)
            found[f"{name}_w"] = w.astype(np.float16)
            if name != "relevance":  # the same for all tokens changes nothing
                found[f"{name}_b"] = layer.bias.detach().numpy().astype(np.float16)
        return found


def fill(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Texts of one length, 0 after the end, shape=(n, time)."""
    table = np.zeros((len(rows), max(len(row) for row in rows)), dtype=np.int64)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return table
