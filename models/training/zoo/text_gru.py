"""Train S0's text model (`models.zoo.text_gru`): polarity of lines by a bidirectional GRU.

::

    python -m models.training.zoo.text_gru DATA_FOLDER [--mode paper] [--csv FILE] [--out FOLDER]

Data: GoEmotions (Demszky et al. 2020) by the polarity that its authors give its labels, and
EmoBank (Buechel & Hahn 2017) by the side of its valence, train parts; or, with ``--csv``, a file of
``label,text`` with labels 0 and 1, such as weibo_senti_100k, emoticons and names stripped and
doubles left out first. The last twentieth of the texts chooses the pass and the temperature.
Examined on the dev parts, which nothing was fitted on, beside a linear model of the same words.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence

from models.cards import Data, build_card, training_cost
from models.intervals import Resampling
from models.metrics import Figure, accuracy, pearson, spearman
from models.training.text_corpora import (
    EMOBANK,
    GOEMOTIONS,
    NEUTRAL,
    polarity_of,
    read_chat,
    read_emobank,
    read_goemotions,
)
from models.training.zoo.protocol import fit_temperature
from models.training.zoo.word_vectors import build_vectors, choose_words, number
from models.weights import FOLDER, Weights, write_weights
from models.zoo.text_gru import (
    CLASSES,
    FRONT_END,
    MOST_WORDS,
    NAME,
    SIZE,
    UNITS,
    TextGru,
    strip_emoticons,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAR = 0.2
"""Ratings nearer to neutral than this are neutral."""
BATCH, EPOCHS, RATE = 128, 2, 1e-3


@Figure
def macro_f1(weights: np.ndarray, truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Mean F1 score of the classes that occur in the truth."""
    scores = []
    for one in np.unique(truth):
        hits = weights @ ((truth == one) & (said == one)).astype(float)
        scores.append(2.0 * hits / (weights @ ((truth == one) + (said == one).astype(float))))
    return np.mean(scores, axis=0)


class Network(nn.Module):
    """Word vectors, GRU, last states of both directions, softmax."""

    def __init__(self, vectors: np.ndarray, classes: int) -> None:
        super().__init__()
        self.word = nn.Embedding.from_pretrained(torch.from_numpy(vectors), freeze=False)
        self.gru = nn.GRU(SIZE, UNITS, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * UNITS, classes)

    def forward(self, rows: Sequence[np.ndarray]) -> torch.Tensor:
        """Logits, shape=(n, classes), of lines as numbers of words."""
        lengths = torch.tensor([len(row) for row in rows])
        table = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
        for i, row in enumerate(rows):
            table[i, : len(row)] = torch.from_numpy(row)
        x = functional.dropout(self.word(table), 0.3, self.training)
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.gru(packed)
        state = torch.cat([last[0], last[1]], dim=1)
        return self.out(functional.dropout(state, 0.3, self.training))

    def arrays(self, codes: np.ndarray) -> dict[str, np.ndarray]:
        """Weights under the names of the run-time module: vectors in 8 bits, the rest in half."""
        table = self.word.weight.detach().numpy()
        step = np.abs(table).max(axis=0) / 127.0
        found = {
            "codes": codes,
            "word": np.rint(table / step).astype(np.int8),
            "word_step": step.astype(np.float32),
            "out_w": self.out.weight.detach().numpy().astype(np.float16),
            "out_b": self.out.bias.detach().numpy().astype(np.float16),
        }
        for way, ending in (("forward", ""), ("backward", "_reverse")):
            for ours, theirs in (("w", "weight"), ("b", "bias")):
                for of, letter in (("x", "ih"), ("h", "hh")):
                    array = getattr(self.gru, f"{theirs}_{letter}_l0{ending}").detach().numpy()
                    found[f"{ours}_{of}_{way}"] = array.astype(np.float16)
        return found


