"""``oscbridge affect text``: what lines of text say about how their writers feel.

Conventions
-----------
One JSON object for each line, also for an empty one, in the order of the lines: to a pipe or a file
always, to a terminal where ``--json`` is given; else a table. Lines of standard input are answered
one by one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oscbridge.errors import InputError, OscbridgeError, SettingsError
from oscbridge.readable import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from models.text import TextModel

DESCRIPTION = """\
Say what lines of text tell of how their writers feel: valence (unpleasant to pleasant), arousal
(calm to excited) and dominance (overwhelmed to in control), each in -1..1 with 0 for neutral, and
the confidence that the side of the valence is right (0.5: a guess, 0: nothing to read). It knows
English as it is written in books, posts and chats, emoji and emotes; of other languages it says so,
and reads the emoji, emoticons and punctuation only. Nothing is kept or sent."""

EXAMPLES = """\
examples:
  oscbridge affect text "I love this place"              quote a line, or each word is one
  oscbridge affect text "gg ez" "NOOOO why :(" --json
  oscbridge affect text --file chat.txt > chat.jsonl     as many lines out as in
  tail -f chat.txt | oscbridge affect text               line by line as they come

Live:  oscbridge run, then send lines by OSC, or follow a file with [sensors.text] follow = "…\""""

STDIN = "-"
DECIMALS = 3
COLUMNS = (">valence", ">arousal", ">dominance", ">confidence", "language", "line")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge affect text``."""
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="lines (default: standard input)")
    parser.add_argument(
        "--file", metavar="LINES", help="a text file, one line each; - is standard input"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Read the lines; return 0.

    Raises
    ------
    SettingsError
        Lines are given twice.
    InputError
        The file cannot be read, or there is no standard input.
    OscbridgeError
        The model's files are damaged.
    """
    from models import text
    from models.weights import WeightsError

    if args.texts and args.file:
        raise SettingsError("give lines as arguments or as a file, not both.")
    lines = _lines(args.texts, args.file)
    try:
        model = text.load()
    except WeightsError as error:
        raise OscbridgeError(str(error)) from None
    rows = (_row(model, line) for line in lines)
    if args.json or not sys.stdout.isatty():
        for row in rows:
            print(json.dumps(row, ensure_ascii=False), flush=True)
    elif args.texts or args.file not in (None, STDIN):
        _print_table(rows)
    else:
        _print_as_they_come(rows)
    return 0


def _lines(texts: list[str], file: str | None) -> Iterable[str]:
    """Lines without their ends; those of standard input as they come."""
    if texts:
        return [os.fsencode(text).decode("utf-8", "replace") for text in texts]
    if file in (None, STDIN):
        if sys.stdin is None:
            raise InputError("there is no standard input to read lines from.")
        return (line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer)
    try:
        data = Path(str(file)).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.") from None
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if wide else "utf-8-sig", "replace").removesuffix("\n")
    return [line.removesuffix("\r") for line in text.split("\n")] if data else []


def _row(model: TextModel, line: str) -> dict[str, Any]:
    said = model.read(line)
    return {
        "text": line,
        "valence": round(said.valence, DECIMALS),
        "arousal": round(said.arousal, DECIMALS),
        "dominance": round(said.dominance, DECIMALS),
        "confidence": round(said.confidence, DECIMALS),
        "language": said.language,
    }


def _cells(row: dict[str, Any]) -> list[str]:
    """What a row shows, in the order of `COLUMNS`."""
    numbers = [f"{row[name]:+.2f}" for name in ("valence", "arousal", "dominance")]
    return [*numbers, f"{row['confidence']:.2f}", row["language"], printable(row["text"])]


def _print_table(rows: Iterator[dict[str, Any]]) -> None:
    from oscbridge.terminal.tables import build_table, print_giving_way

    table = build_table(*COLUMNS)
    for row in rows:
        table.add_row(*_cells(row))
    print_giving_way(table, len(COLUMNS) - 1)


def _print_as_they_come(rows: Iterator[dict[str, Any]]) -> None:
    """The same without waiting for the last row: a chat that is followed has none."""
    names = [column.removeprefix(">") for column in COLUMNS]
    shape = "  ".join(
        f"{{:{'>' if column.startswith('>') else '<'}{len(name)}}}"
        for column, name in zip(COLUMNS, names, strict=True)
    )
    print(shape.format(*names))
    for row in rows:
        print(shape.format(*_cells(row)).rstrip(), flush=True)
