"""Texts that people have labelled: EmoBank, GoEmotions, live chat, and tables of one's own.

Conventions
-----------
Ratings are valence, arousal, dominance in the units of the corpus, 1..5 with 3 neutral. Polarity is
-1, 0 or 1. A folder is that of the corpus as its authors give it away:

``emobank``
    ``emobank.csv`` (id, split, V, A, D, text), Buechel & Hahn, EmoBank (EACL 2017).
``goemotions``
    ``train.tsv``, ``dev.tsv`` (text, numbers of labels, id) and ``labels.txt``, Demszky et al.,
    GoEmotions (ACL 2020).
``twitch_chat``
    ``chat.csv`` (sentiment, game, message), Kobs et al., Emote-controlled (ACM TSC 2020).

Messages that differ in capitals, spaces and repetition only are one *group*: who has learned from
one of them is not examined on another.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from models.cards import Data
from models.text_tokens import read_tokens

if TYPE_CHECKING:
    from pathlib import Path

EMOBANK = Data("EmoBank (Buechel & Hahn 2017)", 8062, "CC BY-SA 4.0", non_commercial=False)
GOEMOTIONS = Data("GoEmotions (Demszky et al. 2020)", 43410, "Apache-2.0", non_commercial=False)
CHAT = Data("Twitch chat (Kobs et al. 2020)", 1540, "non-commercial", non_commercial=True)
RATINGS = ("V", "A", "D")
NEUTRAL = 3.0
"""Of the ratings of EmoBank."""
POSITIVE = (0, 1, 4, 5, 8, 13, 15, 17, 18, 20, 21, 23)
"""Labels of GoEmotions that its authors call positive, by number."""
NEGATIVE = (2, 3, 9, 10, 11, 12, 14, 16, 19, 24, 25)
"""Those that they call negative; the others are ambiguous (6, 7, 22, 26) or neutral (27)."""
LABELS = 28


def read_emobank(folder: Path, split: str) -> tuple[list[str], np.ndarray]:
    """Sentences of a split and their mean ratings, shape=(n, 3)."""
    with (folder / "emobank.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] == split]
    ratings = [[float(row[name]) for name in RATINGS] for row in rows]
    return [row["text"] for row in rows], np.asarray(ratings, np.float32)


def read_goemotions(folder: Path, split: str) -> tuple[list[str], np.ndarray]:
    """Comments of a split and which labels each has, shape=(n, LABELS), float32 of 0 and 1."""
    lines = (folder / f"{split}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    labels = np.zeros((len(rows), LABELS), np.float32)
    for label, row in zip(labels, rows, strict=True):
        label[[int(number) for number in row[1].split(",")]] = 1.0
    return [row[0] for row in rows], labels


def polarity_of(labels: np.ndarray) -> np.ndarray:
    """Polarity of comments by their labels: -1, 1, and 0 for neutral, mixed and ambiguous ones."""
    positive = labels[:, POSITIVE].any(axis=1)
    negative = labels[:, NEGATIVE].any(axis=1)
    return positive.astype(int) - negative.astype(int)


def read_chat(folder: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Messages of a live chat, their sentiment (-1, 0, 1) and their groups, text, shape=(n,)."""
    with (folder / "chat.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    messages = [row["message"] for row in rows]
    groups = [" ".join(dict.fromkeys(token.text for token in read_tokens(m))) for m in messages]
    return messages, np.asarray([int(row["sentiment"]) for row in rows]), np.asarray(groups)
