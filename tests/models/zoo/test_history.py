"""S4's recommender: top ten of the week, weighted, deterministic with its seed."""

from __future__ import annotations

import numpy as np
import pytest

from models.zoo.descriptors import WIDTH
from models.zoo.history import (
    WEEK_S,
    Play,
    Recommender,
    Track,
    average_rows,
    describe_track,
    most_played,
)

NOW_S = 1_700_000_000.0


def _plays(**counts: int) -> list[Play]:
    return [Play(name, NOW_S - i) for name, n in counts.items() for i in range(n)]


def _flat(value: float, segments: int = 3) -> np.ndarray:
    return np.full((segments, WIDTH), value, np.float32)


@pytest.fixture
def tracks() -> dict[str, Track]:
    return {f"{q}{letter}": Track(q, _flat(q)) for q in (1, 2, 3, 4) for letter in "abc"}


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


def test_music_of_the_listeners_quadrant_is_offered(tracks: dict[str, Track]) -> None:
    recommender = Recommender(tracks, _nearest)
    offers = recommender.recommend(_plays(**{"3a": 9, "1a": 1}), NOW_S)
    assert offers
    assert all(tracks[name].quadrant == 3 for name in offers)
    assert offers[-1] == "3a"  # heard this week: last


def test_the_same_seed_offers_the_same(tracks: dict[str, Track]) -> None:
    plays = _plays(**{"2a": 3})
    offers = [Recommender(tracks, _nearest, seed).recommend(plays, NOW_S) for seed in (7, 7)]
    assert offers[0] == offers[1]
    orders = {tuple(Recommender(tracks, _nearest, s).recommend(plays, NOW_S)) for s in range(8)}
    assert len(orders) > 1


def test_an_accepted_tag_is_kept_when_the_history_turns(tracks: dict[str, Track]) -> None:
    recommender = Recommender(tracks, _nearest)
    recommender.recommend(_plays(**{"1a": 5}), NOW_S)
    recommender.accept()
    offers = recommender.recommend(_plays(**{"4a": 50}), NOW_S)
    assert {tracks[name].quadrant for name in offers} == {1}


def test_a_rejected_tag_gives_way_to_the_next_most_probable(tracks: dict[str, Track]) -> None:
    recommender = Recommender(tracks, _nearest)
    plays = _plays(**{"1a": 5})
    seen = []
    for _ in range(5):
        seen.append({tracks[name].quadrant for name in recommender.recommend(plays, NOW_S)})
        recommender.reject()
    assert seen == [{1}, {2}, {3}, {4}, {1}]


def test_without_a_history_nothing_is_known(tracks: dict[str, Track]) -> None:
    recommender = Recommender(tracks, _nearest)
    np.testing.assert_allclose(recommender.estimate([], NOW_S), 0.25)
    assert recommender.recommend([], NOW_S)
    assert recommender.recommend([Play("unheard of", NOW_S)], NOW_S)
