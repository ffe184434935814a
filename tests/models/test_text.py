"""The text model as it ships: what lines say, how surely, and that training and run time agree."""

import statistics
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models import text
from models.cards import read_card
from models.text import GUESS, NOTHING, SPREAD, TextAffect, TextModel
from models.text_language import WordList
from models.text_tokens import FRONT_END, read_tokens
from models.training.text_network import Student, Vocabulary
from models.weights import FOLDER, Weights, WeightsError, read_weights


@pytest.fixture(scope="module")
def model() -> TextModel:
    return text.load()


@pytest.mark.parametrize(
    ("pleased", "displeased"),
    [
        ("I love this place", "I hate this place"),
        ("we won, what a great day", "we lost, what a terrible day"),
        ("this is good", "this is not good"),
        ("I am happy", "I'm not happy"),
        ("gg wp", "you are trash, uninstall"),
        ("so cute 😍", "so sad 😭"),
        ("nice :)", "meh :("),
        ("LUL that was awesome", "FeelsBadMan that was awful"),
        ("this is great", "this is great /s"),
        ("goooood", "baaaaad"),
        ("wonderfull", "horibble"),
    ],
)
def test_of_two_lines_the_pleased_one_has_more_valence(
    pleased: str, displeased: str, model: TextModel
) -> None:
    assert model.read(pleased).valence > model.read(displeased).valence + 0.1


@pytest.mark.parametrize(
    ("excited", "calm"),
    [
        ("I CAN'T BELIEVE IT!!!", "I can believe it."),
        ("we are all going to die!!", "we are going to have a cup of tea"),
        ("THIS IS SO EXCITING", "this is relaxing"),
        ("noooooo!!!", "no"),
    ],
)
def test_of_two_lines_the_excited_one_has_more_arousal(
    excited: str, calm: str, model: TextModel
) -> None:
    assert model.read(excited).arousal > model.read(calm).arousal + 0.1


def test_a_clear_line_is_surer_than_a_plain_one(model: TextModel) -> None:
    clear, plain = model.read("I love it, it is wonderful"), model.read("the bank is over there")
    assert clear.confidence > 0.9 > plain.confidence >= GUESS
    assert clear.language == plain.language == "en"


def test_of_another_language_only_the_signs_are_read_and_confidence_is_low(
    model: TextModel,
) -> None:
    words, sad, glad = (
        model.read(line)
        for line in ("estoy muy cansado hoy", "estoy muy cansado hoy 😭", "estoy en casa hoy 😍")
    )
    assert words.language == sad.language == glad.language == "other"
    assert words == TextAffect(0.0, 0.0, 0.0, GUESS, "other")
    assert sad.valence < 0.0 < glad.valence
    english = model.read("i am very happy today 😍")
    assert GUESS < glad.confidence < english.confidence


@pytest.mark.parametrize("line", ["", "   ", "\n", "\u200b"])
def test_where_nothing_is_written_nothing_is_said(line: str, model: TextModel) -> None:
    assert model.read(line) == NOTHING


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_written_the_answer_is_in_range(model: TextModel, line: str) -> None:
    answer = model.read(line)
    assert all(-1.0 <= value <= 1.0 for value in answer[:3])
    assert 0.0 <= answer.confidence <= 1.0


def test_the_same_line_gives_the_same_answer_whatever_was_read_before(model: TextModel) -> None:
    before = model.read("what a day")
    model.read("everything is terrible")
    assert model.read("what a day") == before


def test_run_time_says_what_the_network_of_the_training_says() -> None:
    torch.manual_seed(0)
    student = Student().eval()
    with torch.no_grad():  # rounded as they are stored, so that nothing but the code can differ
        for name, parameter in student.named_parameters():
            if name in ("word.weight", "piece.weight"):
                step = parameter.abs().amax(0) / 127.0
                parameter.copy_((parameter / step).round() * step)
            else:
                parameter.copy_(parameter.half().float())
    lines = ["I don't like it", "sooo GOOD!!! :D", "one", "😂😂 lol @bob", "a b c d e f g h i j k"]
    words = [token.text for line in lines for token in read_tokens(line)]
    arrays = student.arrays() | {
        "certainty": np.zeros(4, np.float32),
        "english": WordList.build(words),
    }
    model = TextModel(Weights("text", arrays, {"front_end": FRONT_END, "sha256": ""}))
    said = student.say(lines, Vocabulary())
    for line, expected in zip(lines, said, strict=True):
        assert model.deviations(read_tokens(line)) == pytest.approx(expected, abs=2e-4)
        assert model.read(line)[:3] == pytest.approx(np.tanh(SPREAD * expected), abs=2e-4)


def test_weights_of_another_cut_or_shape_are_refused() -> None:
    shipped = read_weights("text")
    other = Weights("text", shipped.arrays, shipped.card | {"front_end": "0: another"})
    with pytest.raises(WeightsError, match="front_end"):
        text.load(other)
    cut = shipped.arrays | {"hidden_b": shipped.arrays["hidden_b"][:-1]}
    with pytest.raises(WeightsError, match="hidden_b"):
        text.load(Weights("text", cut, shipped.card))


def test_the_card_tells_the_figures_beside_baselines_and_the_weights_are_small() -> None:
    facts = read_card(read_weights("text").card)
    assert facts.kind == "text"
    assert facts.data[-1].non_commercial
    assert facts.licence_short == "non-commercial"
    sentences = facts.figures["emobank dev"]
    for axis in ("valence", "arousal", "dominance"):
        figures = sentences[f"r of {axis}"]
        value, low, high = (float(part.strip("[],")) for part in figures["model"].split())
        assert low <= value <= high
        assert value > float(figures["TF-IDF ridge"].split()[0]), f"{axis} beats the baseline"
    assert (FOLDER / "text.npz").stat().st_size < 10_000_000


def test_a_line_takes_less_time_than_a_plain_loop_of_200_000_steps(model: TextModel) -> None:
    """Two milliseconds are the goal; the loop is 8 to 30 ms wherever this runs."""
    start = "this is a line of a chat that nobody has written before, number"
    lines = [f"{start} {i} word{i}" for i in range(200)]
    took: list[float] = []
    for line in lines:
        began = time.process_time()
        model.read(line)
        took.append(time.process_time() - began)
    began = time.process_time()
    sum(i * i for i in range(200_000))
    assert statistics.median(took) < time.process_time() - began
