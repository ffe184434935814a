"""``oscbridge library tag``: mood and energy in the tags of the files, and back again."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import add_choice, chosen, words_of
from oscbridge.commands.library.listing import limits_of
from oscbridge.errors import MissingExtraError, SettingsError
from oscbridge.readable import printable
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from oscbridge.library.far.progress import Bar
    from oscbridge.library.store import Library
    from oscbridge.library.tagging.backup import Backups
    from oscbridge.library.tagging.changes import Change

DESCRIPTION = """\
Write what the library knows into the files: the quadrant's word as mood, the energy from 1 to 10.
Without --write nothing is changed, and the table shows what would be. What others wrote there is
theirs and stays, unless --replace. Only these two fields are written: cue points, beat grids and
all else that DJ software keeps in a file stays byte for byte."""

EXAMPLES = """\
examples:
  oscbridge library tag                        what would be written
  oscbridge library tag --write                write it; each file is replaced whole or not at all
  oscbridge library tag --find daft punk       the tracks that are called so
  oscbridge library tag --genre house --only energy
  oscbridge library tag --sure 0.5 1           only where the quadrant is rather right than wrong
  oscbridge library tag --undo                 what would be taken back of what was written last
  oscbridge library tag --undo --write         take it back, byte for byte

          mood                           energy
  ID3     TMOO                           TXXX:EnergyLevel     (MP3, AIFF, WAV)
  Vorbis  MOOD                           ENERGYLEVEL          (FLAC, Ogg, Opus)
  MP4     com.apple.iTunes MOOD          com.apple.iTunes energylevel

Close DJ software first, and let it read the tags again afterwards. Backups lie beside the library.
Exit status 1: some files could not be written; they are what they were."""

CALLED = {"quadrant": "mood", "energy": "energy"}
"""The fields as tags and people call them."""
MOST_ROWS = 1000
"""A longer table takes longer to lay out than to read."""

Row = tuple[str, str, str, str]
"""Track, field, what it says, what it will say."""


@dataclass(slots=True)
class Count:
    """How many files are what.

    Attributes
    ----------
    wanted, right, kept, failed : int
        To be written, as they are to be, somebody else's in part, and not to be written.
    """

    wanted: int = 0
    right: int = 0
    kept: int = 0
    failed: int = 0

    def add(self, change: Change, trouble: str) -> None:
        """Count a file."""
        if trouble:
            self.failed += 1
            return
        self.wanted += bool(change.wanted)
        self.kept += bool(change.kept)
        self.right += not change.wanted and not change.kept

    def sentence(self, done: str) -> str:
        """Say it; ``done`` is what becomes of those that are wanted."""
        parts = [f"{done}: {self.wanted}", f"as they should be: {self.right}"]
        if self.kept:
            parts.append(f"with what others wrote (--replace): {self.kept}")
        if self.failed:
            parts.append(f"cannot be written: {self.failed}")
        return "files " + "; ".join(parts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library tag``."""
    add_choice(parser)
    parser.add_argument("--write", action="store_true", help="do it, instead of showing it")
    parser.add_argument(
        "--only", choices=sorted(CALLED.values()), help="one of the two fields (default: both)"
    )
    parser.add_argument(
        "--replace", action="store_true", help="also replace what others wrote into these fields"
    )
    parser.add_argument(
        "--keep-mtime",
        action="store_true",
        help="files keep their time of change (backup programs will not notice)",
    )
    parser.add_argument(
        "--undo", action="store_true", help="take back what was written last and not taken back yet"
    )


def run(args: argparse.Namespace) -> int:
    """Show, write or take back tags; return the exit status.

    Raises
    ------
    SettingsError
        ``--undo`` with a choice of tracks.
    OscbridgeError
        The library, its backups or the profile cannot be used, or mutagen is missing.
    """
    from oscbridge.library.limits import ALL
    from oscbridge.library.place import opened
    from oscbridge.library.tagging.backup import Backups, path_beside

    _require_mutagen()
    if args.undo and (args.find or args.only or args.replace or limits_of(args) != ALL):
        raise SettingsError("--undo takes back all that was written last, nothing less or more.")
    with contextlib.ExitStack() as stack:
        library = stack.enter_context(opened(args.library, writable=args.write, made=False))
        beside = path_beside(library.path)
        backups = stack.enter_context(Backups(beside)) if args.write or beside.exists() else None
        if args.undo:
            return _take_back(args, library, backups)
        return _write(args, library, backups)


