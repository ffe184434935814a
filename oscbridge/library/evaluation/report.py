"""A verdict for people's eyes: tables, and sentences on how far they can be trusted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Console

from oscbridge.library.evaluation.verdict import FEW_GROUPS
from oscbridge.readable import printable
from oscbridge.terminal.tables import build_table

if TYPE_CHECKING:
    from typing import TextIO

    from models.intervals import Estimate
    from oscbridge.labels import Labels
    from oscbridge.library.evaluation.verdict import Verdict

_QUADRANTS = (1, 2, 3, 4)


class Report:
    """Prints verdicts.

    Parameters
    ----------
    stream : TextIO
        Where to print; colours only where it is a terminal.
    labels : Labels
        The user's words for the quadrants.
    """

    def __init__(self, stream: TextIO, labels: Labels) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, soft_wrap=True)
        self._labels = labels

    def print(self, verdict: Verdict, model: str) -> None:
        """Print a verdict on ``model``."""
        self._console.print(
            f"{_counted(verdict.n, 'file')} of {_counted(verdict.groups, 'group')} (artist, album "
            f"or whatever belongs together), heard by {model}",
            style="bold",
        )
        if verdict.with_quadrant:
            self._print_quadrants(verdict)
            self._print_confusion(verdict)
        self._print_values(verdict)
        self._print_mistakes(verdict)
        self._print_caveats(verdict)

    def _print_quadrants(self, verdict: Verdict) -> None:
        always = f"always {printable(self._labels.of(verdict.majority))!r}"
        table = build_table("quadrants", ">model", f">{always}", ">better by")
        for column in table.columns[1:]:
            column.no_wrap = True
        for name, estimate in verdict.figures.items():
            row = [verdict.of_majority.get(name), verdict.gains.get(name)]
            table.add_row(name, _figure(estimate), *(_figure(one) for one in row))
        self._console.print(table)

    def _print_confusion(self, verdict: Verdict) -> None:
        words = [printable(self._labels.of(quadrant)) for quadrant in _QUADRANTS]
        table = build_table("labelled, heard as", *(f">{word}" for word in words))
        for word, row in zip(words, verdict.confusion, strict=True):
            table.add_row(word, *(str(count) if count else "·" for count in row))
        self._console.print(table)

    def _print_values(self, verdict: Verdict) -> None:
        if not verdict.values:
            return
        table = build_table(f"{_counted(verdict.rated, 'file')} rated", ">valence", ">arousal")
        for name in verdict.values["valence"]:
            figures = (verdict.values[axis][name] for axis in ("valence", "arousal"))
            table.add_row(name, *(_figure(figure) for figure in figures))
        self._console.print(table)

    def _print_mistakes(self, verdict: Verdict) -> None:
        if not verdict.mistakes:
            return
        table = build_table("the surest mistakes", "labelled", "heard as", ">sure")
        for one in verdict.mistakes:
            sound = one.track.sound
            words = (self._labels.of(one.label.quadrant), self._labels.of(sound.quadrant))
            table.add_row(
                printable(one.label.name), *map(printable, words), f"{100 * sound.confidence:.0f} %"
            )
        self._console.print(table)

    def _print_caveats(self, verdict: Verdict) -> None:
        said: list[str] = []
        if verdict.unknown:
            said.append(f"Of {_counted(verdict.unknown, 'file')} the model says nothing.")
        said.append("[low, high]: 95 % of 2,000 draws of whole groups.")
        if verdict.groups < FEW_GROUPS:
            said.append(
                f"With {_counted(verdict.groups, 'group')} that is narrower than the truth: take "
                f"{FEW_GROUPS} or more."
            )
        if verdict.figures:
            said.append("What is always said knows your labels; the model does not.")
        said.append("Music that the model has learned from flatters it (oscbridge models show).")
        self._console.print(" ".join(said), style="dim")


def _figure(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    if math.isnan(estimate.value):
        return "–"
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
