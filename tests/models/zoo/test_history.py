"""S4's recommender: top ten of the week, weighted, deterministic with its seed."""

from __future__ import annotations

import numpy as np
import pytest

from models.zoo.descriptors import WIDTH
from models.zoo.history import (
    WEEK_S,
    Play,
    Recommender,
    Shelf,
    average_rows,
    describe_track,
    most_played,
)

NOW_S = 1_700_000_000.0


def _plays(**counts: int) -> list[Play]:
    return [Play(name, NOW_S - i) for name, n in counts.items() for i in range(n)]


def _flat(value: float, segments: int = 3) -> np.ndarray:
    return np.full((segments, WIDTH), value, np.float32)


QUADRANT_OF = {f"{q}{letter}": q for q in (1, 2, 3, 4) for letter in "abc"}


@pytest.fixture
def shelf() -> Shelf:
    """Twelve tracks, three of a quadrant; how they sound grows with their letter."""
    names = list(QUADRANT_OF)
    sounds = np.asarray([["abc".index(name[1]), QUADRANT_OF[name]] for name in names], float)
    return Shelf(names, np.asarray(list(QUADRANT_OF.values())), sounds)


def _rows(name: str) -> np.ndarray:
    return _flat(QUADRANT_OF[name])


def _nearest(rows: np.ndarray) -> np.ndarray:
    """Probabilities that say which quadrant's flat rows these resemble most."""
    distance = np.abs(np.arange(1, 5) - float(rows.mean()))
    return np.exp(-distance) / np.exp(-distance).sum()


def test_the_ten_most_played_of_the_week_count() -> None:
    plays = _plays(**{f"t{i:02d}": i + 1 for i in range(15)})
    top = most_played(plays, NOW_S)
    assert top == [(f"t{i:02d}", i + 1) for i in range(14, 4, -1)]


def test_what_was_played_before_the_week_does_not_count() -> None:
    plays = [*_plays(new=1), *(Play("old", NOW_S - WEEK_S - 1.0) for _ in range(9))]
    assert most_played(plays, NOW_S) == [("new", 1)]


def test_the_same_seed_breaks_ties_alike_in_whatever_order_plays_are_listed() -> None:
    plays = _plays(**{f"t{i}": 1 for i in range(30)})
    first = most_played(plays, NOW_S, seed=3)
    assert most_played(plays[::-1], NOW_S, seed=3) == first
    assert most_played(plays, NOW_S, seed=4) != first


def test_the_average_is_weighted_by_plays_and_as_long_as_the_longest() -> None:
    mean = average_rows([_flat(0.0, 2), _flat(4.0, 3)], [3.0, 1.0])
    assert mean.shape == (3, WIDTH)
    np.testing.assert_allclose(mean[:, 0], [1.0, 1.0, 4.0])


def test_nothing_cannot_be_averaged() -> None:
    with pytest.raises(ValueError, match="no segment"):
        average_rows([], [])


def test_a_track_has_one_row_for_each_two_seconds() -> None:
    noise = np.random.default_rng(0).standard_normal(5 * 24000).astype(np.float32)
    assert describe_track(noise).shape == (2, WIDTH)
    assert describe_track(noise[:100]).shape == (0, WIDTH)


def test_music_of_the_listeners_quadrant_is_offered(shelf: Shelf) -> None:
    recommender = Recommender(shelf, _rows, _nearest)
    offers = recommender.recommend(_plays(**{"3a": 9, "1a": 1}), NOW_S)
    assert [QUADRANT_OF[name] for name in offers] == [3, 3, 3]
    assert offers[-1] == "3a"  # heard this week: last


def test_what_sounds_most_like_what_was_played_is_offered_first(shelf: Shelf) -> None:
    recommender = Recommender(shelf, _rows, _nearest)
    assert recommender.offer(2, _plays(**{"1c": 9, "4a": 1}), NOW_S) == ["2c", "2b", "2a"]
    assert recommender.offer(2, _plays(**{"1a": 9, "4c": 1}), NOW_S) == ["2a", "2b", "2c"]


def test_of_what_sound_is_unknown_comes_after_the_rest(shelf: Shelf) -> None:
    shelf.sounds[shelf.names.index("2a")] = np.nan
    recommender = Recommender(shelf, _rows, _nearest)
    assert recommender.offer(2, _plays(**{"1a": 9}), NOW_S) == ["2b", "2c", "2a"]
    assert set(recommender.offer(2, _plays(**{"2a": 9}), NOW_S)) == {"2a", "2b", "2c"}


def test_only_what_was_played_is_described(shelf: Shelf) -> None:
    asked: list[str] = []
    recommender = Recommender(shelf, lambda name: asked.append(name) or _rows(name), _nearest)
    recommender.recommend(_plays(**{"3a": 2, "1b": 1, "unheard of": 5}), NOW_S)
    assert asked == ["3a", "1b"]


def test_the_same_seed_draws_the_same_however_tracks_are_listed(shelf: Shelf) -> None:
    plays = _plays(**{"2a": 3})
    turned = Shelf(shelf.names[::-1], shelf.quadrants[::-1], shelf.sounds[::-1])
    offers = [
        Recommender(one, _rows, _nearest, 7, "drawn").recommend(plays, NOW_S)
        for one in (shelf, turned)
    ]
    assert offers[0] == offers[1]
    orders = {
        tuple(Recommender(shelf, _rows, _nearest, seed, "drawn").recommend(plays, NOW_S))
        for seed in range(8)
    }
    assert len(orders) > 1


def test_an_accepted_tag_is_kept_when_the_history_turns(shelf: Shelf) -> None:
    recommender = Recommender(shelf, _rows, _nearest)
    assert recommender.recommend(_plays(**{"1a": 5}), NOW_S)
    recommender.accept(1)
    offers = recommender.recommend(_plays(**{"4a": 50}), NOW_S)
    assert {QUADRANT_OF[name] for name in offers} == {1}
    recommender.reject(1)
    offers = recommender.recommend(_plays(**{"4a": 50}), NOW_S)
    assert {QUADRANT_OF[name] for name in offers} == {4}


def test_a_rejected_tag_gives_way_to_the_next_most_probable(shelf: Shelf) -> None:
    recommender = Recommender(shelf, _rows, _nearest)
    plays = _plays(**{"1a": 5})
    seen = []
    for _ in range(5):
        (quadrant,) = {QUADRANT_OF[name] for name in recommender.recommend(plays, NOW_S)}
        seen.append(quadrant)
        recommender.reject(quadrant)
    assert seen == [1, 2, 3, 4, 1]


def test_without_a_history_nothing_is_known(shelf: Shelf) -> None:
    recommender = Recommender(shelf, _rows, _nearest)
    np.testing.assert_allclose(recommender.estimate([], NOW_S), 0.25)
    assert recommender.recommend([], NOW_S)
    assert recommender.recommend([Play("unheard of", NOW_S)], NOW_S)
