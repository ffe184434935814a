"""``oscbridge library verify``: is the library whole, and do the files still say what it says?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.standard_streams import complain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from oscbridge.library.store import Library

DESCRIPTION = """\
Check the library's file for damage, and whether the music is still where it was and as it was. A
library of an older version is brought to this one."""

EXAMPLES = """\
examples:
  oscbridge library verify
  oscbridge library verify --content       read all files again, compare every byte

Missing files: oscbridge library rm --missing. Changed ones: oscbridge library add FOLDER.
Exit status 0: all is well; 1: files are missing or have changed; 2: the library is damaged. Then
keep the file, and make a new one with --library and add."""

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library verify``."""
    parser.add_argument("--content", action="store_true", help="compare what is in the files")


def run(args: argparse.Namespace) -> int:
    """Check; return 0, 1 where files have changed, 2 where the library is damaged.

    Raises
    ------
    LibraryError
        It cannot be opened at all.
    """
    from oscbridge.library.place import default_path, opened

    path = Path(args.library) if args.library else default_path()
    with opened(args.library, writable=path.exists() and os.access(path, os.W_OK)) as library:
        if faults := library.verify():
            for fault in faults:
                complain(fault)
            return 2
        count = library.stats().files
        changed = list(_changed(library, content=args.content))
    for sentence in changed[:_SHOWN]:
        complain(sentence)
    if len(changed) > _SHOWN:
        complain(f"and {len(changed) - _SHOWN:,} more")
    print(f"the library is whole; {count - len(changed):,} of {count:,} files are as they were")
    return int(bool(changed))


def _changed(library: Library, *, content: bool) -> Iterator[str]:
    """Yield a sentence for each file that is not as it was."""
    from oscbridge.library.content import digest_of
    from oscbridge.library.rows import UNSEEN
    from oscbridge.readable import printable

    for file in library.seen_files():
        if "://" in file.path:
            continue
        name = printable(file.path)
        try:
            status = os.stat(file.path)
            if content:
                with Path(file.path).open("rb") as stream:
                    same = digest_of(stream) == file.digest
            else:
                same = UNSEEN in (file.size, file.mtime_ns) or (
                    (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
                )
        except FileNotFoundError:
            yield f"{name}: is not there"
        except OSError as error:
            yield f"{name}: cannot be read: {error.strerror}"
        else:
            if not same:
                yield f"{name}: has changed"
