"""When a play counts: half of the track or four minutes, again with each round."""

from __future__ import annotations

import numpy as np
import pytest

from oscbridge.library.history.counting import ENOUGH_S, PlayCounter, Playing

SONG = Playing("Hero", "Neu!", duration_s=200.0, id="1")
NEXT = Playing("Isi", "Neu!", duration_s=300.0, id="2")


def _counted(*course: tuple[float, Playing | None, bool]) -> list[tuple[str, float]]:
    counter = PlayCounter("mpris")
    found = [
        listen for now_s, now, on in course for listen in counter.update(now_s, now, playing=on)
    ]
    return [(listen.title, listen.time_s) for listen in found]


@pytest.mark.parametrize(("heard_s", "counts"), [(99.0, False), (100.0, True), (200.0, True)])
def test_half_of_a_track_counts_from_its_beginning(heard_s: float, counts: bool) -> None:
    found = _counted((1000.0, SONG, True), (1000.0 + heard_s, NEXT, True))
    assert found == ([("Hero", 1000.0)] if counts else [])


def test_four_minutes_of_a_long_one_are_enough_and_what_is_short_never_counts() -> None:
    mix = Playing("Mix", duration_s=3600.0)
    assert _counted((0.0, mix, True), (239.0, None, False)) == []
    assert _counted((0.0, mix, True), (240.0, None, False)) == [("Mix", 0.0)]
    jingle = Playing("Jingle", duration_s=29.0)
    assert _counted((0.0, jingle, True), (29.0, None, False)) == []


def test_where_the_length_is_unknown_four_minutes_are_needed() -> None:
    radio = Playing("Radio")
    assert _counted((0.0, radio, True), (ENOUGH_S - 1.0, None, False)) == []
    assert _counted((0.0, radio, True), (ENOUGH_S, None, False)) == [("Radio", 0.0)]


def test_a_pause_is_not_heard() -> None:
    course = [(0.0, SONG, True), (60.0, SONG, False), (500.0, SONG, True)]
    assert _counted(*course, (530.0, NEXT, True)) == []
    assert _counted(*course, (540.0, NEXT, True)) == [("Hero", 0.0)]


def test_what_is_played_faster_is_heard_sooner() -> None:
    counter = PlayCounter("mpris")
    counter.update(0.0, SONG, playing=True, speed=2.0)
    counter.update(40.0, SONG, playing=True)
    assert [x.title for x in counter.update(60.0, None, playing=False)] == ["Hero"]
    counter.update(100.0, SONG, playing=True, speed=2.0)
    counter.update(140.0, SONG, playing=True)
    assert not counter.update(159.0, None, playing=False)


def test_a_track_that_is_repeated_counts_with_each_round() -> None:
    assert _counted((0.0, SONG, True), (520.0, None, False)) == [
        *(("Hero", 0.0), ("Hero", 200.0), ("Hero", 400.0))
    ]
    assert len(_counted((0.0, SONG, True), (499.0, None, False))) == 2


def test_what_is_learned_of_a_track_while_it_plays_does_not_begin_it_anew() -> None:
    bare = Playing(path="file:///hero.flac", id="1")
    named = Playing("hero.flac", path="file:///hero.flac", id="1")
    full = Playing("Hero", "Neu!", "", "file:///hero.flac", 200.0, "1")
    course = [(0.0, bare, True), (1.0, named, True), (2.0, full, True), (101.0, None, False)]
    assert _counted(*course) == [("Hero", 0.0)]


def test_another_title_of_a_radio_station_is_another_play() -> None:
    one, other = (Playing(title, path="https://radio.example/", id="1") for title in "AB")
    found = _counted((0.0, one, True), (250.0, other, True), (500.0, None, False))
    assert found == [("A", 0.0), ("B", 250.0)]


def test_the_same_song_as_another_entry_of_the_list_is_another_play() -> None:
    again = Playing("Hero", "Neu!", duration_s=200.0, id="9")
    found = _counted((0.0, SONG, True), (200.0, again, True), (400.0, None, False))
    assert found == [("Hero", 0.0), ("Hero", 200.0)]


def test_what_has_no_name_is_no_play() -> None:
    assert _counted((0.0, Playing(duration_s=100.0), True), (100.0, None, False)) == []


def test_any_course_counts_what_a_clock_that_ticks_counts() -> None:
    songs = [None, SONG, NEXT, Playing("Radio", id="3"), Playing("Jingle", duration_s=20.0, id="4")]
    for seed in range(30):
        rng = np.random.default_rng(seed)
        course, now_s, before = [], 0.0, 0
        for _ in range(12):
            which = int(rng.integers(len(songs))) if rng.random() < 0.6 else before
            course.append((now_s, songs[which], bool(rng.random() < 0.7)))
            now_s, before = now_s + float(rng.integers(1, 400)), which
        course.append((now_s, None, False))
        assert [title for title, _ in _counted(*course)] == _ticked(course)


def _ticked(course: list[tuple[float, Playing | None, bool]]) -> list[str]:
    """The same, second by second: the naive twin."""
    counted: list[str] = []
    heard, current = 0, None
    for (start_s, now, on), (end_s, *_) in zip(
        course, [*course[1:], (course[-1][0],)], strict=True
    ):
        if now is not current:
            counted += _judged(current, heard)
            heard, current = 0, now
        for _ in range(int(start_s), int(end_s)):
            heard += on and now is not None
    return counted


def _judged(song: Playing | None, heard: int) -> list[str]:
    if song is None or (song.duration_s and song.duration_s < 30.0):
        return []
    count = 0
    while song.duration_s and heard >= song.duration_s:
        heard, count = heard - int(song.duration_s), count + 1
    enough = min(song.duration_s / 2.0, 240.0) if song.duration_s else 240.0
    return [song.title] * (count + (heard >= enough))
