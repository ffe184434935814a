"""The Camelot wheel against its published table, and against the notes of the scales."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from oscbridge.errors import SettingsError
from oscbridge.library import camelot, mixing
from oscbridge.library.mixing import Groove
from oscbridge.library.track import KEYS

# The wheel as Mixed In Key prints it.
MINORS = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "Dbm")
MAJORS = ("B", "F#", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E")
PUBLISHED = {
    f"{hour}{letter}": name
    for letter, names in (("A", MINORS), ("B", MAJORS))
    for hour, name in enumerate(names, start=1)
}
# Open Key as Traktor shows it.
OPEN = {"1d": "C", "1m": "Am", "2d": "G", "12d": "F", "4m": "F#m", "6d": "B", "7m": "Ebm"}
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


def notes_of(key: int) -> set[int]:
    return {(key + step) % 12 for step in (MAJOR if key < 12 else MINOR)}


@pytest.mark.parametrize(("code", "name"), PUBLISHED.items())
def test_the_wheel_is_the_published_one(code: str, name: str) -> None:
    assert camelot.key_of(code) == camelot.key_of(name)
    assert camelot.code_of(camelot.key_of(name)) == code


@pytest.mark.parametrize(("code", "name"), OPEN.items())
def test_open_key_is_read_as_traktor_shows_it(code: str, name: str) -> None:
    assert camelot.key_of(code) == camelot.key_of(name)


def test_the_names_of_our_keys_are_read_back() -> None:
    assert [camelot.key_of(name) for name in KEYS] == list(range(24))
    assert camelot.key_of("f♯ minor") == camelot.key_of("F#m") == KEYS.index("F#m")
    assert camelot.key_of("CM") == KEYS.index("C")


@pytest.mark.parametrize("text", ["", "13A", "0B", "H", "8C", "Amn", "-1"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="is no key"):
        camelot.key_of(text)


@pytest.mark.parametrize("key", range(24))
def test_keys_fit_that_share_six_notes_or_more_with_the_same_mode_or_all_of_them(key: int) -> None:
    shared = [len(notes_of(key) & notes_of(other)) for other in range(24)]
    same_mode = [(other < 12) == (key < 12) for other in range(24)]
    expected = [
        count == 7 or (count == 6 and same) for count, same in zip(shared, same_mode, strict=True)
    ]
    assert camelot.fits(key, range(24)).tolist() == expected
    assert sum(expected) == 4


def test_an_unknown_key_fits_nothing_and_has_no_code() -> None:
    assert not camelot.fits(-1, [0, 5, -1]).any()
    assert not camelot.fits(3, [-1]).any()
    assert camelot.code_of(-1) == ""
    with pytest.raises(ValueError, match="not 24"):
        camelot.code_of(24)


@pytest.mark.parametrize(
    ("before", "after", "fits"),
    [
        *((128.0, 128.0, True), (128.0, 120.8, True), (128.0, 120.7, False)),
        *((106.0, 100.0, True), (94.0, 100.0, True), (93.9, 100.0, False)),
        *((128.0, 64.0, True), (64.0, 128.0, True), (90.0, 174.0, True), (90.0, 135.0, False)),
        *((128.0, float("nan"), False), (float("nan"), 128.0, False), (0.0, 128.0, False)),
    ],
)
def test_a_tempo_fits_within_six_percent_at_the_same_double_or_half(
    before: float, after: float, fits: bool
) -> None:
    assert mixing.tempo_fits(before, [after]).tolist() == [fits]


def test_the_shift_is_what_the_following_track_needs_to_keep_the_beat() -> None:
    rng = np.random.default_rng(3)
    for before, after in itertools.product(rng.uniform(60, 200, 20), repeat=2):
        (shift,) = mixing.tempo_shift(before, [after])
        played_bpm = after * (1.0 + shift)
        octave = before / played_bpm
        assert any(octave == pytest.approx(wanted) for wanted in (1.0, 2.0, 0.5))
        others = [abs(before * factor / after - 1.0) for factor in (1.0, 2.0, 0.5)]
        assert abs(shift) == pytest.approx(min(others))


def test_a_track_is_mixed_only_where_both_key_and_tempo_fit() -> None:
    groove = Groove(124.0, camelot.key_of("8A"))
    keys = [camelot.key_of(code) for code in ("8A", "8A", "7A", "9B", "8B")]
    fits = mixing.fits(groove, [124.0, 140.0, 126.0, 124.0, 62.0], keys)
    assert fits.tolist() == [True, False, True, False, True]
