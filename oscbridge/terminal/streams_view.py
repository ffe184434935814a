"""Several streams in a terminal: one table that moves, a line a stream.

Drawn by rich without a thread of its own, as `oscbridge.terminal.live_view`, at most ten times a
second whatever the number of streams. Imported only where it is used.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from oscbridge.palette import QUADRANT_COLOURS
from oscbridge.readable import minutes, printable, signed
from oscbridge.snapshot import Snapshot
from oscbridge.terminal.live_view import STATUS_STYLES
from oscbridge.terminal.tables import build_table
from oscbridge.terminal.trouble import output_trouble, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

REDRAW_S = 0.1


class StreamsView:
    """One table that moves.

    Parameters
    ----------
    titles : mapping of str to str
        What each stream listens to, by its name.
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = {name: printable(title) for name, title in titles.items()}
        self._now = dict.fromkeys(titles, Snapshot())
        self._drawn_s = -REDRAW_S
        self._live = Live(console=Console(highlight=False), auto_refresh=False)
        self._live.start()

    def update(self, now: Snapshot) -> None:
        """Take a stream's moment; redraw if that was not done just now."""
        self._now[now.stream] = now
        if time.monotonic() - self._drawn_s >= REDRAW_S:
            self._draw()

    def close(self) -> None:
        """Leave the last table on the screen and give the cursor back."""
        self._draw()
        self._live.stop()

    def _draw(self) -> None:
        self._drawn_s = time.monotonic()
        table = build_table(
            *("stream", "expresses", ">valence", ">arousal", ">sure", ">tempo", "listens to")
        )
        for name, now in self._now.items():
            table.add_row(name, *_cells(now), self._heard(name, now))
        elapsed_s = max(now.elapsed_s for now in self._now.values())
        head = Text.assemble(
            (" oscbridge", "bold"), f"  {minutes(elapsed_s)}  ", ("Ctrl-C ends", "dim")
        )
        self._live.update(Group(head, table), refresh=True)

    def _heard(self, name: str, now: Snapshot) -> Text:
        """What a stream listens to, or what is wrong with it."""
        wrong = [*output_trouble(now), *(f"{count:,} {words}" for words, count in trouble(now))]
        if wrong:
            return Text("  ".join(wrong), "yellow")
        detail = printable(now.status.detail)
        return Text(detail if now.status.state == "error" else self._titles[name], "dim")


def _cells(now: Snapshot) -> tuple[Text | str, ...]:
    """Quadrant and numbers of a stream; its state while it expresses nothing."""
    state = now.status.state
    known = now.known and now.quadrant
    return (
        Text(printable(now.label), QUADRANT_COLOURS[now.quadrant])
        if known
        else Text(state, STATUS_STYLES.get(state, "cyan")),
        signed(now.valence) if known else "",
        signed(now.arousal) if known else "",
        f"{now.confidence:.2f}" if known else "",
        f"{now.tempo_bpm:.0f}" if now.tempo_bpm else "",
    )
