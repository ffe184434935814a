"""``oscbridge library evaluate``: how right oscbridge is on music that its user has labelled."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import words_of
from oscbridge.errors import InputError, SettingsError
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from models.labelled.files import Bad, Labelled
    from oscbridge.labels import Labels
    from oscbridge.library.evaluation.verdict import Answer
    from oscbridge.library.store import Library

MOST_TOLD = 20
"""Files that are left out are told one by one up to here."""
SETS = ("quadrants", "s1", "s4", "gems")
"""Whose words are understood unless others are named."""

DESCRIPTION = """\
Say how right oscbridge is on music that you have labelled: by the figures by which its own models
are judged, each with its 95 % interval, beside what always saying your most frequent quadrant would
reach. Labels are a table, or folders named by quadrant (happy, tense, sad, relaxed; Q1 to Q4)."""

EXAMPLES = """\
examples:
  oscbridge library evaluate music                       music/labels.csv, or music/happy/…
  oscbridge library evaluate music --labels ratings.csv --scale 1 9
  oscbridge library evaluate music --words mine.toml     your own words (oscbridge labels export)
  oscbridge library evaluate music --json > verdict.json

a table has a head line; its columns are
  file              a path from the folder, or a file's name with or without its ending
  quadrant          1 to 4, or a word; or instead, or beside it:
  valence, arousal  numbers on the scale
  artist            (or group) what belongs together: intervals count artists, not files

What the library knows is taken from there, the rest is listened to now and not kept: with
'oscbridge library add music' before, it goes on all cores and only once.
See also: oscbridge models train, which learns from the same labels"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library evaluate``."""
    from oscbridge.profiles.settings import DEFAULT

    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the music lies")
    parser.add_argument(
        "--labels", type=Path, metavar="CSV", help="the table (default: FOLDER/labels.csv)"
    )
    parser.add_argument(
        "--scale",
        type=float,
        nargs=2,
        default=(-1.0, 1.0),
        metavar=("LOW", "HIGH"),
        help="of valence and arousal in the table (default -1 1)",
    )
    parser.add_argument(
        "--words",
        metavar="SET",
        action="append",
        help=f"sets of labels or files (*.toml) whose words it uses (default {', '.join(SETS)})",
    )
    parser.add_argument(
        "--profile", metavar="NAME", default=DEFAULT, help="whose words for the quadrants"
    )
    parser.add_argument("--model", metavar="NAME", default="music", help="(default music)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Judge; return 0.

    Raises
    ------
    InputError
        The labels cannot be read, or nothing that they name can be heard.
    SettingsError
        The model, the profile or a set of labels is unknown, or the scale is none.
    LibraryError
        The library cannot be read.
    """
    from oscbridge.library.evaluation.verdict import judge

    words = words_of(args.profile)
    files, bad = _labelled(args, words)
    answers, unheard = _heard(args, files)
    _tell_bad([*bad, *unheard])
    if not answers:
        hint = " Is the scale another one (--scale 1 9)?" if _off_scale(bad) else ""
        raise InputError(f"nothing that labels {str(args.folder)!r} can be judged.{hint}")
    verdict = judge(answers)
    model = answers[0].track.sound.model
    if args.json:
        left_out = [{"file": one.name, "reason": one.reason} for one in (*bad, *unheard)]
        record = {"heard_by": model, **verdict.record(), "left_out": left_out}
        json.dump(record, sys.stdout, indent=1, ensure_ascii=False)
        print()
        return 0
    from oscbridge.library.evaluation.report import Report

    Report(sys.stdout, words).print(verdict, model)
    return 0


def _labelled(args: argparse.Namespace, words: Labels) -> tuple[list[Labelled], list[Bad]]:
    """The files with their labels, and those of which something is wrong."""
    from models.labelled.files import FolderError
    from models.labelled.folder import read_folder
    from models.labelled.table import Meaning
    from oscbridge.library.evaluation.words import reader_of

    low, high = args.scale
    if not low < high:
        raise SettingsError(f"--scale {low:g} {high:g}: the first has to be the smaller one.")
    meaning = Meaning((low, high), reader_of(args.words or SETS, words), neutral=True)
    try:
        return read_folder(args.folder, args.labels, meaning)
    except FolderError as error:
        raise InputError(f"{error}.") from None


def _heard(args: argparse.Namespace, files: Sequence[Labelled]) -> tuple[list[Answer], list[Bad]]:
    """What is heard of the files."""
    from models.labelled.files import Bad
    from oscbridge.config import Config
    from oscbridge.library.evaluation.hearing import hear
    from oscbridge.library.evaluation.verdict import Answer
    from oscbridge.offline.progress import progress_bar
    from oscbridge.warmup import prepare_kernels

    answers: list[Answer] = []
    unheard: list[Bad] = []
    if files:
        prepare_kernels(Config())
    library = _library(args.library)
    try:
        with progress_bar(str(args.folder), shown=True) as tick:
            count = float(len(files))
            for heard in hear(files, library, args.model, lambda done: tick(done, count)):
                if isinstance(heard, Bad):
                    unheard.append(heard)
                else:
                    answers.append(Answer(*heard))
    finally:
        if library is not None:
            library.close()
    return answers, unheard


def _library(file: str | None) -> Library | None:
    """The library, if there is one; one that is named has to be there."""
    from oscbridge.library.place import default_path, opened

    return opened(file) if file or default_path().exists() else None


def _off_scale(bad: Sequence[Bad]) -> bool:
    return any("is outside" in one.reason for one in bad)


def _tell_bad(bad: Sequence[Bad]) -> None:
    for one in bad[:MOST_TOLD]:
        tell(f"left out: {one.name}: {one.reason}")
    if len(bad) > MOST_TOLD:
        tell(f"and {len(bad) - MOST_TOLD:,} more are left out")
