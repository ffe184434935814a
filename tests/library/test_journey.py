"""Sets along a course: against every possible set of a small library, and by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest

from oscbridge.library.columns import Columns
from oscbridge.library.course import Curve, Point, Steps, iso_steps
from oscbridge.library.journey import SILENCE, Stop, plan
from oscbridge.library.matching import Manner, clash, groove_of
from tests.library.shelves import anything, shelf

NEAREST = Manner()


def mean_cost(stops: list[Stop], columns: Columns, end_s: float) -> float:
    durations = [columns.duration_s[stop.row] for stop in stops]
    left = max(end_s - sum(durations), 0.0)
    total = sum(d * stop.cost for d, stop in zip(durations, stops, strict=True))
    return (total + SILENCE * left) / (sum(durations) + left)


def sampled_cost(curve: Curve, columns: Columns, row: int, start_s: float) -> float:
    """How far a track is from a curve, looked at a hundred times a second."""
    times = start_s + np.arange(0.0, columns.duration_s[row], 0.01)
    aims = np.array([curve.at(min(time, curve.end_s)) for time in times])
    square = (aims[:, 0] - columns.valence[row]) ** 2 + (aims[:, 1] - columns.arousal[row]) ** 2
    spread = columns.valence_sd[row] ** 2 + columns.arousal_sd[row] ** 2
    return math.sqrt(square.mean() + spread)


def test_what_a_track_costs_is_its_distance_from_the_curve_while_it_plays() -> None:
    columns = shelf(
        3, valence=[0.3, -0.2, 0.5], arousal=0.1, valence_sd=0.2, duration_s=[20.0, 40.5, 31.0]
    )
    curve = Curve([0.0, 30.0, 60.0], [Point(0.0, 0.0), Point(0.8, -0.4), Point(-0.5, 0.5)])
    for start_s in (0.0, 12.25, 39.5):
        found = curve.costs(columns, start_s, 0)
        for row in range(3):
            assert found[row] == pytest.approx(sampled_cost(curve, columns, row, start_s), abs=0.01)


def test_a_coordinate_that_is_open_is_passed_over_or_does_not_matter_at_all() -> None:
    nan = math.nan
    curve = Curve([0.0, 60.0, 120.0], [Point(0.0, nan), Point(nan, nan), Point(1.0, nan)])
    middle = curve.at(60.0)
    assert middle.valence == pytest.approx(0.5)
    assert math.isnan(middle.arousal)
    columns = shelf(1, valence=0.5, arousal=-1.0, duration_s=0.01)
    assert curve.costs(columns, 60.0, 0) == pytest.approx([0.0], abs=0.01)


@pytest.mark.parametrize("times", [[0.0], [1.0, 2.0], [0.0, 0.0], [0.0, 2.0, 1.0]])
def test_a_curve_needs_times_that_rise_from_zero(times: list[float]) -> None:
    with pytest.raises(ValueError, match="rise from 0"):
        Curve(times, [Point(0.0, 0.0)] * len(times))


def every_set(
    columns: Columns, curve: Curve, stops: list[Stop], start_s: float
) -> Iterator[list[Stop]]:
    """All sets that go on from ``stops`` until the end, or until nothing fits any more."""
    cost = curve.costs(columns, start_s, len(stops))
    played = [stop.row for stop in stops]
    rows = [row for row in range(len(columns)) if row not in played and np.isfinite(cost[row])]
    if start_s >= curve.end_s or not rows:
        yield stops
        return
    for row in rows:
        longer = [*stops, Stop(row, start_s, Point(0.0, 0.0), float(cost[row]))]
        yield from every_set(columns, curve, longer, start_s + float(columns.duration_s[row]))


@pytest.mark.parametrize("seed", range(8))
def test_of_all_sets_of_a_small_library_the_best_is_found(seed: int) -> None:
    columns = anything(6, seed)
    curve = Curve([0.0, 700.0], [Point(-0.6, -0.5), Point(0.7, 0.6)])
    best = min(
        mean_cost(stops, columns, curve.end_s) for stops in every_set(columns, curve, [], 0.0)
    )
    found = plan(columns, curve, NEAREST)
    assert mean_cost(found, columns, curve.end_s) == pytest.approx(best)


def test_a_set_of_an_hour_follows_its_curve_and_ends_with_it() -> None:
    columns = anything(2000, 1)
    curve = Curve([0.0, 1800.0, 3600.0], [Point(0.4, -0.6), Point(0.6, 0.3), Point(0.3, 0.8)])
    stops = plan(columns, curve, Manner(artist_gap=5))
    rows = [stop.row for stop in stops]
    assert len(set(rows)) == len(rows)
    ends = np.cumsum(columns.duration_s[rows])
    assert [stop.start_s for stop in stops] == pytest.approx([0.0, *ends[:-1]])
    assert 3600.0 - 120.0 <= ends[-1] <= 3600.0 + 180.0
    away = [
        math.hypot(columns.valence[s.row] - s.aim.valence, columns.arousal[s.row] - s.aim.arousal)
        for s in stops
    ]
    by_chance = np.hypot(columns.valence - 0.45, columns.arousal - 0.2).mean()
    assert max(away) < by_chance / 3.0
    artists = columns.artist[rows].tolist()
    for place, artist in enumerate(artists):
        assert artist not in artists[max(place - 5, 0) : place]


def test_a_set_that_is_mixed_clashes_less_and_the_same_library_gives_the_same_set() -> None:
    columns = anything(1500, 5)
    curve = Curve([0.0, 3600.0], [Point(0.0, -0.4), Point(0.5, 0.8)])

    plain, mixed = plan(columns, curve, NEAREST), plan(columns, curve, Manner("mix"))
    clashes = [
        sum(
            float(clash(columns, groove_of(columns, one.row))[other.row])
            for one, other in itertools.pairwise(stops)
        )
        for stops in (plain, mixed)
    ]
    assert clashes[1] < clashes[0] / 4.0
    assert plan(columns, curve, Manner("mix")) == mixed


def test_iso_leads_in_equal_steps_that_are_bounded_from_the_player_to_the_target() -> None:
    start, target = Point(-0.6, 0.7), Point(0.5, -0.4)
    points = iso_steps(start, target, 0.25).points
    assert points[0] == start
    assert points[-1] == pytest.approx(target)
    steps = [math.dist(one, other) for one, other in itertools.pairwise(points)]
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert max(steps) <= 0.25
    assert len(points) == math.ceil(math.dist(start, target) / 0.25) + 1
    assert len(iso_steps(Point(0.0, 0.0), Point(1.0, 0.0), 0.25).points) == 5
    assert iso_steps(start, start).points == (start,)
    with pytest.raises(ValueError, match="above 0"):
        iso_steps(start, target, 0.0)


def test_a_step_that_is_too_long_is_taken_only_where_there_is_no_other_way() -> None:
    valence = [-0.5, -0.25, 0.0, 0.25, 0.5]
    columns = shelf(6, valence=[*valence, 0.04], arousal=[0.0] * 5 + [0.9])
    way = iso_steps(Point(-0.5, 0.0), Point(0.5, 0.0), 0.25)
    assert [stop.row for stop in plan(columns, way, NEAREST, longest_step=0.25)] == [0, 1, 2, 3, 4]
    gap = shelf(4, valence=[-0.5, -0.25, 0.25, 0.5])
    stops = plan(gap, way, NEAREST, longest_step=0.25)
    assert [stop.row for stop in stops] == [0, 1, 2, 3]


def test_an_empty_library_has_an_empty_set_and_what_was_played_does_not_come_again() -> None:
    way = Steps([Point(0.0, 0.0)])
    assert plan(shelf(0), way, NEAREST) == []
    columns = shelf(3, valence=[0.0, 0.1, 0.2])
    assert [stop.row for stop in plan(columns, way, NEAREST, played=[0, 1])] == [2]
    with pytest.raises(ValueError, match="nearest or mix"):
        plan(columns, way, Manner("paper"))


def test_a_mix_of_ten_hours_is_not_put_into_an_hour() -> None:
    columns = shelf(8, duration_s=[36_000.0] + [600.0] * 7, valence=[0.0] + [0.3] * 7)
    curve = Curve([0.0, 3600.0], [Point(0.0, 0.0), Point(0.0, 0.0)])
    assert 0 not in [stop.row for stop in plan(columns, curve, NEAREST)]
