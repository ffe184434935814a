"""Fit the reader of lyrics (`models.zoo.lyrics`) on EmoBank; its arrays travel with S3's weights.

::

    python -m models.training.zoo.lyrics EMOBANK_FOLDER [--weights FOLDER]

Ridge regression of readers' valence and arousal (1..5, 3 neutral) on hashed words, with the slope
that makes a logistic function of it the probability of the sign, fitted on held-out sentences.
Writes the arrays into ``cnn_svm.npz`` and what they can do into its card. Data: EmoBank (Buechel &
Hahn 2017), CC BY-SA 4.0: 8,062 sentences of train, 1,000 of dev for the figures.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import normalize

from models.cards import Data
from models.weights import FOLDER, read_weights, write_weights
from models.zoo.lyrics import BINS, LyricsReader, bins_of

EMOBANK = Data("EmoBank (Buechel & Hahn 2017)", 8062, "CC BY-SA 4.0", non_commercial=False)
NEUTRAL = 3.0
CLEAR = 0.1
"""Ratings nearer to the usual one than this have no sign."""
ALPHA = 8.0
FEWEST = 2
"""Bins met in fewer sentences say nothing."""


def read_sentences(folder: Path, split: str) -> tuple[list[str], np.ndarray]:
    """Sentences of a split and what they express, shape=(n, 2): valence and arousal about 0."""
    with (folder / "emobank.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] == split]
    said = np.asarray([[float(row["V"]), float(row["A"])] for row in rows]) - NEUTRAL
    return [row["text"] for row in rows], said


def build_table(sentences: list[str]) -> csr_matrix:
    """Presence of bins in sentences, shape=(n, BINS)."""
    bins = [bins_of(sentence) for sentence in sentences]
    starts = np.concatenate([[0], np.cumsum([len(b) for b in bins])])
    columns = np.concatenate(bins)
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(bins), BINS))


def fit(sentences: list[str], said: np.ndarray) -> dict[str, np.ndarray]:
    """Arrays of a `LyricsReader`."""
    table = build_table(sentences)
    met = np.asarray(table.sum(axis=0)).ravel()
    rarity = np.where(met >= FEWEST, np.log(len(sentences) / np.maximum(met, 1.0)), 0.0)
    rows = normalize(table.multiply(rarity).tocsr())
    w, b = np.zeros((2, BINS)), np.zeros(2)
    for axis in range(2):
        ridge = Ridge(ALPHA)
        held = cross_val_predict(ridge, rows, said[:, axis], cv=5)
        # relative to the usual sentence, which is about neutral and has no sign
        from_usual = said[:, axis] - np.median(said[:, axis])
        clear = np.abs(from_usual) > CLEAR
        slope = LogisticRegression(C=1e6, class_weight="balanced")
        slope.fit(held[clear, None], from_usual[clear] > 0.0)
        ridge.fit(rows, said[:, axis])
        w[axis] = slope.coef_[0, 0] * ridge.coef_
        b[axis] = slope.coef_[0, 0] * ridge.intercept_ + slope.intercept_[0]
    return {
        "lyrics_rarity": rarity.astype(np.float16),
        "lyrics_w": w.astype(np.float16),
        "lyrics_b": b.astype(np.float32),
    }


def examine(arrays: dict[str, np.ndarray], folder: Path) -> dict[str, str]:
    """Correlation and sign accuracy on the sentences of dev, which nothing was fitted on."""
    sentences, said = read_sentences(folder, "dev")
    reader = LyricsReader(*(arrays[f"lyrics_{name}"] for name in ("rarity", "w", "b")))
    logits = np.stack([reader.logits(sentence) for sentence in sentences])
    figures = {"n": str(len(sentences)), "split": "EmoBank dev"}
    for axis, name in enumerate(("valence", "arousal")):
        r = np.corrcoef(logits[:, axis], said[:, axis])[0, 1]
        from_usual = said[:, axis] - np.median(said[:, axis])
        clear = np.abs(from_usual) > CLEAR
        right = np.mean((logits[clear, axis] > 0.0) == (from_usual[clear] > 0.0))
        figures[name] = f"r {r:.2f}; sign of the {clear.sum()} clear ones right {right:.2f}"
    return figures


def main() -> None:
    """Fit, examine, and add the arrays to the weights of S3."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("emobank", type=Path, help="folder of EmoBank: emobank.csv")
    parser.add_argument("--weights", type=Path, default=FOLDER, help="folder of cnn_svm.npz")
    options = parser.parse_args()
    arrays = fit(*read_sentences(options.emobank, "train"))
    figures = examine(arrays, options.emobank)
    print(figures)
    weights = read_weights("cnn_svm", options.weights)
    made = ("name", "sha256", "format", "arrays", "parameters")
    card = {key: value for key, value in weights.card.items() if key not in made}
    card["lyrics"] = figures
    others = [one for one in card["data"] if one["name"] != EMOBANK.name]
    card["data"] = [*others, msgspec.to_builtins(EMOBANK)]
    write_weights("cnn_svm", {**weights.arrays, **arrays}, card, options.weights)


if __name__ == "__main__":
    main()
