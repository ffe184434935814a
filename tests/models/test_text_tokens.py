"""How lines are cut: chats are full of what no dictionary has."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text_tokens import BUCKETS, MOST_REPEATS, MOST_TOKENS, read_tokens


def texts(line: str) -> list[str]:
    return [token.text for token in read_tokens(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("I don't like it.", ["i", "don't", "like", "it", "."]),
        ("It’s OK", ["it's", "ok"]),
        ("sooooo GOOD!!!!!", ["soo", "good", "!!!"]),
        ("see https://x.y/z @bob 42 [NAME]", ["see", "<url>", "<user>", "<number>", "<name>"]),
        ("nice :-) <3 :'( T_T", ["nice", ":)", "<3", ":'(", "t_t"]),
        ("thanks… /s", ["thanks", "...", "/s"]),
        ("und/see", ["und", "/", "see"]),
        ("", []),
        (" \t\u200b", []),
    ],
)
def test_a_line_is_cut_into_words_signs_and_stand_ins(line: str, expected: list[str]) -> None:
    assert texts(line) == expected


def test_capitals_and_drawn_out_letters_are_marks_not_other_words() -> None:
    plain, loud, drawn = (read_tokens(word)[0] for word in ("no", "NO", "NOOOOO"))
    assert (plain.marks, loud.marks, drawn.marks) == (
        (False, False, False),
        (True, False, False),
        (True, True, False),
    )
    assert plain.word == loud.word
    assert set(plain.pieces) & set(drawn.pieces), "they share the word with nothing drawn out"


def test_what_is_said_again_and_again_counts_a_few_times() -> None:
    tokens = read_tokens("Pog " * 40)
    assert len(tokens) == MOST_REPEATS
    assert [token.marks[2] for token in tokens] == [False, True, True]


def test_names_written_in_one_are_known_by_their_parts() -> None:
    (whole,) = read_tokens("moon2CUTE")
    (part,) = read_tokens("Cute")
    assert set(whole.pieces) & set(part.pieces)


def test_every_pictograph_of_unicode_is_one_token_whatever_its_skin() -> None:
    pictographs = [
        chr(code) for code in range(0x1F300, 0x1FB00) if unicodedata.category(chr(code)) == "So"
    ]
    assert len(pictographs) > 1000
    strange = [sign for sign in pictographs if [t.kind for t in read_tokens(sign)] != ["emoji"]]
    assert not strange
    assert texts("👍🏽") == texts("👍")
    assert texts("❤️") == texts("❤")


@given(st.text(max_size=400))
def test_any_text_becomes_at_most_so_many_tokens_with_buckets(line: str) -> None:
    tokens = read_tokens(line)
    assert len(tokens) <= MOST_TOKENS
    for token in tokens:
        assert 0 <= token.word < BUCKETS
        assert token.pieces
        assert all(0 <= piece < BUCKETS for piece in token.pieces)
