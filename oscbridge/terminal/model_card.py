"""Models for people's eyes: the list of them, and the card of one.

Conventions
-----------
Texts of cards come from files that anyone may have written: `printable` is put around them, and
rich's markup is off. What a card does not say is a dash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from models.catalogue import DEFAULT
from oscbridge.readable import printable

if TYPE_CHECKING:
    from rich.console import Console

    from models.catalogue import Entry

NOTHING = "–"


def text(value: object) -> Text:
    """A text from outside, without markup and control characters."""
    return Text(printable(str(value)) or NOTHING)


def print_list(console: Console, entries: list[Entry]) -> None:
    """Print two lines a model: the facts in columns, and under them what it hears."""
    head = ("name", "quadrants right", "every", "numbers", "licence", "where")
    rows = [head, *(_columns(entry) for entry in entries)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    console.print(Text(lines[0]), style="dim", soft_wrap=True)
    for entry, line in zip(entries, lines[1:], strict=True):
        console.print(Text(line), soft_wrap=True)
        said = entry.facts.task if entry.facts else entry.card.get("task", "")
        for below, style in ((said, "dim"), (entry.trouble, "yellow")):
            if below:
                console.print(Padding(text(below), (0, 0, 0, widths[0] + 2)), style=style)


def _columns(entry: Entry) -> tuple[str, ...]:
    """What the list says of a model; a kind that ``--model`` does not take is named."""
    name = printable(entry.name)
    where = "yours" if entry.own else "oscbridge"
    if entry.name == DEFAULT and not entry.own:
        where += ", default"
    facts = entry.facts
    if facts is None:
        return (name, NOTHING, NOTHING, NOTHING, NOTHING, where)
    right = facts.figure("quadrant accuracy") if facts.kind == "affect" else f"({facts.kind})"
    return (
        name,
        printable(right),
        interval(facts.answers_every_s),
        f"{facts.parameters:,}",
        printable(facts.licence_short),
        where,
    )


def print_card(console: Console, entry: Entry, digest: str) -> None:
    """Print all that a card says, in the order in which people ask."""
    card, facts = entry.card, entry.facts
    console.print(text(entry.name), style="bold")
    console.print(Padding(text(card.get("task", NOTHING)), (0, 0, 1, 2)))
    if entry.trouble:
        console.print(Padding(text(entry.trouble), (0, 0, 1, 2)), style="yellow")
    _section(console, "intended use", card.get("intended_use"))
    if facts:
        table = _grid()
        for data in facts.data:
            terms = f"{data.licence}{'; no commercial use' if data.non_commercial else ''}"
            table.add_row(text(f"{data.name}, {data.clips:,} clips"), text(terms))
        _section(console, "learned from", table)
    else:
        _section(console, "learned from", card.get("trained_on"))
    _section(console, "licence", card.get("licence"))
    figures = card.get("figures")
    if isinstance(figures, dict):
        _section(console, "how right it is", _figures(cast("dict[str, Any]", figures)))
    limits = card.get("limits")
    if isinstance(limits, list):
        listed = _grid()
        for limit in cast("list[object]", limits):
            listed.add_row("·", text(limit))
        _section(console, "limits", listed)
    else:
        _section(console, "limits", limits)
    _section(console, "facts", _facts(entry, digest))


def interval(seconds: float) -> str:
    """How often a model answers: milliseconds under one second."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1.0 else f"{seconds:g} s"


def _facts(entry: Entry, digest: str) -> Table:
    """Where it lies, what runs it, what it cost."""
    table = _grid()
    table.add_row("files", text(entry.folder / f"{entry.name}.npz"))
    table.add_row("digest", text(digest))
    table.add_row("kind", text(entry.kind))
    table.add_row("run by", text(entry.module))
    if entry.facts:
        cost = entry.facts.training
        table.add_row("answers every", text(interval(entry.facts.answers_every_s)))
        table.add_row("numbers stored", text(f"{entry.facts.parameters:,}"))
        table.add_row(
            "training",
            text(
                f"{cost.seconds / 60:.1f} min on {cost.hardware}; about {cost.energy_kwh:g} kWh, "
                f"{cost.carbon_kg:g} kg CO2"
            ),
        )
    return table


def _figures(figures: dict[str, Any]) -> Table:
    """Every figure of a card, whatever its shape: a value, values by name, or a matrix."""
    table = _grid()
    for name, value in figures.items():
        if isinstance(value, dict):
            table.add_row(text(name), _figures(cast("dict[str, Any]", value)))
        elif isinstance(value, list):
            inner = _grid()
            for row in cast("list[object]", value):
                cells = cast("list[object]", row) if isinstance(row, list) else [row]
                inner.add_row(*(text(cell) for cell in cells))
            table.add_row(text(name), inner)
        else:
            table.add_row(text(name), text(value))
    return table


def _grid() -> Table:
    return Table.grid(padding=(0, 2))


def _section(console: Console, title: str, content: object) -> None:
    """A heading and what belongs under it; nothing where there is nothing to say."""
    if content is None:
        return
    console.print(f"[dim]{title}[/dim]")
    shown = content if isinstance(content, Table) else text(content)
    console.print(Padding(shown, (0, 0, 1, 2)))
