"""The view for terminals: one picture that moves, redrawn a few times a second.

Conventions
-----------
On the left the V-A plane with the last `TRAIL_S` seconds, on the right numbers and bars, below the
health of the outputs. Drawn by rich without a thread of its own: whoever calls `LiveView.update`
pays, about 3 ms. Imported only where it is used.
"""

from __future__ import annotations

from collections import deque
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from oscbridge.fusion import NOBODY
from oscbridge.palette import QUADRANT_COLOURS, QUADRANT_SIGNS
from oscbridge.readable import minutes, printable, signed
from oscbridge.terminal.plane import HEIGHT, WIDTH, draw_plane
from oscbridge.terminal.trouble import sensor_trouble, trouble

if TYPE_CHECKING:
    from oscbridge.labels import Labels
    from oscbridge.snapshot import Snapshot

LEAST_COLUMNS, LEAST_ROWS = 80, 21
"""A terminal that is smaller cannot hold the picture; one that was just opened has 80 x 24."""
TRAIL_S = 8.0
BAR_CELLS = 20
SHOWN_BOUNDARIES = 3
NAME_CELLS = 30
"""Of the name of an output with many targets, so much is shown: its trouble matters more."""
_kind = attrgetter("kind")
STATUS_STYLES = {"listening": "green", "silent": "yellow", "starting": "yellow", "error": "red"}


