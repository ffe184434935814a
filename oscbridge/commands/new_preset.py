"""``oscbridge presets new``: a preset of one's own, from options or from questions.

Conventions
-----------
The file says only what differs from the preset that it is like, so that it stays short and profits
when that one is mended. Questions are asked where the name is missing and somebody sits at the
terminal; an empty answer keeps what stands in brackets.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from oscbridge.errors import SettingsError, unknown_name
from oscbridge.mapping import load_any
from presets import files
from presets.reading import ReadingError
from presets.schema import Preset

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

    from presets.schema import Scalar, Sheet

NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")

DESCRIPTION = """\
Make a preset of your own that is like another one, but for what you pick: which track, which scene
for which quadrant, which port. Without a name it asks, step by step."""

EXAMPLES = """\
examples:
  oscbridge presets new my-set --like ableton-osc --pick track=2 --pick scene.1=Drop
  oscbridge presets new studio --like reaper --to 192.168.0.20:8000
  oscbridge presets new

'oscbridge presets --explain NAME' lists under "what you pick" what there is to pick."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge presets new``."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="name of the new preset")
    parser.add_argument("--like", metavar="PRESET", help="the preset that it is like")
    parser.add_argument(
        "--pick",
        action="append",
        metavar="KEY=VALUE",
        help="something to pick; KEY.QUADRANT=VALUE for one of a table (repeat it)",
    )
    parser.add_argument("--to", metavar="HOST:PORT", help="where the host listens")
    parser.add_argument("--title", metavar="TEXT", help="what it is for, in your words")
    parser.add_argument("--force", action="store_true", help="replace a preset of yours")


def run(args: argparse.Namespace) -> int:
    """Write the file, check it, say how to use it.

    Raises
    ------
    SettingsError
        A name that cannot be one, an unknown preset or pick, or a preset that is there already.
    """
    asking = args.name is None
    if asking and not sys.stdin.isatty():
        raise SettingsError("give the new preset a name:  oscbridge presets new NAME --like PRESET")
    name = args.name or _ask("name of the new preset", "my-preset")
    if not NAME.match(name):
        raise SettingsError(
            f"{name!r} is no name for a preset: small letters, digits, dots, dashes, e.g. my-set"
        )
    like = args.like or (_ask("the program that it is for", "default") if asking else "default")
    if like not in files.paths():
        raise unknown_name("preset", like, list(files.paths()))
    base = load_any(like)
    picks = _picks_of(args.pick or [], base)
    to = args.to
    if asking:
        picks |= _asked_picks(base)
        to = _asked_target(base)
    folder = files.own_folder()
    path = folder / f"{name}.toml"
    if path.exists() and not args.force:
        raise SettingsError(f"{path} is there already: choose another name, or give --force")
    title = args.title or f"{base.title}, mine"
    _write(path, render(like, title, picks, _target(to, base)))
    kind = "--preset" if isinstance(base, Preset) else "--hear"
    print(f"wrote {path}")
    print(f"use it:  oscbridge run {kind} {name}    see it:  oscbridge presets --explain {name}")
    return 0


def render(
    like: str, title: str, picks: Mapping[str, Scalar | dict[str, Scalar]], target: dict[str, Any]
) -> str:
    """Text of the file."""
    lines = [f"like = {_literal(like)}", f"title = {_literal(title)}", 'tested_with = "not yet"']
    if target:
        lines += ["", "[target]", *(f"{key} = {_literal(value)}" for key, value in target.items())]
    single = {key: value for key, value in picks.items() if not isinstance(value, dict)}
    if single:
        lines += ["", "[pick]", *(f"{key} = {_literal(value)}" for key, value in single.items())]
    for key, table in picks.items():
        if isinstance(table, dict):
            lines += ["", f"[pick.{key}]"]
            lines += [f"{entry} = {_literal(value)}" for entry, value in table.items()]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    """Write and check the file; one that is wrong is not left behind."""
    from oscbridge.commands.presets import check_preset

    before = path.read_bytes() if path.exists() else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}") from None
    try:
        check_preset(files.read(path))
    except (ReadingError, SettingsError) as error:
        path.unlink()
        if before is not None:
            path.write_bytes(before)
        raise SettingsError(str(error)) from None


def _target(to: str | None, base: Sheet) -> dict[str, Any]:
    if to is None:
        return {}
    if not isinstance(base, Preset):
        raise SettingsError("--to is for programs that are told something; this one is heard")
    from oscbridge.outputs.osc import parse_target

    host, port = parse_target(to, base.target.port)
    return {"host": host, "port": port}


def _picks_of(texts: list[str], base: Sheet) -> dict[str, Scalar | dict[str, Scalar]]:
    """What ``--pick`` says.

    Raises
    ------
    SettingsError
        There is no such pick, or it is not said as ``KEY=VALUE``.
    """
    picks: dict[str, Any] = {}
    known = [*base.ask, *(name for name in base.pick if name not in base.ask)]
    for text in texts:
        key, equals, value = text.partition("=")
        name, dot, entry = key.partition(".")
        if not equals or not name or (dot and not entry):
            raise SettingsError(f"--pick {text!r} is not KEY=VALUE, as in track=2 or scene.1=Drop")
        if name not in known:
            raise unknown_name("pick", name, known)
        if dot:
            picks.setdefault(name, {})[entry] = _value(value)
        elif isinstance(base.pick.get(name), dict):
            raise SettingsError(f"--pick {text!r}: say for which quadrant, as in {name}.1={value}")
        else:
            picks[name] = _value(value)
    return picks


def _asked_picks(base: Sheet) -> dict[str, Any]:
    picks: dict[str, Any] = {}
    for name, meaning in base.ask.items():
        default = base.pick.get(name, "")
        print(f"\n{name}: {meaning}", file=sys.stderr)
        if isinstance(default, dict):
            for quadrant in "1234":
                kept = str(default.get(quadrant, ""))
                answer = _ask(f"  quadrant {quadrant}", kept)
                if answer != kept:
                    picks.setdefault(name, {})[quadrant] = _value(answer)
        else:
            answer = _ask(f"  {name}", str(default))
            if answer != str(default):
                picks[name] = _value(answer)
    return picks


def _asked_target(base: Sheet) -> str | None:
    if not isinstance(base, Preset):
        return None
    kept = f"{base.target.host}:{base.target.port}"
    answer = _ask("\nwhere it listens, HOST:PORT", kept)
    return None if answer == kept else answer


def _ask(question: str, kept: str) -> str:
    """Ask on standard error; an empty answer, or none at all, keeps what is there."""
    print(f"{question} [{kept}]: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() or kept


def _value(text: str) -> Scalar:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _literal(value: object) -> str:
    # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")
