"""The V-A plane in characters: axes, a fading trail of braille dots, and where the music is now.

Conventions
-----------
Valence runs left to right, arousal bottom to top, both -1..1 and clamped. A character cell holds 2
x 4 braille dots (Unicode U+2800 and on, bits by column and row as in `_BITS`). Without Unicode the
dots become full stops. Nothing here knows rich: a cell is a character and a style name.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE = 0x2800

WIDTH, HEIGHT = 39, 15


class Cell(NamedTuple):
    """A character and what it stands for: ``axis``, ``trail``, ``old``, ``now`` or ``empty``."""

    char: str
    kind: str


def draw_plane(
    trail: list[tuple[float, float]],
    *,
    unicode: bool = True,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> list[list[Cell]]:
    """Draw ``trail``, oldest point first, into ``height`` rows of ``width`` cells.

    Parameters
    ----------
    trail : list of (valence, arousal)
        -1..1 each; the last one is now. May be empty.
    unicode : bool
        Whether the terminal shows braille and box drawing.
    width, height : int
        Cells, odd, so that the axes have a place.
    """
    rows = [list(row) for row in _axes(width, height, unicode)]
    dots: dict[tuple[int, int], int] = {}
    fresh: set[tuple[int, int]] = set()
    for number, (valence, arousal) in enumerate(trail):
        across = _position(valence, 2 * width)
        down = 4 * height - 1 - _position(arousal, 4 * height)
        cell = (down // 4, across // 2)
        dots[cell] = dots.get(cell, 0) | _BITS[down % 4][across % 2]
        if number >= len(trail) // 2:
            fresh.add(cell)
    for (y, x), bits in dots.items():
        char = chr(_BRAILLE + bits) if unicode else "."
        rows[y][x] = Cell(char, "trail" if (y, x) in fresh else "old")
    if trail:
        valence, arousal = trail[-1]
        y = height - 1 - _position(arousal, height)
        rows[y][_position(valence, width)] = Cell("●" if unicode else "@", "now")
    return rows


def _position(value: float, size: int) -> int:
    """Index 0..size-1 of a value -1..1."""
    return min(max(int((value + 1.0) / 2.0 * size), 0), size - 1)


@cache
def _axes(width: int, height: int, unicode: bool) -> tuple[tuple[Cell, ...], ...]:
    """A plane without music: drawn once."""
    return tuple(
        tuple(_axis(x, y, width, height, unicode=unicode) for x in range(width))
        for y in range(height)
    )


def _axis(x: int, y: int, width: int, height: int, *, unicode: bool) -> Cell:
    cross, across, down = ("┼", "─", "│") if unicode else ("+", "-", "|")
    if y == height // 2:
        return Cell(cross if x == width // 2 else across, "axis")
    return Cell(down, "axis") if x == width // 2 else Cell(" ", "empty")
