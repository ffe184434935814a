"""The text modality of S3: words learned from rated sentences join with a stated weight."""

from __future__ import annotations

import csv
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

from models.training.zoo import cnn_svm as training
from models.training.zoo.lyrics import examine, fit, read_sentences
from models.zoo.cnn_svm import CEPSTRA, LYRICS_WEIGHT, CnnSvm
from models.zoo.lyrics import BINS, LyricsReader, bins_of, tokens_of

GOOD, BAD = ("sunshine", "dancing", "laughter"), ("grave", "crying", "alone")


@pytest.fixture
def emobank(tmp_path: Path) -> Path:
    """Sentences in EmoBank's form whose words decide what was felt."""
    rng = np.random.default_rng(0)
    fillers = ("the", "a", "we", "you", "night", "day", "town", "road")
    with (tmp_path / "emobank.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "split", "V", "A", "D", "text"])
        for i in range(400):
            good = i % 2 == 0
            words = [str(rng.choice(GOOD if good else BAD)), *rng.choice(fillers, 4)]
            rating = 3.0 + (0.8 if good else -0.8) + rng.normal(0.0, 0.1)
            split = "train" if i < 300 else "dev"
            table.writerow([i, split, rating, rating, 3.0, " ".join(rng.permutation(words))])
    return tmp_path


@pytest.fixture
def arrays(emobank: Path) -> dict[str, np.ndarray]:
    return fit(*read_sentences(emobank, "train"))


def _reader(arrays: dict[str, np.ndarray]) -> LyricsReader:
    return LyricsReader(*(arrays[f"lyrics_{name}"] for name in ("rarity", "w", "b")))


def test_words_and_their_neighbours_are_the_tokens() -> None:
    assert tokens_of("Don’t cry, BABY!") == ["don't", "cry", "baby", "don't cry", "cry baby"]


def test_bins_are_the_same_on_every_run_and_machine() -> None:
    assert zlib.crc32(b"love") == 1468157981
    assert bins_of("love").tolist() == [1468157981 % BINS]
    assert len(bins_of("love me, love me")) == 4  # love, me, love me, me love


def test_glad_words_are_pleasant_and_sad_words_are_not(arrays: dict[str, np.ndarray]) -> None:
    reader = _reader(arrays)
    glad, sad = reader.quadrants("dancing in sunshine"), reader.quadrants("crying alone")
    assert glad[0] + glad[3] > 0.7
    assert sad[0] + sad[3] < 0.3
    assert glad.sum() == pytest.approx(1.0)


def test_unknown_words_and_no_words_say_nothing(arrays: dict[str, np.ndarray]) -> None:
    reader = _reader(arrays)
    for text in ("", "\n\n", "zxqv wvut"):
        np.testing.assert_allclose(reader.quadrants(text), 0.25)


def test_held_out_sentences_are_read_rightly(arrays: dict[str, np.ndarray], emobank: Path) -> None:
    figures = examine(arrays, emobank)
    assert figures["n"] == "100"
    assert float(figures["valence"].split()[1].rstrip(";")) > 0.9


def test_the_words_join_the_music_with_the_stated_weight(arrays: dict[str, np.ndarray]) -> None:
    torch.manual_seed(0)
    network = training.Network(np.zeros(CEPSTRA, np.float32), np.ones(CEPSTRA, np.float32))
    svm = {
        "svm_w": np.random.default_rng(0).normal(0.0, 0.1, (4, 155)),
        "svm_b": np.zeros(4),
        "temperature": np.ones(1),
    }
    system = CnnSvm({**network.arrays(), **svm, **arrays})
    noise = np.random.default_rng(0).standard_normal(48000).astype(np.float32)
    alone = system.answer(noise).quadrants
    system.read_lyrics("dancing in sunshine")
    words = _reader(arrays).quadrants("dancing in sunshine")
    expected = (1.0 - LYRICS_WEIGHT) * alone + LYRICS_WEIGHT * words
    np.testing.assert_allclose(system.answer(noise).quadrants, expected, atol=1e-3)
    system.read_lyrics("")
    np.testing.assert_allclose(system.answer(noise).quadrants, alone)
