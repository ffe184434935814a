"""The house style of tables: no frame, a quiet head, numbers to the right."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table


def build_table(*columns: str) -> Table:
    """Build an empty table; a column named ``>x`` is aligned to the right."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for column in columns:
        right = column.startswith(">")
        table.add_column(column.lstrip(">"), justify="right" if right else "left")
    return table


def give_way(table: Table, column: int) -> None:
    """Let a column of long texts have what room the others leave; what does not fit ends in "…"."""
    table.expand = True
    table.columns[column].ratio = 1
    for each in table.columns:
        each.no_wrap = True
