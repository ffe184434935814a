"""The window of the game: map, plane of emotions, layers, request, bar and boundaries in one.

Conventions
-----------
Drawn by rich, without a thread of its own, over one screen of at least `LEAST_COLUMNS` x
`LEAST_ROWS`. On the left the map, on the right the plane: the player is the face, the music the
dot with its trail. Below: the twelve layers, a row a place.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from oscbridge.palette import QUADRANT_COLOURS
from oscbridge.play.score import BEAT, BEATS_A_BAR, BPM, LAYERS
from oscbridge.play.world import COLUMNS, PLACES, ROWS, Place, place_at
from oscbridge.readable import minutes, printable
from oscbridge.terminal.plane import Cell, draw_plane

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.play.game import Scene
    from oscbridge.play.records import Record

LEAST_COLUMNS, LEAST_ROWS = 78, 23
PLANE_COLUMNS, PLANE_ROWS = 37, 9
TRAIL_POINTS = 40
"""Of the music, ten a second."""
BAR_CELLS = 10
SHOWN_BOUNDARIES = 4
_STYLES = {"axis": "bright_black", "old": "bright_black", "empty": "", "trail": "white"}


class Window:
    """One picture that moves.

    Parameters
    ----------
    sound : callable
        What is heard of the game, in words.
    """

    def __init__(self, sound: Callable[[], str]) -> None:
        self._sound = sound
        self._trail: deque[tuple[float, float]] = deque(maxlen=TRAIL_POINTS)
        console = Console(highlight=False)
        self._unicode = console.encoding.lower().startswith("utf")
        self._live = Live(console=console, auto_refresh=False)
        self._live.start()

    def tell(self, record: Record) -> None:
        """Nothing: all of it is in the picture."""

    def draw(self, scene: Scene) -> None:
        """Redraw."""
        if scene.journal.music is not None:
            self._trail.append(scene.journal.music)
        self._live.update(self._picture(scene), refresh=True)

    def close(self) -> None:
        """Leave the last picture on the screen and give the cursor back."""
        self._live.stop()

    def _picture(self, scene: Scene) -> Text:
        left = self._map(scene)
        right = self._plane(scene)
        left += [Text(" " * COLUMNS)] * (len(right) - len(left))
        lines = [self._headline(scene), Text()]
        lines += [Text.assemble(" ", a, "    ", b) for a, b in zip(left, right, strict=True)]
        lines += [Text(), *self._layers(scene), Text()]
        lines += [self._request(scene), self._boundaries(scene), self._help(scene)]
        return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)

    def _headline(self, scene: Scene) -> Text:
        place = scene.world.place
        return Text.assemble(
            (" oscbridge play", "bold"),
            f"   {minutes(scene.at_s)} of {minutes(scene.seconds)}   you are in the ",
            (place.name, f"bold {QUADRANT_COLOURS[place.quadrant]}"),
            ", the music is ",
            (
                printable(scene.journal.label) or "not known yet",
                f"bold {QUADRANT_COLOURS[scene.journal.quadrant]}",
            ),
        )

    def _map(self, scene: Scene) -> list[Text]:
        at = round(scene.world.column), round(scene.world.row)
        ground, heart, you = ("·", "✦", "☻") if self._unicode else (".", "*", "@")
        lines = [_spread(PLACES[1], PLACES[0])]
        for row in range(ROWS):
            line = Text()
            for column in range(COLUMNS):
                place = place_at(column, row)
                colour = QUADRANT_COLOURS[place.quadrant]
                if (column, row) == at:
                    line.append(you, "bold white")
                elif (column, row) == (place.column, place.row):
                    line.append(heart, f"bold {colour}")
                else:
                    line.append(ground, f"dim {colour}")
            lines.append(line)
        lines.append(_spread(PLACES[2], PLACES[3]))
        return lines

    def _plane(self, scene: Scene) -> list[Text]:
        rows = draw_plane(
            list(self._trail), unicode=self._unicode, width=PLANE_COLUMNS, height=PLANE_ROWS
        )
        felt = scene.journal.player
        if felt is not None:
            mark = "☻" if self._unicode else "P"
            for row, shown in zip(rows, self._point(felt), strict=True):
                for column, cell in enumerate(shown):
                    if cell.kind == "now":
                        row[column] = Cell(mark, "player")
        styles = {
            **_STYLES,
            "now": f"bold {QUADRANT_COLOURS[scene.journal.quadrant]}",
            "player": "bold white",
        }
        lines = [Text(f"{'exciting':^{PLANE_COLUMNS}}", "dim")]
        lines += [Text.assemble(*((cell.char, styles[cell.kind]) for cell in row)) for row in rows]
        dot = "●" if self._unicode else "@"
        face = "☻ you" if self._unicode else "P you"
        lines.append(
            Text(f"{f'{face}   {dot} the music   right: pleasant':^{PLANE_COLUMNS}}", "dim")
        )
        return lines

    def _point(self, point: tuple[float, float]) -> list[list[Cell]]:
        return draw_plane([point], width=PLANE_COLUMNS, height=PLANE_ROWS)

    def _layers(self, scene: Scene) -> list[Text]:
        full, empty = ("━", "─") if self._unicode else ("#", "-")
        lines: list[Text] = []
        levels = list(zip(LAYERS, scene.band.levels, strict=True))
        for place in PLACES:
            line = Text.assemble(" ", (f"{place.name:<7}", QUADRANT_COLOURS[place.quadrant]))
            for layer, level in levels:
                if layer.quadrant == place.quadrant:
                    cells = round(level * BAR_CELLS)
                    line.append(f"{layer.name:>8} ", "dim" if not cells else "")
                    line.append(full * cells, QUADRANT_COLOURS[place.quadrant])
                    line.append(empty * (BAR_CELLS - cells), "bright_black")
            lines.append(line)
        return lines

    def _request(self, scene: Scene) -> Text:
        beat = scene.band.position // BEAT
        lit, unlit = ("■", "□") if self._unicode else ("#", ".")
        into = beat % BEATS_A_BAR
        beats = "".join(lit if number == into else unlit for number in range(BEATS_A_BAR))
        request = scene.journal.request
        words = f"request {request.id}: {request.state}" if request else "no request yet"
        return Text.assemble(
            f" bar {beat // BEATS_A_BAR + 1:>3} {beats}", (f"  {BPM:g} BPM   ", "dim"), words
        )

    def _boundaries(self, scene: Scene) -> Text:
        found = scene.journal.boundaries[-SHOWN_BOUNDARIES:]
        words = "  ".join(minutes(at_s) for at_s in found) or "none yet"
        return Text.assemble(
            " new sections heard at  ",
            words,
            (f"   same quadrant {scene.journal.agreement:.0%} of the time", "dim"),
        )

    def _help(self, scene: Scene) -> Text:
        walk = "space: walk yourself" if scene.auto else "arrows: go   space: walk by itself"
        return Text(f" {walk}   q: end   {printable(self._sound())}", "dim")


def _spread(left: Place, right: Place) -> Text:
    half = COLUMNS // 2
    return Text.assemble(
        (f"{left.name:<{half}}", QUADRANT_COLOURS[left.quadrant]),
        (f"{right.name:>{COLUMNS - half}}", QUADRANT_COLOURS[right.quadrant]),
    )