class LiveView:
    """One picture that moves: plane, quadrant, boundaries, level, health.

    Parameters
    ----------
    title : str
        What is listened to.
    labels : Labels
        Words of the quadrants.
    """

    def __init__(self, title: str, labels: Labels) -> None:
        self._source = title
        self._title = printable(title)
        self._labels = [printable(labels.of(quadrant)) for quadrant in range(5)]
        self._trail: deque[tuple[float, float, float]] = deque()  # time_s, valence, arousal
        self._entered: tuple[int, float] = (0, 0.0)
        console = Console(highlight=False)
        self._unicode = console.encoding.lower().startswith("utf")
        self._live = Live(console=console, auto_refresh=False)
        self._live.start()

    def update(self, now: Snapshot) -> None:
        """Redraw."""
        if now.known:
            self._trail.append((now.elapsed_s, now.valence, now.arousal))
        while self._trail and self._trail[0][0] < now.elapsed_s - TRAIL_S:
            self._trail.popleft()
        if now.quadrant != self._entered[0]:
            self._entered = (now.quadrant, now.elapsed_s)
        self._live.update(self._picture(now), refresh=True)

    def close(self) -> None:
        """Leave the last picture on the screen and give the cursor back."""
        self._live.stop()

    def _picture(self, now: Snapshot) -> Text:
        right = self._panel(now)
        right += [Text()] * (HEIGHT + 2 - len(right))
        lines = [self._headline(now), _decision(now)]
        for plane_line, panel_line in zip(self._plane(), right, strict=True):
            lines.append(Text.assemble(" ", plane_line, "   ", panel_line))
        lines += [self._player(now), self._health(now)]
        # A line that is too long loses its end: one that wraps would push the picture apart.
        return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)

    def _headline(self, now: Snapshot) -> Text:
        state = now.status.state
        line = Text.assemble(
            (" oscbridge", "bold"),
            ("  ● " if self._unicode else "  * ", STATUS_STYLES.get(state, "cyan")),
            (state, STATUS_STYLES.get(state, "cyan")),
            f"  {minutes(now.elapsed_s)}  ",
            (self._title, "dim"),
        )
        if now.status.detail not in ("", self._source):
            line.append(f"  {printable(now.status.detail)}", "dim")
        line.truncate(LEAST_COLUMNS - 2, overflow="ellipsis")
        return line

    def _plane(self) -> list[Text]:
        labels, colours = self._labels, QUADRANT_COLOURS
        styles = {"axis": "bright_black", "old": "bright_black", "empty": "", "trail": "white"}
        styles["now"] = f"bold {colours[self._entered[0]]}"
        rows = draw_plane([(v, a) for _, v, a in self._trail], unicode=self._unicode)
        lines = [_spread((labels[2], colours[2]), (labels[1], colours[1]), WIDTH)]
        for row in rows:
            line = Text()
            for kind, cells in groupby(row, key=_kind):
                line.append("".join(cell.char for cell in cells), styles[kind])
            lines.append(line)
        lines.append(_spread((labels[3], colours[3]), (labels[4], colours[4]), WIDTH))
        return lines

    def _panel(self, now: Snapshot) -> list[Text]:
        colour = QUADRANT_COLOURS[now.quadrant]
        dwell = minutes(now.elapsed_s - self._entered[1])
        lines = [
            Text.assemble(
                (printable(now.label) or self._labels[0], f"bold {colour}"),
                (f"  {QUADRANT_SIGNS[now.quadrant]}  for {dwell}", "dim"),
            ),
            Text(),
            self._balance("valence", now.valence, colour),
            self._balance("arousal", now.arousal, colour),
            self._bar("sure", now.confidence, colour),
            Text(),
        ]
        for quadrant in (1, 2, 3, 4):
            share = now.quadrant_probabilities[quadrant - 1] if now.known else 0.0
            lines.append(self._bar(self._labels[quadrant], share, QUADRANT_COLOURS[quadrant]))
        lines += [Text(), self._bar("level", now.level, "white"), _tempo(now.tempo_bpm)]
        lines.append(Text("new sections" if now.boundaries else "no new section yet", "dim"))
        for boundary in reversed(now.boundaries[-SHOWN_BOUNDARIES:]):
            late_s = boundary.decided_s - boundary.time_s
            lines.append(
                Text.assemble(
                    f"{minutes(boundary.time_s):>9}",
                    (f"  strength {boundary.strength:.2f}  {late_s:.1f} s late", "dim"),
                )
            )
        return lines

    def _bar(self, name: str, share: float, colour: str) -> Text:
        full, empty = ("━", "─") if self._unicode else ("#", "-")
        cells = round(min(max(share, 0.0), 1.0) * BAR_CELLS)
        return Text.assemble(
            f"{name[:9]:<9} ",
            (full * cells, colour),
            (empty * (BAR_CELLS - cells), "bright_black"),
            f" {share:5.2f}",
        )

    def _balance(self, name: str, value: float, colour: str) -> Text:
        """A bar from the middle to the left or to the right."""
        full, empty = ("━", "─") if self._unicode else ("#", "-")
        half = BAR_CELLS // 2
        cells = round(min(abs(value), 1.0) * half)
        left, right = (cells, 0) if value < 0 else (0, cells)
        return Text.assemble(
            f"{name:<9} ",
            (empty * (half - left), "bright_black"),
            (full * (left + right), colour),
            (empty * (half - right), "bright_black"),
            f" {signed(value)}",
        )

    def _player(self, now: Snapshot) -> Text:
        """What the player feels; nothing where nobody tells."""
        felt = now.player
        line = Text()
        if felt.source != NOBODY:
            line.append(f" player  {signed(felt.valence)} {signed(felt.arousal)}  ")
            line.append(f"{printable(felt.source)}, sure {felt.confidence:.2f}  ", "dim")
        for words in sensor_trouble(now):
            line.append(f" {words}  ", "yellow")
        return line

    def _health(self, now: Snapshot) -> Text:
        line = Text(" ")
        for output in now.outputs:
            if not (output.sent or output.detail):  # nobody has asked it for anything
                continue
            name = Text(f"{printable(output.name)}", "dim")
            name.truncate(NAME_CELLS, overflow="ellipsis")
            line.append_text(name).append(f" {output.sent:,} sent  ")
            if output.detail:
                line.append(f"{printable(output.detail)}  ", "red")
        for words, count in trouble(now):
            line.append(f"{count:,} {words}  ", "yellow")
        if not trouble(now):
            line.append("no losses", "dim")
        line.append("   Ctrl-C ends", "dim")
        return line


def _decision(now: Snapshot) -> Text:
    """Why other music is asked for, or is not, where anybody wants that."""
    if now.strategy == "off":
        return Text()
    line = Text.assemble(f" {now.strategy}  ", (printable(now.decision), "dim"))
    line.truncate(LEAST_COLUMNS - 2, overflow="ellipsis")
    return line


def _tempo(tempo_bpm: float) -> Text:
    words = f"{tempo_bpm:.0f} beats a minute" if tempo_bpm else "no steady beat"
    return Text.assemble(f"{'tempo':<9} ", (words, "" if tempo_bpm else "dim"))


def _spread(left: tuple[str, str], right: tuple[str, str], width: int) -> Text:
    half = width // 2
    (left_words, left_style), (right_words, right_style) = left, right
    return Text.assemble(
        (f"{left_words[:half]:<{half}}", left_style),
        (f"{right_words[:half]:>{width - half}}", right_style),
    )
