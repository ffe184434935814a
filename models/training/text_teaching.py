"""How the student learns: passes over lessons, rewritten as in chats, that may be interrupted.

Conventions
-----------
A pass depends on the seed, its number and what the passes before it left behind. A course that is
interrupted after a pass goes on with the same lessons in the same order; which words are hidden
when is chance.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.training.text_corpora import LABELS
from models.training.text_network import Student, Vocabulary, fill
from models.training.text_variation import vary

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.text_lessons import Lessons

BATCH = 192
RATE = 2e-3
TABLE_RATE = 4e-3
WEIGHTS = {"ratings": 1.0, "labels": 2.0, "states": 0.35}
"""Of the errors of the heads."""
AXES = torch.tensor([1.2, 0.9, 0.9])
"""Of the ratings: valence, arousal, dominance."""
BEGINNING, LEAST = 0.05, 0.01
"""Share of the course in which steps grow to their size, and what is left of it at the end."""
TABLES = ("word.weight", "piece.weight")


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


class Teaching:
    """A student and what he learns.

    Parameters
    ----------
    student : Student
        Is changed.
    lessons : Lessons
    signs : Lessons
        Emotes and emoji that may be written after a text.
    epochs, seed : int
    step_size : float
        Of learning, relative to that of a beginner.
    vocabulary : Vocabulary, optional
        That has read the texts before, which saves time.
    """

    def __init__(
        self,
        student: Student,
        lessons: Lessons,
        signs: Lessons,
        *,
        epochs: int,
        seed: int,
        step_size: float = 1.0,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self.student = student
        self.done = 0
        self._lessons, self._signs = lessons, signs
        self._epochs, self._seed = epochs, seed
        named = list(student.named_parameters())
        self._rest = [p for name, p in named if name not in TABLES]
        tables = [p for name, p in named if name in TABLES]
        self._optimisers = (
            torch.optim.SparseAdam(tables, lr=TABLE_RATE * step_size),
            torch.optim.AdamW(self._rest, lr=RATE * step_size, weight_decay=0.01),
        )
        self._groups = [group for one in self._optimisers for group in one.param_groups]
        self._sizes = [group["lr"] for group in self._groups]
        self._vocabulary = vocabulary or Vocabulary()
        self._known = [self._vocabulary.read(text) for text in lessons.texts]
        self._lengths = np.asarray([len(row) for row in self._known])

    def run(self, checkpoint: Path | None = None, until: float = float("inf")) -> bool:
        """Run the passes that are left, as far as time allows; whether none is left.

        Parameters
        ----------
        checkpoint : Path, optional
            Gone on from, and written after each pass.
        until : float
            By `time.perf_counter`, looked at after each pass: however short the time, one pass is
            run where any is left.
        """
        if checkpoint is not None and checkpoint.exists():
            self._load(torch.load(checkpoint, weights_only=True))
        while self.done < self._epochs:
            began = time.perf_counter()
            mean = self._pass()
            took = time.perf_counter() - began
            print(f"seed {self._seed}, pass {self.done}: {mean:.3f}, {took:.0f} s", flush=True)
            if checkpoint is not None:
                torch.save(self._state(), checkpoint)
            if time.perf_counter() > until:
                break
        return self.done >= self._epochs

    def _state(self) -> dict[str, Any]:
        optimisers = [one.state_dict() for one in self._optimisers]
        return {"done": self.done, "student": self.student.state_dict(), "steps": optimisers}

    def _load(self, state: dict[str, Any]) -> None:
        self.done = state["done"]
        self.student.load_state_dict(state["student"])
        for optimiser, kept in zip(self._optimisers, state["steps"], strict=True):
            optimiser.load_state_dict(kept)

    def _pass(self) -> float:
        """One pass over the lessons; returns the mean error."""
        torch.manual_seed(1000 * self._seed + self.done)
        rng = np.random.default_rng((self._seed, self.done))
        counts = np.floor(self._lessons.times + rng.random(len(self._known))).astype(int)
        plan = batches(self._lengths, rng, np.repeat(np.arange(len(counts)), counts))
        self.student.train()
        total = 0.0
        for k, rows in enumerate(plan):
            share = (self.done + k / len(plan)) / self._epochs
            scale = min(1.0, (share + 1e-3) / BEGINNING) * max(LEAST, 1.0 - share)
            for group, size in zip(self._groups, self._sizes, strict=True):
                group["lr"] = size * scale
            total += self._step(rows, rng)
        self.done += 1
        return total / max(len(plan), 1)

    def _step(self, rows: np.ndarray, rng: np.random.Generator) -> float:
        """Learn from one batch; returns the error."""
        lessons, vocabulary = self._lessons, self._vocabulary
        ratings = lessons.ratings[rows].copy()
        texts = [self._known[i] for i in rows]
        rewritten = np.zeros(len(rows), bool)
        for k in np.flatnonzero(lessons.varied[rows]):
            text = lessons.texts[rows[k]]
            changed, rated = vary(text, ratings[k], self._signs, rng)
            if changed != text:
                texts[k], ratings[k] = vocabulary.read(changed, keep=False), rated
                rewritten[k] = True
        seen = self.student(fill(texts), vocabulary)
        loss = error(self.student, seen, lessons, rows, ratings, rewritten)
        for optimiser in self._optimisers:
            optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._rest, 2.0)
        for optimiser in self._optimisers:
            optimiser.step()
        return float(loss.detach())
