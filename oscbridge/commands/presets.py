"""``oscbridge presets``: which hosts we speak to, what they are told, and presets of one's own.

Conventions
-----------
Shipped presets and the user's own are one list (`presets.files`); a user's preset of the same name
wins. Results go to standard output, questions and complaints to standard error.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

import msgspec

from oscbridge.commands import new_preset
from oscbridge.errors import SettingsError
from oscbridge.hosts.explanation import explain, where_it_listens
from oscbridge.inbound.translation import Translation
from oscbridge.mapping import Mapping, load_any
from oscbridge.standard_streams import complain
from oscbridge.terminal.preset_sheet import Row, direction
from presets import files
from presets.reading import ReadingError
from presets.schema import InboundPreset

if TYPE_CHECKING:
    from collections.abc import Callable

DESCRIPTION = """\
List the programs whose words oscbridge speaks or understands, explain what one of them is told when
and what has to be set up there, and make a preset of your own."""

EXAMPLES = """\
examples:
  oscbridge presets                              a table
  oscbridge presets --explain ableton-osc        what Live is told when, and how to set it up
  oscbridge presets new my-set --like ableton-osc --pick track=2 --pick scene.1=Drop
  oscbridge presets new                          the same, asked step by step
  oscbridge presets check my-set.toml            is it right?
  oscbridge run --preset my-set                  speak it
  oscbridge run --hear vmc                       understand somebody

Your presets lie where this system keeps your settings; the environment variable OSCBRIDGE_PRESETS
names another folder. One with the name of a shipped preset takes its place. A preset that is in use
is read again when its file changes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge presets``."""
    parser.add_argument("--explain", metavar="NAME", help="say in words what a preset does")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(act=_list)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    check = actions.add_parser("check", help="check preset files", description=CHECK)
    check.add_argument("files", nargs="+", metavar="FILE", help="a preset's file, or its name")
    check.set_defaults(act=_check)
    new = actions.add_parser(
        "new",
        help="make a preset of your own",
        description=new_preset.DESCRIPTION,
        epilog=new_preset.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    new_preset.add_arguments(new)
    new.set_defaults(act=new_preset.run)
    for action in (check, new):
        action.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )


CHECK = "Check preset files: every key, every address, every value that they name."


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        An unknown preset, or a file that breaks the rules.
    """
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)


def _list(args: argparse.Namespace) -> int:
    if args.explain is not None:
        return _explain(args.explain, as_json=args.json)
    rows = [_row(name) for name in files.paths()]
    if args.json:
        for row in rows:
            print(json.dumps(_as_record(row), ensure_ascii=False))
        return 0
    from rich.console import Console

    from oscbridge.terminal.preset_sheet import print_list

    print_list(Console(highlight=False), rows)
    print("what one does, and how to set it up:  oscbridge presets --explain NAME")
    return 0


def _row(name: str) -> Row:
    path = files.paths()[name]
    try:
        return Row(name, files.read(path), "", files.is_own(path))
    except ReadingError as error:
        return Row(name, None, str(error), files.is_own(path))


def _as_record(row: Row) -> dict[str, object]:
    preset = row.preset
    return {
        "name": row.name,
        "title": preset.title if preset else None,
        "direction": direction(preset) if preset else None,
        "where": where_it_listens(preset) if preset else None,
        "tested_with": preset.tested_with if preset else None,
        "own": row.own,
        "file": str(files.paths()[row.name]),
        "trouble": row.trouble or None,
    }


def _explain(name: str, *, as_json: bool) -> int:
    preset = load_any(name)
    sections = explain(preset)
    if as_json:
        record = msgspec.to_builtins(preset) | {"explained": dict(sections)}
        print(json.dumps(record, ensure_ascii=False))
        return 0
    from rich.console import Console

    from oscbridge.terminal.preset_sheet import print_sections

    print_sections(Console(highlight=False), f"{preset.name}: {preset.title}", sections)
    return 0


def check_preset(preset: files.AnyPreset) -> str:
    """Compile a preset as a run does, and say what it has.

    Raises
    ------
    SettingsError
        It names something that does not exist.
    """
    if isinstance(preset, InboundPreset):
        Translation(preset)
        return f"heard on port {preset.listen.port}, {len(preset.hear)} messages understood"
    Mapping(preset)
    Translation(preset)
    if preset.plain:
        return f"sends all signals to {where_it_listens(preset)}"
    return (
        f"sends to {where_it_listens(preset)}, {len(preset.map)} signals and {len(preset.on)} "
        f"events mapped, {len(preset.readback)} messages read back"
    )


def _check(args: argparse.Namespace) -> int:
    status = 0
    for name in args.files:
        try:
            print(f"ok  {name}: {check_preset(load_any(name))}")
        except SettingsError as error:
            complain(str(error))
            status = 2
    return status
