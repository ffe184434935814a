"""Presets for people's eyes: the list of them, and one explained.

Conventions
-----------
Texts of presets come from files that anyone may have written: `printable` is put around them, and
rich's markup is off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.padding import Padding
from rich.text import Text

from oscbridge.hosts.explanation import where_it_listens
from oscbridge.readable import printable
from presets.schema import InboundPreset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from oscbridge.hosts.explanation import Section
    from presets.files import AnyPreset

_HOW = {"told": "oscbridge run --preset NAME", "heard": "oscbridge run --hear NAME"}


class Row(NamedTuple):
    """One preset of the list: what was read, or why it could not be; whose it is."""

    name: str
    preset: AnyPreset | None
    trouble: str
    own: bool


def direction(preset: AnyPreset) -> str:
    """Whether a preset is told or heard."""
    return "heard" if isinstance(preset, InboundPreset) else "told"


def print_list(console: Console, rows: Sequence[Row]) -> None:
    """Print two lines a preset, told ones first: where and who it is, with what it was tried."""
    width = max(len(row.name) for row in rows) + 2
    for word in ("told", "heard"):
        console.print(Text(f"{word} ({_HOW[word]})"), style="dim")
        for name, preset, _, own in rows:
            if preset is not None and direction(preset) == word:
                mine = ", yours" if own else ""
                line = f"{name:{width}}{where_it_listens(preset):17}{preset.title}{mine}"
                console.print(Text(printable(line)), soft_wrap=True)
                below = Padding(Text(printable(preset.tested_with)), (0, 0, 0, width), expand=False)
                console.print(below, style="dim")
        console.print()
    for row in rows:
        if row.trouble:
            console.print(Text(printable(row.trouble)), style="yellow")


def print_sections(console: Console, title: str, sections: Sequence[Section]) -> None:
    """Print one preset explained."""
    console.print(Text(printable(title)), style="bold")
    for heading, lines in sections:
        console.print()
        console.print(Text(heading), style="dim")
        for line in lines:
            inner = line.removeprefix("  ")
            indent = 2 if inner == line else 4
            console.print(Padding(Text(printable(inner)), (0, 0, 0, indent), expand=False))
