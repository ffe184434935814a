"""Matching against arithmetic by hand, sampled tracks, and the tables of the paper."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from oscbridge.library.camelot import key_of
from oscbridge.library.matching import (
    CLASH,
    Manner,
    cheapest,
    costs,
    expected_distance,
    fresh,
)
from oscbridge.library.mixing import Groove
from oscbridge.library.polarity import agreeing, polarity_of
from tests.library.shelves import anything, shelf


def test_the_expected_distance_is_that_of_what_a_track_may_really_express() -> None:
    columns = shelf(3, valence=[0.5, -0.2, 0.0], valence_sd=[0.1, 0.3, 0.0], arousal_sd=0.2)
    rng = np.random.default_rng(1)
    found = expected_distance(columns, 0.3, -0.4)
    for row in range(3):
        valence = rng.normal(columns.valence[row], columns.valence_sd[row], 200_000)
        arousal = rng.normal(columns.arousal[row], columns.arousal_sd[row], 200_000)
        sampled = np.sqrt(np.mean((valence - 0.3) ** 2 + (arousal + 0.4) ** 2))
        assert found[row] == pytest.approx(sampled, rel=0.01)


def test_of_two_tracks_at_one_place_the_one_that_is_known_better_is_nearer() -> None:
    columns = shelf(2, valence=0.5, valence_sd=[0.3, 0.1])
    assert cheapest(costs(columns, 0.0, 0.0, Manner()), 2).tolist() == [1, 0]


def test_a_track_of_which_nothing_is_known_is_near_to_nothing() -> None:
    columns = shelf(3, valence_sd=[1.0, 0.0, 0.0], quadrant=[1, 0, 1], valence=[0.0, 0.0, 0.9])
    assert cheapest(costs(columns, 0.0, 0.0, Manner()), 3).tolist() == [2, 0]


def test_an_axis_that_does_not_matter_is_not_looked_at() -> None:
    columns = shelf(2, valence=[-1.0, 0.0], valence_sd=[0.9, 0.0], arousal=[0.7, 0.6])
    assert expected_distance(columns, float("nan"), 0.7) == pytest.approx([0.0, 0.1])


def test_the_cheapest_are_those_of_a_whole_sort_and_ties_come_in_order() -> None:
    rng = np.random.default_rng(2)
    for count in (0, 1, 5, 50, 500):
        cost = rng.integers(0, 30, 200).astype(float)
        cost[rng.random(200) < 0.2] = np.inf
        whole = sorted((value, row) for row, value in enumerate(cost) if value < np.inf)
        assert cheapest(cost, count).tolist() == [row for _, row in whole][:count]


def test_nothing_comes_twice_and_no_artist_within_the_gap() -> None:
    columns = shelf(5, ["Ann", "ann ", "Bob", "", ""])
    assert fresh(columns, [0], 1).tolist() == [False, False, True, True, True]
    assert fresh(columns, [0, 2], 1).tolist() == [False, True, False, True, True]
    assert fresh(columns, [0, 2], 2).tolist() == [False, False, False, True, True]
    assert fresh(columns, [3], 5).tolist() == [True, True, True, False, True]
    assert fresh(columns, [0], 0).tolist() == [False, True, True, True, True]


def test_where_there_are_no_other_artists_the_gap_does_not_hold_but_nothing_comes_twice() -> None:
    columns = shelf(3, ["Ann"] * 3)
    manner = Manner(artist_gap=5)
    assert np.isfinite(costs(columns, 0.0, 0.0, manner, [1])).tolist() == [True, False, True]
    assert not np.isfinite(costs(columns, 0.0, 0.0, manner, [1, 0, 2])).any()


def test_short_tracks_are_left_out() -> None:
    columns = shelf(2, duration_s=[20.0, 40.0])
    assert cheapest(costs(columns, 0.0, 0.0, Manner(shortest_s=30.0)), 2).tolist() == [1]


def test_mixing_pays_a_price_in_the_plane_for_what_clashes() -> None:
    keys = [key_of(code) for code in ("8A", "9A", "3B")]
    columns = shelf(
        4, valence=[0.0, 0.05, 0.1, 0.3], tempo_bpm=[120, 122, 90, 121], key=[*keys, keys[0]]
    )
    cost = costs(columns, 0.0, 0.0, Manner("mix"), [0])
    assert cost[1:] == pytest.approx([0.05, 0.1 + 2 * CLASH, 0.3])
    other = costs(columns, 0.0, 0.0, Manner("mix"), groove=Groove(90.0, keys[2]))
    assert other == pytest.approx([2 * CLASH, 0.05 + 2 * CLASH, 0.1, 0.3 + 2 * CLASH])


def test_with_nothing_played_before_there_is_nothing_to_clash_with() -> None:
    columns = anything(50, 3)
    near = costs(columns, 0.2, 0.2, Manner("nearest"))
    assert np.array_equal(costs(columns, 0.2, 0.2, Manner("mix")), near)


# Table 2 of Jiang et al. 2023, as printed.
POSITIVE = {(1, a, d) for a in (0, 1) for d in (-1, 1)}
NEGATIVE = {(p, a, d) for p in (-1, 0) for a in (-1, 0) for d in (0, 1)}


def test_the_papers_table_is_kept_as_printed_and_leaves_anger_out() -> None:
    labels = list(itertools.product((-1, 0, 1), repeat=3))
    p, a, d = np.array(labels).T * 0.8
    columns = shelf(27, valence=p, arousal=a, dominance=d)
    found = polarity_of(columns, strict=True).tolist()
    assert found == [(one in POSITIVE) - (one in NEGATIVE) for one in labels]
    assert sum(map(abs, found)) == 12
    assert found[labels.index((-1, 1, 1))] == 0


def test_where_dominance_is_not_known_the_table_does_not_ask_for_it() -> None:
    labels = list(itertools.product((-1, 0, 1), repeat=2))
    p, a = np.array(labels).T * 0.8
    found = polarity_of(shelf(9, valence=p, arousal=a), strict=True).tolist()
    positive, negative = {one[:2] for one in POSITIVE}, {one[:2] for one in NEGATIVE}
    assert found == [(one in positive) - (one in negative) for one in labels]


def test_by_sign_every_track_has_a_polarity_but_those_in_the_middle() -> None:
    columns = shelf(
        5,
        valence=[0.5, -0.5, 0.1, 0.1, 0.1],
        arousal=[-0.9, 0.9, 0.8, 0.8, 0.8],
        dominance=[None, None, 0.6, -0.6, None],
    )
    assert polarity_of(columns, strict=False).tolist() == [1, -1, 1, -1, 0]


def test_music_of_the_polarity_that_is_aimed_at_is_matched_and_the_nearest_of_it_first() -> None:
    columns = shelf(4, valence=[0.9, 0.5, -0.4, -0.9], arousal=[0.1, 0.1, -0.1, 0.8])
    for how in ("polarity", "paper"):
        happy = cheapest(costs(columns, 0.4, 0.0, Manner(how)), 4)
        assert happy.tolist() == [1, 0]
    assert cheapest(costs(columns, -0.1, 0.0, Manner("polarity")), 4).tolist() == [2, 3]
    assert cheapest(costs(columns, -0.1, 0.0, Manner("paper")), 4).tolist() == [2]  # 3 is anger
    assert agreeing(columns, 0.0, strict=True).all()
