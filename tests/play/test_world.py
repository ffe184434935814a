"""The world: where one is, what one feels there, and where one goes by oneself."""

from __future__ import annotations

import pytest

from models.types import quadrant_of
from oscbridge.play.keys import names_in
from oscbridge.play.world import COLUMNS, PLACES, ROUTE, ROWS, Place, World, destination, place_at

TURN_S = 0.02
SECONDS = 60.0


def live(world: World, seconds: float) -> None:
    for _ in range(round(seconds / TURN_S)):
        world.feel(TURN_S)


def go(world: World, place: Place) -> None:
    for _ in range(500):
        world.walk(place, TURN_S)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_what_one_feels_comes_into_the_quadrant_of_the_place(place: Place) -> None:
    world = World()
    go(world, place)
    assert world.place is place
    assert world.near == pytest.approx(1.0)
    live(world, 5.0)
    assert quadrant_of(world.valence, world.arousal) == place.quadrant
    assert abs(world.valence - place.valence) < 0.02
    assert abs(world.arousal - place.arousal) < 0.02


def test_every_place_has_its_heart_within_its_own_quarter() -> None:
    assert {place.quadrant for place in PLACES} == {1, 2, 3, 4}
    for place in PLACES:
        assert place_at(place.column, place.row) is place
        assert quadrant_of(place.valence, place.arousal) == place.quadrant


def test_the_walk_visits_every_place_and_brushes_no_other_on_its_way() -> None:
    world = World()
    visited = [world.place]
    for turn in range(round(SECONDS / TURN_S)):
        world.walk(destination(turn * TURN_S, SECONDS), TURN_S)
        if world.place is not visited[-1]:
            visited.append(world.place)
    assert visited == list(ROUTE)


def test_a_short_game_leaves_time_to_hear_each_place() -> None:
    assert destination(9.9, 4.0) is ROUTE[0]
    assert destination(10.1, 4.0) is ROUTE[1]


def test_nobody_walks_off_the_map() -> None:
    world = World()
    for step in ((1, 1), (-1, -1)):
        for _ in range(100):
            world.step(*step)
        assert 0 <= world.column <= COLUMNS - 1
        assert 0 <= world.row <= ROWS - 1


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA", ["up"]),
        ("wasd q", ["up", "left", "down", "right", "auto", "quit"]),
        ("\xe0H\xe0P", ["up", "down"]),
        ("x\x1b[5~é", []),
        ("", []),
    ],
)
def test_keys_are_known_whatever_terminal_sends_them(sent: str, names: list[str]) -> None:
    assert names_in(sent) == names
