"""The world of the game: four places on a map, and a player who feels what happens there.

Conventions
-----------
The map has `COLUMNS` x `ROWS` cells, the upper left one is (0, 0). It lies as the plane of emotions
does: to the right it is pleasant, above exciting; each place is a quarter. A place has a heart (a
fire, an enemy); `World.near` is 1 there and 0 at `FAR` cells and beyond. What the player feels
draws near to what the place does to people, with the time constant `FEELING_S`.

No clock: the caller says how many seconds have passed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

COLUMNS, ROWS = 34, 8
FAR = 10.0
"""Cells; a row counts for two, as it is as high as two columns are wide."""
FEELING_S = 1.2
SPEED = 20.0
"""Cells a second of one who walks by himself."""
STRIDE = 2
"""Columns of a step; a step up or down is one row."""
AT_THE_EDGE = 0.7
"""Share of a place's feeling that one has where its heart is far."""


class Place(NamedTuple):
    """A quarter of the map, what one feels at its heart, and where that is."""

    name: str
    quadrant: int
    valence: float
    arousal: float
    column: int
    row: int


FEAST = Place("feast", 1, 0.7, 0.7, 25, 2)
FIGHT = Place("fight", 2, -0.8, 0.8, 8, 2)
RUIN = Place("ruin", 3, -0.6, -0.6, 8, 6)
FOREST = Place("forest", 4, 0.6, -0.5, 25, 6)

PLACES = (FEAST, FIGHT, RUIN, FOREST)
"""In the order of their quadrants."""
ROUTE = (FOREST, FEAST, FIGHT, RUIN)
"""The story: a walk, a feast, an attack, and what is left. Neighbours on the map."""
SHORTEST_STAY_S = 10.0
"""Time to be heard: a place that is left before says nothing about the music."""


def place_at(column: float, row: float) -> Place:
    """Whose quarter a cell is in."""
    if row < ROWS / 2:
        return FEAST if column >= COLUMNS / 2 else FIGHT
    return FOREST if column >= COLUMNS / 2 else RUIN


class World:
    """The player on the map; begins in the forest, with nothing felt yet.

    Attributes
    ----------
    column, row : float
        Where the player is.
    valence, arousal : float
        What the player feels.
    """

    def __init__(self) -> None:
        self.column, self.row = float(FOREST.column), float(FOREST.row)
        self.valence = self.arousal = 0.0

    @property
    def place(self) -> Place:
        """Where the player is."""
        return place_at(self.column, self.row)

    @property
    def near(self) -> float:
        """How near the heart of the place is, 0..1."""
        place = self.place
        cells = math.hypot(self.column - place.column, STRIDE * (self.row - place.row))
        return max(1.0 - cells / FAR, 0.0)

    def step(self, columns: int, rows: int) -> None:
        """Go so many steps, as far as the map goes."""
        self.column = min(max(self.column + STRIDE * columns, 0.0), COLUMNS - 1.0)
        self.row = min(max(self.row + rows, 0.0), ROWS - 1.0)

    def walk(self, to: Place, elapsed_s: float) -> None:
        """Walk towards the heart of a place for ``elapsed_s`` seconds."""
        reach = SPEED * elapsed_s
        self.column += min(max(to.column - self.column, -reach), reach)
        reach /= STRIDE
        self.row += min(max(to.row - self.row, -reach), reach)

    def feel(self, elapsed_s: float) -> None:
        """Let the place work upon the player for ``elapsed_s`` seconds."""
        place = self.place
        share = AT_THE_EDGE + (1.0 - AT_THE_EDGE) * self.near
        passed = 1.0 - math.exp(-elapsed_s / FEELING_S)
        self.valence += (share * place.valence - self.valence) * passed
        self.arousal += (share * place.arousal - self.arousal) * passed


def destination(at_s: float, seconds: float) -> Place:
    """Where one goes who walks by himself, in a game of so many seconds."""
    stay_s = max(seconds / len(ROUTE), SHORTEST_STAY_S)
    return ROUTE[int(at_s / stay_s) % len(ROUTE)]
