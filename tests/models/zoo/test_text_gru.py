"""S0 on text: as printed where that can be, torch and run time agree, emoticons are stripped."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.metrics import accuracy
from models.training.zoo import text_gru as training
from models.training.zoo.word_vectors import build_vectors, choose_words, number
from models.weights import Weights, WeightsError
from models.zoo import text_gru as run_time
from models.zoo.text_gru import (
    CLASSES,
    FRONT_END,
    SIZE,
    STOP_WORDS,
    UNITS,
    TextGru,
    strip_emoticons,
    words_of,
)

LINES = ["i love this very much", "not a good day at all", "good", "zzz unknown words only qqq"]


def build(mode: str = "default") -> tuple[training.Network, np.ndarray, TextGru]:
    lines = [words_of(line, mode) for line in LINES[:3]]
    codes = choose_words(lines)
    torch.manual_seed(0)
    vectors = torch.randn(len(codes) + 1, SIZE).numpy()
    step = np.abs(vectors).max(axis=0) / 127.0  # rounded as they are stored
    network = training.Network((np.rint(vectors / step) * step), len(CLASSES[mode])).eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if not name.startswith("word"):
                parameter.copy_(parameter.half().float())
    arrays = network.arrays(codes) | {"temperature": np.ones(1, np.float32)}
    card = {"front_end": FRONT_END, "mode": mode, "sha256": ""}
    return network, codes, TextGru(Weights("text_gru", arrays, card))


def test_the_sizes_are_those_of_the_paper() -> None:
    network, codes, _ = build()
    shapes = {name: tuple(p.shape) for name, p in network.named_parameters()}
    assert shapes["word.weight"] == (len(codes) + 1, 300)
    assert shapes["gru.weight_hh_l0"] == shapes["gru.weight_hh_l0_reverse"] == (600, 200)
    assert shapes["out.weight"] == (3, 400)
    assert 2 * UNITS == 400


@pytest.mark.parametrize("mode", list(CLASSES))
def test_run_time_says_what_torch_says(mode: str) -> None:
    network, codes, model = build(mode)
    rows = number([words_of(line, mode) for line in LINES], codes)
    expected = torch.from_numpy(training.run(network, rows)).softmax(1).numpy()
    for line, p in zip(LINES, expected, strict=True):
        said = model.read(line)
        assert said.probabilities == pytest.approx(p, abs=1e-4)
        assert said.valence == pytest.approx(p[-1] - p[0], abs=1e-4)
        assert said.label == CLASSES[mode][int(p.argmax())]


def test_paper_mode_has_two_classes_and_no_stop_words() -> None:
    _, _, model = build("paper")
    assert model.classes == ("negative", "positive")
    assert words_of("this is not a good day", "paper") == ["not", "good", "day"]
    assert "not" not in STOP_WORDS
    assert words_of("this is not", "default") == ["this", "is", "not"]


def test_letters_that_are_written_without_spaces_are_words_by_themselves() -> None:
    assert words_of("我很高兴 ok", "default") == ["我", "很", "高", "兴", "ok"]


def test_of_an_empty_line_nothing_is_known() -> None:
    _, _, model = build()
    said = model.read("  ")
    assert said.probabilities == pytest.approx((1 / 3,) * 3)
    assert said.valence == 0.0


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("今天好开心[哈哈][太开心]", "今天好开心"),
        ("@someone: what a day [抓狂]", "what a day"),
        ("so good :) <3 😂", "so good"),
        ("[泪]", ""),
        ("a [link to something long that stays](y)", "a [link to something long that stays](y)"),
    ],
)
def test_what_labels_were_made_of_is_stripped(written: str, left: str) -> None:
    assert strip_emoticons(written) == left


def test_a_file_labelled_by_its_emoticons_is_stripped_and_doubles_leave_it(tmp_path: Path) -> None:
    path = tmp_path / "weibo.csv"
    path.write_text("label,review\n1,好[哈哈]\n1,好[太开心]\n0,坏[泪]\n0,[泪]\n", encoding="utf-8")
    texts, labels = training.read_csv(path)
    assert sorted(zip(texts, labels.tolist(), strict=True)) == [("坏", 0), ("好", 1)]


def test_words_that_keep_the_same_company_have_similar_vectors() -> None:
    rng = np.random.default_rng(0)
    lines = []
    for _ in range(3000):  # 1 and 2 go with 5..9, 3 and 4 with 10..14
        first = int(rng.integers(1, 5))
        others = rng.integers(5, 10, 4) if first < 3 else rng.integers(10, 15, 4)
        lines.append(np.asarray([first, *others]))
    vectors = build_vectors(lines, 400, 0)
    assert vectors.shape == (401, SIZE)
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    assert unit[1] @ unit[2] > 0.8 > 0.3 > unit[1] @ unit[3]


def test_macro_f1_counts_classes_alike() -> None:
    truth = np.asarray([0, 0, 0, 1])
    assert training.macro_f1(truth, np.zeros(4, int)) == pytest.approx((6 / 7) / 2)
    assert accuracy(truth, np.zeros(4, int)) == 0.75


def test_weights_of_another_cut_are_refused() -> None:
    _, _, model = build()
    card = {"front_end": "0: another", "mode": "default", "sha256": ""}
    with pytest.raises(WeightsError, match="front_end"):
        run_time.load(Weights("text_gru", {"codes": model._codes}, card))
