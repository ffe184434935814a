"""The house style of tables: no frame, a quiet head, numbers to the right."""

from __future__ import annotations

import os

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

LEAST_TEXT = 12
"""Cells of the screen that a column of long texts has at least."""
_BOUNDLESS = 1 << 16


def build_table(*columns: str) -> Table:
    """Build an empty table; a column named ``>x`` is aligned to the right."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.lstrip(">"), justify="right" if right else "left")
    return table


def print_giving_way(table: Table, column: int, console: Console | None = None) -> None:
    """Print a table in which a column of long texts has what room the others leave.

    A text that does not fit is folded, numbers are never cut off: on a terminal that is too narrow
    for them, the terminal breaks the lines. In a pipe each row is one line.
    """
    console = console or Console(highlight=False, markup=False, emoji=False)
    for each in table.columns:
        each.no_wrap = True
    texts = table.columns[column]
    texts.no_wrap, texts.overflow = False, "fold"
    boundless = console.options.update(width=_BOUNDLESS)
    whole = Measurement.get(console, boundless, table).maximum
    longest = max((cell_len(str(cell)) for cell in texts.cells), default=0)
    limited = console.is_terminal or "COLUMNS" in os.environ
    least = whole - max(0, longest - LEAST_TEXT) if limited else whole
    console.width = max(console.width, least)
    console.print(table)
