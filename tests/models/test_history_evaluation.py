"""The replay of the recommender: invented listeners of whom all is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.training import history_evaluation as study
from models.training.history_evaluation import Music, examine, offers_of, replay
from models.training.history_table import write_history
from models.training.history_users import Week, choose_users, draw_week, popularity, read_users
from models.zoo.descriptors import WIDTH
from models.zoo.history import Shelf

TRACKS = 60


@pytest.fixture
def music() -> Music:
    """Tracks of four tags; how they sound falls into two clusters across the tags."""
    rng = np.random.default_rng(0)
    sounds = np.where(np.arange(TRACKS)[:, None] % 2, 3.0, -3.0) + rng.standard_normal((TRACKS, 12))
    quadrants = 1 + np.arange(TRACKS) // 2 % 4
    names = tuple(f"{'rock' if n % 3 else 'pop'}_{n:03d}.ogg" for n in range(TRACKS))
    genres = np.asarray([name.partition("_")[0] for name in names])
    rows = [np.full((2, WIDTH), float(q), np.float32) for q in quadrants]
    shelf = Shelf([str(n) for n in range(TRACKS)], quadrants, sounds)
    return Music(names, genres, shelf, rows)


def _judge(rows: np.ndarray) -> np.ndarray:
    near = np.exp(-np.abs(np.arange(1, 5) - float(rows.mean())))
    return near / near.sum()


def test_a_week_holds_half_of_what_was_liked_and_offers_the_rest_of_what_was_rated() -> None:
    user = {n: 1.0 if n < 10 else -1.0 for n in range(25)}
    week = draw_week(user, (1, 2))
    assert len(week.played) == len(week.liked) == 5
    assert not week.played.keys() & set(week.candidates)
    assert set(week.played) | set(week.candidates) == set(user)
    assert week.liked == {n for n in week.candidates if n < 10}
    assert len(week.plays) == sum(week.played.values()) >= 5
    assert draw_week(user, (1, 2)) == week != draw_week(user, (1, 3))


def test_offers_are_rated_tracks_each_once_and_answered_before_the_next(music: Music) -> None:
    quadrants = music.shelf.quadrants
    week = Week({0: 3}, list(range(1, 25)), set(), 0)  # likes nothing: every tag is tried
    offered = replay(music, week, _judge, "alike")
    assert len(set(offered)) == 5
    assert set(offered) <= set(week.candidates)
    assert sorted(quadrants[offered[:4]]) == [1, 2, 3, 4]
    liked = Week({0: 3}, list(range(1, 25)), set(range(25)), 0)  # likes all: the tag is kept
    kept = replay(music, liked, _judge, "drawn")
    assert len(set(quadrants[kept])) == 1
    few = Week({0: 3}, [7], set(), 0)
    assert replay(music, few, _judge, "alike") == [7]


def test_popularity_does_not_know_the_user() -> None:
    users = [{0: 1.0, 1: -1.0}, {0: 1.0}, {1: 1.0, 2: 0.0}]
    np.testing.assert_allclose(popularity(users, 0, 3), [2 / 4, 2 / 4, 1 / 4])
    np.testing.assert_allclose(popularity(users, 2, 3), [3 / 5, 1 / 4, 1 / 3])


def test_who_likes_a_sound_is_offered_it_and_who_likes_nothing_in_particular_is_not(
    music: Music,
) -> None:
    rng = np.random.default_rng(1)
    picky = [
        {int(t): 1.0 if t % 2 else -1.0 for t in rng.permutation(TRACKS)[:40]} for _ in range(12)
    ]
    figures = examine(picky, range(12), music, _judge)
    assert figures["sound alone"]["hit rate"][0] > 0.95  # S4 has to stay with one tag
    assert figures["S4"]["over random"][1] > 0.2
    assert abs(figures["S4, drawn"]["over random"][0]) < 0.2
    fickle = [
        {int(t): float(rng.choice([-1.0, 1.0])) for t in rng.permutation(TRACKS)[:40]}
        for _ in range(12)
    ]
    low, high = examine(fickle, range(12), music, _judge)["S4"]["over random"][1:]
    assert low < 0.1
    assert high > -0.1
    found = {"users": 12, "answers": [40, 40.0, 40], "draws": 10, "offers": 5, "methods": figures}
    assert write_history(found).count("\n|") == 2 + len(study.METHODS)


def test_answers_are_read_by_who_gave_them(tmp_path: Path) -> None:
    (tmp_path / "emotify").mkdir()
    rows = ["file,liked,disliked,age,gender,mother_tongue"]
    rows += [
        "audio/a.ogg,1,0,20,1,Dutch",
        "audio/a.ogg,0,1,20,1,Dutch",
        "audio/b.ogg,0,0,20,0,Dutch",
    ]
    (tmp_path / "emotify" / "ratings.csv").write_text("\n".join(rows), encoding="utf-8")
    assert read_users(tmp_path, ["a.ogg", "b.ogg"]) == [{1: 0.0}, {0: 0.0}]


def test_users_are_examined_who_were_not_tried(music: Music) -> None:
    users = [{n: 1.0 if n < 8 + row % 2 else -1.0 for n in range(12)} for row in range(20)]
    users.append(dict.fromkeys(range(20), 1.0))  # dislikes nothing
    users.append(dict.fromkeys(range(20), -1.0))
    tried, examined = choose_users(users)
    assert sorted(tried + examined) == list(range(20))
    with pytest.raises(ValueError, match="not 'best'"):
        offers_of("best", music, draw_week(users[0], (0,)), np.zeros(TRACKS), _judge)
