"""What ``oscbridge analyze`` prints for people: a headline and a table for each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from oscbridge.palette import QUADRANT_COLOURS
from oscbridge.readable import minutes, printable, signed
from oscbridge.terminal.tables import build_table, print_giving_way

if TYPE_CHECKING:
    from oscbridge.offline.records import Record


class _Console(Console):
    """Leaves it to the command line what a closed pipe means, as everywhere else."""

    def on_broken_pipe(self) -> None:
        """Let the error pass on, where rich would end the program itself."""
        raise  # noqa: PLE0704 - rich calls this where it catches the error


class TableReport:
    """A headline and a table of segments for every file; for several files an overview too.

    Parameters
    ----------
    stream : TextIO
        Where to print; colours only where it is a terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._console = _Console(file=stream, highlight=False, markup=False, emoji=False)
        self._segments: list[Record] = []
        self._boundaries: list[Record] = []
        self._summary: Record | None = None
        self._summaries: list[Record] = []

    def add(self, record: Record) -> None:
        """Keep what the table shows."""
        if record["type"] == "segment":
            self._segments.append(record)
        elif record["type"] == "boundary":
            self._boundaries.append(record)
        elif record["type"] == "summary":
            self._summary = record

    def end_file(self) -> None:
        """Print the file if there is something to say, and forget its segments."""
        if self._summary is not None:
            self._print_file(self._summary)
            self._summaries.append(self._summary)
        self._summary = None
        self._segments.clear()
        self._boundaries.clear()

    def finish(self) -> None:
        """Print the overview where there is more than one file."""
        if len(self._summaries) < 2:
            return
        table = build_table("file", ">length", "label", ">valence", ">arousal", ">probability")
        for summary in self._summaries:
            table.add_row(
                printable(summary["file"]),
                minutes(summary["duration_s"]),
                label_of(summary),
                signed(summary["valence"]),
                signed(summary["arousal"]),
                _percent(summary),
            )
        print_giving_way(table, 0, self._console)

    def _print_file(self, summary: Record) -> None:
        headline = Text(printable(summary["file"]), style="bold")
        headline.append(f"  {minutes(summary['duration_s'])}  ", style="not bold")
        headline.append_text(label_of(summary))
        headline.append(
            f"  {_percent(summary)}  valence {signed(summary['valence'])}"
            f"  arousal {signed(summary['arousal'])}",
            style="not bold",
        )
        self._console.print(headline)
        table = build_table(">from", ">to", "label", ">valence", ">arousal", ">boundary")
        strengths = {boundary["time_s"]: boundary["strength"] for boundary in self._boundaries}
        for segment in self._segments:
            strength = strengths.get(segment["start_s"])
            table.add_row(
                minutes(segment["start_s"]),
                minutes(segment["end_s"]),
                label_of(segment),
                signed(segment["valence"]),
                signed(segment["arousal"]),
                "" if strength is None else f"{strength:.2f}",
            )
        self._console.print(table)
        self._console.print(
            f"  {summary['realtime_factor']:g} times real time, model {summary['model']}\n",
            style="dim",
        )


def label_of(record: Record) -> Text:
    """Label of a record's quadrant in the quadrant's colour."""
    return Text(f"● {printable(record['label'])}", style=QUADRANT_COLOURS[record["quadrant"]])


def _percent(summary: Record) -> str:
    """How sure the quadrant is; empty where it is unknown."""
    if summary["quadrant"] == 0:
        return ""
    return f"{100.0 * summary['quadrant_probabilities'][summary['quadrant'] - 1]:.0f} %"
