"""Tables of tracks, however narrow the screen: nothing that matters is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from oscbridge.terminal.tables import build_table, print_giving_way

if TYPE_CHECKING:
    from rich.table import Table

NAMES = ("Sample & Hold - Paper Kites", "Sample & Hold - Slow River :heart:", "x" * 60)
NUMBERS = ("+0.79", "-0.61", "-12.5%")


@pytest.fixture
def table() -> Table:
    built = build_table("track", *(f">number {column}" for column in range(6)))
    for name, number in zip(NAMES, NUMBERS, strict=True):
        built.add_row(name, *[number] * 6)
    return built


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_neither_names_nor_numbers_are_cut_off_however_narrow_the_screen(
    table: Table,
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    print_giving_way(table, 0)

    said = capsys.readouterr().out
    assert "…" not in said
    assert [said.count(number) for number in NUMBERS] == [6, 6, 6]
    folded = "".join(line.split("  ")[0] for line in said.splitlines()).replace(" ", "")
    assert all(name.replace(" ", "") in folded for name in NAMES)


def test_in_a_pipe_each_row_is_one_line(
    table: Table, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)

    print_giving_way(table, 0)

    lines = capsys.readouterr().out.splitlines()
    assert all(sum(name in line for line in lines) == 1 for name in NAMES)
