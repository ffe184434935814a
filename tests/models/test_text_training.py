"""How the text model is trained: corpora as their authors give them, lessons, interruptions."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.text_language import WordList
from models.training import text_variation
from models.training.text_confidence import Sides, fit_certainty, sides_of
from models.training.text_corpora import (
    NEGATIVE,
    POSITIVE,
    polarity_of,
    read_chat,
    read_emobank,
    read_goemotions,
)
from models.training.text_glosses import glosses
from models.training.text_lessons import (
    Directions,
    Lessons,
    pieces_of,
    rated,
    read_lessons,
    variants_of,
    words_of,
    write_lessons,
)
from models.training.text_network import Student, Vocabulary
from models.training.text_teaching import Teaching

RATINGS = np.asarray([1.0, 0.0, 0.0], np.float32)


def lessons(count: int = 300) -> Lessons:
    """Lines whose valence is in one word, arousal in another."""
    rng = np.random.default_rng(0)
    glad, loud = rng.random(count) < 0.5, rng.random(count) < 0.5
    texts = [
        f"the {'zib' if g else 'mok'} is {'traf' if a else 'nel'} today {i % 7}"
        for i, (g, a) in enumerate(zip(glad, loud, strict=True))
    ]
    ratings = np.stack([np.where(glad, 1.0, -1.0), np.where(loud, 1.0, -1.0), np.zeros(count)], 1)
    return rated(texts, ratings, 1.0)


def test_corpora_are_read_as_their_authors_write_them(tmp_path: Path) -> None:
    (tmp_path / "emobank.csv").write_text(
        'id,split,V,A,D,text\n1,train,3.5,3.0,2.5,"a, b"\n2,dev,1,2,3,c\n', encoding="utf-8"
    )
    texts, ratings = read_emobank(tmp_path, "train")
    assert texts == ["a, b"]
    assert ratings.tolist() == [[3.5, 3.0, 2.5]]
    (tmp_path / "dev.tsv").write_text("good one\t0,4\tid1\nhm\t27\tid2\n", encoding="utf-8")
    comments, labels = read_goemotions(tmp_path, "dev")
    assert comments == ["good one", "hm"]
    assert [np.flatnonzero(row).tolist() for row in labels] == [[0, 4], [27]]
    (tmp_path / "chat.csv").write_text(
        "sentiment,game,message\n1,G,LUL\n-1,G,lul LUL\n0,G,hi\n", encoding="utf-8"
    )
    messages, sentiment, groups = read_chat(tmp_path)
    assert messages == ["LUL", "lul LUL", "hi"]
    assert sentiment.tolist() == [1, -1, 0]
    assert groups[0] == groups[1] != groups[2]


def test_polarity_is_that_of_the_authors_groups_of_labels() -> None:
    labels = np.zeros((4, 28), np.float32)
    labels[0, 17] = 1  # joy
    labels[1, 25] = 1  # sadness
    labels[2, [17, 25]] = 1
    labels[3, 27] = 1  # neutral
    assert polarity_of(labels).tolist() == [1, -1, 0, 0]
    assert len({*POSITIVE, *NEGATIVE}) == 23, "of 28: four are ambiguous, one is neutral"


def test_no_sign_has_two_glosses() -> None:
    forms = [form for form, _ in glosses()]
    assert len(forms) == len(set(forms)) > 500


def test_capitals_and_exclamation_marks_raise_arousal_and_irony_turns_pleasure() -> None:
    rng = np.random.default_rng(0)
    text, ratings = text_variation.loud("so nice", RATINGS, rng)
    assert text == "SO NICE"
    assert ratings[1] > 0.3
    text, ratings = text_variation.excited("so nice.", RATINGS, rng)
    assert text.startswith("so nice!")
    assert ratings[1] > 0.1
    text, ratings = text_variation.ironic("so nice", RATINGS, rng)
    assert text.startswith("so nice ")
    assert ratings[0] < 0.0
    assert text_variation.drawn_out("so nice", RATINGS, rng)[0] in ("soooo nice", "so niceeee")


def test_a_text_is_rewritten_now_and_then_and_never_in_place() -> None:
    given = lessons(1)
    rng = np.random.default_rng(0)
    seen = [text_variation.vary("a fine day", RATINGS, given, rng) for _ in range(300)]
    plain = sum(text == "a fine day" for text, _ in seen)
    assert 100 < plain < 250
    assert RATINGS.tolist() == [1.0, 0.0, 0.0]
    assert text_variation.vary(" ", RATINGS, given, rng)[0] == " "


def test_words_stretches_and_variants_are_made_of_the_texts() -> None:
    texts = ["one two three, four five six seven eight nine", "one"]
    rng = np.random.default_rng(0)
    assert words_of(texts) == ["one"]
    assert pieces_of(texts, rng)[0].startswith("four five six")
    variants = variants_of(texts, 5, rng)
    assert len(variants) == 5
    assert set(" ".join(variants).split()) <= set(" ".join(texts).split())


def test_directions_are_those_of_most_variance_each_of_deviation_one() -> None:
    rng = np.random.default_rng(0)
    states = rng.standard_normal((500, 60)) * np.geomspace(10.0, 0.01, 60)
    turned = Directions(states)(states)
    assert turned.std(axis=0) == pytest.approx(np.ones(48), rel=0.01)
    assert abs(np.corrcoef(turned[:, 0], states[:, 0])[0, 1]) > 0.95


def test_lessons_come_back_from_the_cache_as_they_were(tmp_path: Path) -> None:
    given = lessons(5)
    write_lessons(tmp_path / "some.npz", given)
    found = read_lessons(tmp_path / "some.npz")
    assert found.texts == given.texts
    for mine, theirs in zip(found.arrays, given.arrays, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_student_learns_what_the_words_mean_and_finds_them_in_other_lines() -> None:
    teaching = Teaching(Student(), lessons(), lessons(2), epochs=30, seed=0)
    assert teaching.run()
    said = teaching.student.say(["my zib was nel", "a mok and a traf"], Vocabulary())
    assert said[0, 0] > 0.3 > -0.3 > said[1, 0]
    assert said[1, 1] > 0.3 > -0.3 > said[0, 1]


def test_a_course_that_was_interrupted_goes_on_where_it_was(tmp_path: Path) -> None:
    def begin() -> Teaching:
        torch.manual_seed(7)
        return Teaching(Student(), lessons(60), lessons(2), epochs=2, seed=3)

    whole, first, second = begin(), begin(), begin()
    assert whole.run()
    assert not first.run(tmp_path / "kept.pt", until=0.0)
    assert first.done == 1
    assert second.run(tmp_path / "kept.pt")
    assert second.done == 2
    first_said, then_said = (
        one.student.say(["the zib is nel"], Vocabulary()) for one in (whole, second)
    )
    np.testing.assert_allclose(then_said, first_said, atol=0.05)


def test_confidence_is_fitted_to_how_often_sides_are_right() -> None:
    rng = np.random.default_rng(0)
    valence = rng.uniform(-2.0, 2.0, 4000)
    truth = np.where(rng.random(4000) < 1.0 / (1.0 + np.exp(-1.5 * valence)), 1.0, -1.0)
    sides = sides_of(["known"] * 4000, truth, valence, 0.5)
    fitted = fit_certainty([sides], WordList(WordList.build(["known"])))
    # one known word, one token, no sign: the constant and the share of known words count alone
    assert fitted[0] + fitted[1] == pytest.approx(1.5, abs=0.15)


def test_texts_about_which_people_are_neutral_are_on_no_side() -> None:
    kept: Sides = sides_of(["a", "b", "c"], np.asarray([0.1, -0.5, 0.5]), np.arange(3.0), 0.2)
    assert kept.texts == ["b", "c"]
    assert kept.positive.tolist() == [False, True]
