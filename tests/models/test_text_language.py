"""English or not: the model has learned no other language, and must know it."""

import pytest

from models.text_language import BITS, WordList, language_of
from models.text_tokens import read_tokens
from models.weights import read_weights


@pytest.fixture(scope="module")
def english() -> WordList:
    return WordList(read_weights("text").arrays["english"])


@pytest.mark.parametrize(
    "line",
    [
        "Ich bin heute sehr traurig",
        "Das Spiel macht keinen Spaß",
        "Je suis très content",
        "ce jeu est nul",
        "estoy muy feliz",
        "¿por qué siempre pierdo?",
        "sono molto felice oggi",
        "eu estou muito triste",
        "ik ben heel blij vandaag",
        "jag är så glad",
        "jestem bardzo smutny",
        "çok güzel bir oyun",
        "мне сегодня грустно",
        "我今天很高兴",
        "今日は本当に楽しい",
        "너무 좋아요",
        "أنا سعيد جدا",
    ],
)
def test_other_languages_are_told_from_english(line: str, english: WordList) -> None:
    assert language_of(read_tokens(line), english) == "other"


@pytest.mark.parametrize(
    "line",
    [
        "This is the best day of my life",
        "gg ez",
        "nooo i died again",
        "a café with a certain je ne sais quoi",
        "I love the Bundesliga",
        "That was sooo close!!! 😂",
        "lol",
    ],
)
def test_english_with_slang_or_a_foreign_word_stays_english(line: str, english: WordList) -> None:
    assert language_of(read_tokens(line), english) == "en"


@pytest.mark.parametrize("line", ["", "!!!", "😂😂", "42", "xqcvtw"])
def test_where_there_is_nothing_to_tell_by_nothing_is_told(line: str, english: WordList) -> None:
    assert language_of(read_tokens(line), english) == "unknown"


def test_a_word_list_has_all_its_words_and_hardly_any_other() -> None:
    words = [f"word{i}" for i in range(15_000)]
    known = WordList(WordList.build(words))
    assert all(word in known for word in words)
    strangers = sum(f"other{i}" in known for i in range(10_000))
    assert strangers < 300, "of ten thousand"
    assert len(WordList.build([])) == BITS // 8
