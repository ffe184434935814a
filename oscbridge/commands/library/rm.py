"""``oscbridge library rm``: forget tracks; their files stay as they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from oscbridge.errors import LibraryError, SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from oscbridge.library.store import Library

DESCRIPTION = """\
Forget files and folders, and the tracks that lie nowhere else, with all that is kept of them. The
files themselves are not touched."""

EXAMPLES = """\
examples:
  oscbridge library rm ~/Music/Podcasts       a folder and all that is in it
  oscbridge library rm song.flac              a file, whether it is still there or not
  oscbridge library rm --missing              all files that are no longer there
  oscbridge library rm --missing --dry-run    show them only

A disk that is not plugged in is missing, too: look first with --dry-run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library rm``."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="file or folder")
    parser.add_argument("--missing", action="store_true", help="files that are no longer there")
    parser.add_argument("--dry-run", action="store_true", help="say what would be forgotten")


def run(args: argparse.Namespace) -> int:
    """Forget files; return 0.

    Raises
    ------
    SettingsError
        Nothing was named.
    LibraryError
        The library cannot be written, or knows nothing of what was named.
    """
    from oscbridge.library.place import opened
    from oscbridge.readable import printable

    if not args.paths and not args.missing:
        raise SettingsError("rm needs a file, a folder, or --missing.")
    with opened(args.library, writable=not args.dry_run, made=False) as library:
        chosen = sorted(_chosen(library, args.paths, missing=args.missing))
        if args.dry_run:
            for path in chosen:
                print(printable(path))
            print(f"{len(chosen):,} files would be forgotten")
            return 0
        before = library.stats().tracks
        library.forget(chosen)
        gone = before - library.stats().tracks
    print(f"{len(chosen):,} files forgotten, {gone:,} tracks with them")
    return 0


def _chosen(library: Library, named: Iterable[str], *, missing: bool) -> set[str]:
    """Paths of the library that are meant.

    Raises
    ------
    LibraryError
        It knows nothing of one that was named.
    """
    seen = library.seen_files() + library.seen_files(readable=False)
    known = {file.path for file in seen}
    chosen: set[str] = set()
    for name in named:
        path = os.path.abspath(name)
        inside = {place for place in known if place == path or place.startswith(path + os.sep)}
        if not inside:
            raise LibraryError(f"the library knows nothing of {name!r}.")
        chosen |= inside
    if missing:
        chosen |= {place for place in known if "://" not in place and not os.path.exists(place)}
    return chosen