def _write(args: argparse.Namespace, library: Library, backups: Backups | None) -> int:
    """Show what would be written, and write it where that is asked for."""
    from oscbridge.library.far.progress import Bar
    from oscbridge.library.tagging.tagger import Tagger
    from oscbridge.library.tagging.writing import TagError

    tagger = None
    if backups and args.write:
        tagger = Tagger(library, backups, keep_mtime=args.keep_mtime)
    rows: list[Row] = []
    count = Count()
    with Bar() as bar:
        for change in _changes(args, library, backups, bar):
            trouble = change.trouble
            if change.wanted and tagger:
                try:
                    tagger.write(change)
                except TagError as error:
                    trouble = str(error)
            count.add(change, trouble)
            if trouble:
                tell(f"{printable(change.path)}: {trouble}")
            else:
                rows += _rows(change)
    _print(rows, "written" if args.write else "would be")
    print(count.sentence("changed" if args.write else "to change"))
    if count.wanted and not args.write:
        print("nothing was written: --write does it")
    return int(args.write and count.failed > 0)


def _changes(
    args: argparse.Namespace, library: Library, backups: Backups | None, bar: Bar
) -> Iterator[Change]:
    """See what is to be done to the files that are meant, one after the other."""
    from oscbridge.library.tagging.changes import change_of, heard

    words = words_of(args.profile)
    digests = [track.digest for track in chosen(library, args)]
    for done, digest in enumerate(digests):
        bar.show("tags", done, len(digests))
        track = library.track(digest)
        if track is None:
            continue
        says = heard(track, words)
        if args.only:
            says = {field: text for field, text in says.items() if CALLED[field] == args.only}
        for path in library.paths(digest):
            written = backups.written(path) if backups else {}
            yield change_of(track, path, says, written, replace=args.replace)


def _rows(change: Change) -> Iterator[Row]:
    """What happens to each field of a file."""
    for field, called in CALLED.items():
        now = change.says.get(field, "") or "-"
        if field in change.wanted:
            yield (change.called, called, now, change.wanted[field])
        elif field in change.kept:
            yield (change.called, called, now, f"stays (not {change.kept[field]})")


def _print(rows: Sequence[Row], last: str) -> None:
    """Print rows: a table for people, lines with tabs for programs and where there are many."""
    from oscbridge.terminal.tables import build_table, print_giving_way

    head = ("track", "tag", "now", last)
    if not rows:
        return
    if len(rows) > MOST_ROWS or not sys.stdout.isatty():
        for row in (head, *rows):
            print("\t".join(map(printable, row)))
        return
    table = build_table(*head)
    for row in rows:
        table.add_row(*map(printable, row))
    print_giving_way(table, 0)


def _take_back(args: argparse.Namespace, library: Library, backups: Backups | None) -> int:
    """Show what would be taken back, and take it back where that is asked for."""
    from oscbridge.library.far.progress import Bar
    from oscbridge.library.tagging.tagger import Tagger
    from oscbridge.library.tagging.writing import TagError

    runs = backups.runs() if backups else []
    if not backups or not runs:
        print("nothing was written that could be taken back")
        return 0
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(runs[0].began_s))
    writes = backups.writes(runs[0].number)
    if not args.write:
        for write in writes:
            print(printable(write.path))
        print(f"files written {began}: {len(writes)}")
        print("nothing was taken back: --write does it")
        return 0
    tagger, failed, told = Tagger(library, backups), 0, list[str]()
    with Bar() as bar:
        for done, write in enumerate(writes):
            bar.show("tags", done, len(writes))
            try:
                how = tagger.take_back(write)
            except TagError as error:
                failed += 1
                tell(f"{printable(write.path)}: {error}")
            else:
                told.append(f"{printable(write.path)}: {how}")
    for line in told:
        print(line)
    print(f"files taken back: {len(writes) - failed} of {len(writes)}, written {began}")
    return int(failed > 0)


def _require_mutagen() -> None:
    if find_spec("mutagen") is None:
        raise MissingExtraError("writing tags", "mutagen", "library")