def fit(
    rows: list[np.ndarray], labels: np.ndarray, words: int, classes: int, seed: int
) -> tuple[Network, float]:
    """Fit the network; return it as it was after its best pass, and its temperature."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    held = np.arange(len(rows)) % 20 == 19
    network = Network(build_vectors(rows, words, seed), classes)
    optimiser = torch.optim.Adam(network.parameters(), lr=RATE)
    learned, inner = np.flatnonzero(~held), np.flatnonzero(held)
    lengths = np.asarray([len(row) for row in rows])
    best: tuple[float, dict[str, Any], np.ndarray] | None = None
    for epoch in range(EPOCHS):
        network.train()
        order = rng.permutation(learned)
        blocks = [order[i : i + BATCH * 20] for i in range(0, len(order), BATCH * 20)]
        sorted_ = [block[np.argsort(lengths[block])] for block in blocks]
        plan = [b[i : i + BATCH] for b in sorted_ for i in range(0, len(b), BATCH)]
        for k in rng.permutation(len(plan)):
            said = network([rows[i] for i in plan[k]])
            loss = functional.cross_entropy(said, torch.from_numpy(labels[plan[k]]))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
        logits = run(network, [rows[i] for i in inner])
        right = float(np.mean(logits.argmax(axis=1) == labels[inner]))
        print(f"pass {epoch}: right {right:.3f} of {len(inner)} texts set aside", flush=True)
        if best is None or right > best[0]:
            weights = {key: value.clone() for key, value in network.state_dict().items()}
            best = (right, weights, logits)
    assert best is not None
    network.load_state_dict(best[1])
    return network, fit_temperature(best[2][:, None], labels[inner] + 1)


@torch.no_grad()
def run(network: Network, rows: list[np.ndarray]) -> np.ndarray:
    """Logits of lines, shape=(n, classes)."""
    network.eval()
    order = np.argsort([len(row) for row in rows])
    found = np.zeros((len(rows), network.out.out_features))
    for part in np.array_split(order, max(1, len(rows) // 256)):
        found[part] = network([rows[i] for i in part]).numpy()
    return found


def classes_of(polarity: np.ndarray, mode: str) -> np.ndarray:
    """Numbers of the classes of polarities -1, 0, 1; -1 for neutral in paper mode."""
    if mode == "paper":
        return np.where(polarity == 0, -1, (polarity > 0).astype(int))
    return polarity + 1


def load_texts(data: Path, mode: str) -> tuple[list[str], np.ndarray]:
    """Texts of both corpora and the numbers of their classes, in random order."""
    comments, labels = read_goemotions(data / "goemotions", "train")
    sentences, ratings = read_emobank(data / "emobank", "train")
    off = ratings[:, 0] - NEUTRAL
    side = np.where(np.abs(off) < CLEAR, 0, np.sign(off)).astype(int)
    classes = classes_of(np.concatenate([polarity_of(labels), side]), mode)
    texts = comments + sentences
    order = np.random.default_rng(0).permutation(np.flatnonzero(classes >= 0))
    return [texts[i] for i in order], classes[order]


def read_csv(path: Path) -> tuple[list[str], np.ndarray]:
    """Texts of a file of ``label,text``, without emoticons and doubles, in random order."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = [row for row in csv.reader(stream) if len(row) >= 2 and row[0] in ("0", "1")]
    found = {strip_emoticons(text): int(label) for label, text, *_ in rows}
    found.pop("", None)
    texts = list(found)
    order = np.random.default_rng(0).permutation(len(texts))
    return [texts[i] for i in order], np.asarray([found[texts[i]] for i in order])


