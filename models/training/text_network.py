"""The student: the network of `models.text` in torch, and how it learns.

Conventions
-----------
A batch of texts is a table of token numbers, shape=(n, time), 0 where there is none; what the
tokens are made of stands in a `Vocabulary` that grows as texts are read. Ratings are in deviations.
`Student.arrays` gives the weights as `models.text` reads them: the two tables in 8 bits with one
step a column, the rest in half precision.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.text_tokens import BUCKETS, MARKS, Token, read_tokens
from models.training.text_corpora import LABELS, RATINGS
from models.training.text_lessons import STATES
from models.training.text_variation import vary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.text_lessons import Lessons

WIDTH = 64
"""Of the vector of a token."""
FILTERS, REACH = 128, 3
"""Of both convolutions: filters, and tokens that one looks at."""
HIDDEN = 96
BATCH = 192
RATE = 2e-3
TABLE_RATE = 4e-3
NAMELESS = 0.12
"""Share of the tokens whose word is hidden in training: their pieces must do."""
WEIGHTS = {"ratings": 1.0, "labels": 2.0, "states": 0.35}
"""Of the errors of the heads."""
AXES = torch.tensor([1.2, 0.9, 0.9])


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


def batches(lengths: np.ndarray, rng: np.random.Generator, rows: np.ndarray) -> list[np.ndarray]:
    """Rows in batches of about equal lengths, in random order."""
    rows = rng.permutation(rows)
    found: list[np.ndarray] = []
    for start in range(0, len(rows), BATCH * 30):
        near = rows[start : start + BATCH * 30]
        near = near[np.argsort(lengths[near], kind="stable")]
        found += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
    return [found[i] for i in rng.permutation(len(found))]


def error(
    student: Student,
    seen: torch.Tensor,
    lessons: Lessons,
    rows: np.ndarray,
    ratings: np.ndarray,
    rewritten: np.ndarray,
) -> torch.Tensor:
    """Weighted error of what the heads say; what is not known does not count.

    Of texts that were ``rewritten`` only the ratings are known.
    """
    total = torch.zeros(())
    targets = {"ratings": ratings, "labels": lessons.labels[rows], "states": lessons.states[rows]}
    for name in ("labels", "states"):
        targets[name][rewritten] = np.nan
    for name, weight in WEIGHTS.items():
        target = torch.from_numpy(targets[name])
        known = torch.isfinite(target)
        if not known.any():
            continue
        said, target = getattr(student, name)(seen), target.nan_to_num(0.0)
        if name == "labels":
            each = functional.binary_cross_entropy_with_logits(said, target, reduction="none")
            each = each * LABELS / 4.0
        else:
            each = (said - target) ** 2
        if name == "ratings":
            each = each * AXES
        total = total + weight * (each * known).sum() / (len(rows) * target.shape[1])
    return total


def fit_student(
    lessons: Lessons,
    signs: Lessons,
    vocabulary: Vocabulary,
    *,
    epochs: int,
    seed: int,
    student: Student | None = None,
    step_size: float = 1.0,
    chat: bool = True,
) -> Student:
    """Teach a new student, or go on with one.

    Parameters
    ----------
    lessons : Lessons
    signs : Lessons
        Emotes and emoji that may be written after a text.
    vocabulary : Vocabulary
    epochs, seed : int
    student : Student, optional
        Who goes on.
    step_size : float
        Of learning, relative to that of a beginner.
    chat : bool
        Whether texts are rewritten as in chats.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    student = student or Student()
    tables = [student.word.weight, student.piece.weight]
    rest = [
        p for name, p in student.named_parameters() if name not in ("word.weight", "piece.weight")
    ]
    optimisers = (
        torch.optim.SparseAdam(tables, lr=TABLE_RATE * step_size),
        torch.optim.AdamW(rest, lr=RATE * step_size, weight_decay=0.01),
    )
    bases = [group["lr"] for one in optimisers for group in one.param_groups]
    known = [vocabulary.read(text) for text in lessons.texts]
    lengths = np.asarray([len(row) for row in known])
    done, began = 0, time.perf_counter()
    for epoch in range(epochs):
        counts = np.floor(lessons.times + rng.random(len(lengths))).astype(int)
        plan = batches(lengths, rng, np.repeat(np.arange(len(lengths)), counts))
        total = len(plan) * epochs
        student.train()
        losses = 0.0
        for rows in plan:
            ratings = lessons.ratings[rows].copy()
            texts = [known[i] for i in rows]
            rewritten = np.zeros(len(rows), bool)
            for k, i in enumerate(rows if chat else ()):
                if lessons.varied[i]:
                    text, changed = vary(lessons.texts[i], ratings[k], signs, rng)
                    if text is not lessons.texts[i]:
                        texts[k], ratings[k] = vocabulary.read(text, keep=False), changed
                        rewritten[k] = True
            share = done / total
            scale = min(1.0, (share + 1e-3) / 0.05) * max(0.01, 1.0 - share)
            for group, base in zip(
                (g for o in optimisers for g in o.param_groups), bases, strict=True
            ):
                group["lr"] = base * scale
            loss = error(
                student, student(fill(texts), vocabulary), lessons, rows, ratings, rewritten
            )
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 2.0)
            for optimiser in optimisers:
                optimiser.step()
            losses += float(loss.detach())
            done += 1
        took = time.perf_counter() - began
        print(f"seed {seed}, pass {epoch}: {losses / len(plan):.3f}, {took:.0f} s", flush=True)
    return student
