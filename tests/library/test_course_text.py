"""Curves as people write them: lines, shapes, files, and what is wrong with them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from oscbridge.errors import InputError, SettingsError
from oscbridge.labels import Labels
from oscbridge.library.course_text import SHAPES, curve_of, point_of, read_curve, shape_of

WORDS = Labels()


def test_a_line_has_minutes_and_feelings_and_is_straight_between_them() -> None:
    curve = curve_of("0:calm 30:happy 60:energy 9", WORDS)
    assert curve.end_s == 3600.0
    calm, happy = point_of("calm", WORDS), point_of("happy", WORDS)
    assert curve.at(0.0) == pytest.approx(calm)
    assert curve.at(1800.0) == pytest.approx(happy)
    halfway = curve.at(900.0)
    assert halfway.valence == pytest.approx((calm.valence + happy.valence) / 2.0)
    end = curve.at(3600.0)
    assert end.arousal == pytest.approx(2.0 * (9 - 1) / 9 - 1)
    assert end.valence == pytest.approx(happy.valence)  # an energy leaves it as it is


def test_points_are_words_numbers_and_energies() -> None:
    assert point_of(" -0.4, 0.75 ", WORDS) == (-0.4, 0.75)
    assert point_of("-.4 1", WORDS) == (-0.4, 1.0)
    assert point_of("Neutral", WORDS) == (0.0, 0.0)
    assert point_of("sad", WORDS) == (-0.5, -0.5)
    assert point_of("dusk", Labels(q3="Dusk")) == (-0.5, -0.5)
    low = point_of("energy 1", WORDS)
    assert math.isnan(low.valence)
    assert low.arousal == -1.0


def test_a_line_may_have_numbers_and_words_of_several_letters_with_blanks() -> None:
    curve = curve_of("0: at ease 12.5:-0.2,0.3 20:very", Labels(q1="very"))
    assert curve.end_s == 1200.0
    assert curve.at(750.0) == pytest.approx((-0.2, 0.3))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("calm", "is no curve"),
        ("calm 0:happy 5:sad", "is no curve"),
        ("0:calm", "two points or more"),
        ("0:calm 5:happy 5:sad", "have to rise"),
        ("0:calm 5:hapy", "Did you mean 'happy'"),
        ("0:calm 5:", "'' is no point"),
        ("0:calm 1e5:happy", "'calm 1e5:happy' is no point"),
        ("0:calm 5:-0.4", "'-0.4' is no point"),
        ("0:calm 5:inf 0", "'inf 0' is no point"),
        ("0:calm 5:energy", "which energy"),
        ("0:calm 5:2,0", "numbers from -1 to 1"),
        ("0:calm 5:energy 11", "an energy is 1 to 10"),
        ("0:calm 2000:happy", "no longer than a day"),
    ],
)
def test_what_is_no_curve_is_refused_with_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        curve_of(text, WORDS)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_as_long_as_it_is_wanted_and_stays_in_the_plane(name: str) -> None:
    curve = shape_of(name, 45.0)
    assert curve.end_s == 2700.0
    for share in range(11):
        assert max(map(abs, curve.at(270.0 * share))) <= 1.0


def test_an_unknown_shape_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SettingsError, match="warm-up"):
        shape_of("worm-up", 60.0)


def test_a_drawn_curve_is_read_from_csv(tmp_path: Path) -> None:
    path = tmp_path / "evening.csv"
    path.write_text(
        "\ufeffminute, valence ,arousal\n10,0.1,-0.5\n\n20,,0.5\n40,0.7,\n", encoding="utf-8"
    )
    curve = read_curve(path, WORDS)
    assert curve.end_s == 1800.0
    assert curve.at(0.0) == pytest.approx((0.1, -0.5))
    assert curve.at(600.0) == pytest.approx((0.3, 0.5))  # the open field is passed over
    assert curve.at(1800.0) == pytest.approx((0.7, 0.5))


def test_a_curve_of_words_is_read_from_csv_and_toml(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("minute,point\n0,calm\n30,happy\n", encoding="utf-8")
    toml = tmp_path / "a.toml"
    toml.write_text(
        '[[point]]\nminute = 0\npoint = "calm"\n[[point]]\nminute = 30\nvalence = 0.5\n',
        encoding="utf-8",
    )
    words, mixed = read_curve(table, WORDS), read_curve(toml, WORDS)
    assert words.at(1800.0) == pytest.approx((0.5, 0.5))
    assert mixed.at(0.0) == pytest.approx(words.at(0.0))
    assert mixed.at(1800.0) == pytest.approx((0.5, words.at(0.0).arousal))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.csv", "minute,valence\n0,0\n5,2\n", "line 3.*valence = 2"),
        ("a.csv", "minute,mood\n0,calm\n5,happy\n", "no key 'mood'"),
        ("a.csv", "minute,valence\n0,0\n", "two points or more"),
        ("a.csv", "minute,valence\n5,0\n0,1\n", "have to rise"),
        ("a.toml", "[[point]]\nminute = 0\n", "point"),
        ("a.toml", "nonsense", "no valid TOML"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_the_file_and_the_place(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint) as caught:
        read_curve(path, WORDS)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_curve(tmp_path / "none.csv", WORDS)
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01" * 9)
    with pytest.raises(InputError, match="cannot be read"):
        read_curve(binary, WORDS)