def examine(model: TextGru, data: Path, texts: list[str], classes: np.ndarray) -> dict[str, Any]:
    """Figures on the dev parts, and on the chat that it has never seen."""
    comments, labels = read_goemotions(data / "goemotions", "dev")
    truth = classes_of(polarity_of(labels), model.mode)
    chosen = [comments[i] for i in np.flatnonzero(truth >= 0)]
    truth = truth[truth >= 0]
    draws = Resampling([str(i) for i in range(len(truth))])
    said = np.asarray([model.classes.index(model.read(text).label) for text in chosen])
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    linear = LogisticRegression(C=3.0, max_iter=300).fit(words.fit_transform(texts), classes)
    others = {
        "model": said,
        "linear model of words and pairs": linear.predict(words.transform(chosen)),
        "commonest class": np.full(len(truth), np.bincount(classes).argmax()),
    }
    sentences, ratings = read_emobank(data / "emobank", "dev")
    valence = np.asarray([model.read(text).valence for text in sentences])
    each = Resampling([str(i) for i in range(len(sentences))])
    messages, sentiment, groups = read_chat(data / "twitch_chat")
    chat = np.asarray([model.read(text).valence for text in messages])
    return {
        "n": {"goemotions dev": len(truth), "emobank dev": len(sentences), "chat": len(messages)},
        "split": "the authors' train and dev; no chat in training",
        "interval": "95 %, bootstrap over texts (chat: groups of repeated messages), 2,000 draws",
        "accuracy": {k: str(draws.estimate(accuracy, truth, v)) for k, v in others.items()},
        "macro F1": {k: str(draws.estimate(macro_f1, truth, v)) for k, v in others.items()},
        "EmoBank dev, r of valence": str(each.estimate(pearson, ratings[:, 0], valence)),
        "chat, Spearman of valence and sentiment": str(
            Resampling(groups.tolist()).estimate(spearman, sentiment.astype(float), chat)
        ),
    }


def main() -> None:
    """Fit, examine, write the weights and their card."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path, help="folder that holds emobank and goemotions")
    parser.add_argument("--mode", choices=list(CLASSES), default="default")
    parser.add_argument("--csv", type=Path, help="learn from this file of label,text instead")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where weights and card go")
    parser.add_argument("--name", default=NAME)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    began = time.perf_counter()
    mode = "paper" if options.csv else options.mode
    texts, classes = read_csv(options.csv) if options.csv else load_texts(options.data, mode)
    lines = [words_of(text, mode) for text in texts]
    codes = choose_words(lines)
    rows = number(lines, codes)
    network, temperature = fit(rows, classes, len(codes), len(CLASSES[mode]), options.seed)
    arrays = network.arrays(codes) | {"temperature": np.asarray([temperature], np.float32)}
    cost = training_cost(time.perf_counter() - began, cores=1)
    facts = {"front_end": FRONT_END, "mode": mode, "sha256": ""}
    figures = examine(TextGru(Weights(options.name, arrays, facts)), options.data, texts, classes)
    for name, value in figures.items():
        print(f"{name}: {value}")
    own = Data(str(options.csv), len(texts), "yours to know", True)
    card = build_card(
        model=NAME,
        kind="text",
        task="S0's text model: polarity of a line by a bidirectional GRU of 200 + 200 units",
        answers_every_s=0.0,
        data=[own] if options.csv else [GOEMOTIONS, EMOBANK],
        licence="CC BY-SA 4.0, as EmoBank" if not options.csv else "as the file it learned from",
        licence_short="CC BY-SA" if not options.csv else "yours",
        intended_use="comparison with the published system; live, take the model text",
        limits=[
            "English only; it knows the words that it met and nothing of how others are built",
            "polarity, no arousal and no dominance",
            f"reads the first {MOST_WORDS} words of a line",
        ],
        figures=figures,
        training=cost,
        published="accuracy 0.743 on weibo_senti_100k, whose labels are its own emoticons",
        front_end=FRONT_END,
        mode=mode,
        seed=options.seed,
    )
    write_weights(options.name, arrays, card, options.out)
    print(f"wrote {options.out / options.name}.npz and its card")


if __name__ == "__main__":
    main()
