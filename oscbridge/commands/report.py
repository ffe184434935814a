"""``oscbridge report``: what a recorded session was, as one page."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_int
from oscbridge.errors import MissingExtraError, SettingsError

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Draw a session that 'oscbridge run --record FILE' has kept: what the player felt, what was asked
for, what was played, what became of each request and why; the heart's coefficients of Jiang et al.
(2023); and a comparison within the session, with its interval and without any claim about causes.
One HTML page that needs nothing else, in light and dark."""

EXAMPLES = """\
examples:
  oscbridge run --strategy iso --record evening.jsonl    keep a session
  oscbridge report evening.jsonl                         writes evening.html
  oscbridge report evening.jsonl --to page.html --force
  oscbridge report evening.jsonl --session 2             a file may hold several sessions

See also: oscbridge replay"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge report``."""
    parser.add_argument("record", type=Path, metavar="SESSION", help="a file of run --record")
    parser.add_argument(
        "--session", type=positive_int, metavar="N", help="which session of it (default: last)"
    )
    parser.add_argument(
        "--to", type=Path, metavar="OUT.html", help="where to write (default: SESSION.html)"
    )
    parser.add_argument("--force", action="store_true", help="replace the page if there is one")


def run(args: argparse.Namespace) -> int:
    """Write the report; return 0.

    Raises
    ------
    InputError
        The file is no record, or newer than this oscbridge.
    SettingsError
        The page cannot be written, exists, or would replace the record.
    MissingExtraError
        matplotlib is not installed.
    """
    from oscbridge.recorded.reader import choose_session

    passage = choose_session(args.record, args.session)
    path = args.to or args.record.with_suffix(".html")
    if path.exists() and path.samefile(args.record):
        raise SettingsError(f"{str(path)!r} is the record itself: name another file with --to.")
    if path.exists() and not args.force:
        raise SettingsError(f"{str(path)!r} exists: add --force to replace it, or give --to.")
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("the report", "matplotlib", "plot")
    from oscbridge.report.course import read_course
    from oscbridge.report.page import build_page

    page = build_page(read_course(passage), args.record.name)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be written: {error.strerror}.") from None
    print(f"wrote {path}")
    return 0
